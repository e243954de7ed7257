#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/records/records.hpp"
#include "kangqu/search/restriction.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::bulk {

// Limits of one export. A file is served whole from memory, so it stays small; a job of more files
// than that is to be narrowed by type or time.
constexpr std::int64_t kMaxFileLines = 50'000;
constexpr std::size_t kMaxFileBytes = std::size_t{32} << 20U;
constexpr std::size_t kMaxFiles = 20'000;
constexpr std::size_t kMaxFilters = 50;
constexpr std::size_t kMaxPatients = 1'000'000;

// What is to be exported.
struct ExportPlan {
    enum class Level : std::uint8_t {
        kSystem,    // every record
        kPatients,  // residents and what belongs to them
        kMembers,   // `patients` and what belongs to them
    } level = Level::kSystem;
    std::vector<std::string> types;  // empty: every type of the level
    // Type and search query: of these types only what one of its queries finds.
    std::vector<std::pair<std::string, std::string>> filters;
    std::vector<std::string> patients;  // ids
    std::optional<core::InstantMs> since;
    // Versions written later are left out.
    core::InstantMs until = 0;
};

struct ExportFile {
    std::string type;
    std::string name;  // Patient.0001.ndjson
    std::int64_t count = 0;
    bool deleted = false;  // Bundles that name records deleted since `since`
};

// How far an export has come: everything before it is in `files`, whole and flushed.
struct ExportState {
    std::size_t step = 0;
    std::string cursor;
    std::vector<ExportFile> files;
    bool done = false;

    std::int64_t Count() const noexcept;
};

// Checks names of types and queries. kFhirUnknownType, or the search's error.
core::Status CheckPlan(const ExportPlan& plan);

// Writes what `restriction` admits into `folder`, from `state` on, until all is written or `stop`
// says so. After every finished file the state is handed to `checkpoint`. Any thread; a folder is
// for one export.
core::Status RunExport(
    records::Records& records,
    const search::Restriction& restriction,
    const ExportPlan& plan,
    const std::string& folder,
    ExportState& state,
    const std::function<core::Status(const ExportState&)>& checkpoint,
    const std::function<bool()>& stop
);

// Both as JSON, for the row of a job.
void WritePlan(core::JsonWriter& writer, const ExportPlan& plan);
ExportPlan ReadPlan(core::JsonNode node);
void WriteState(core::JsonWriter& writer, const ExportState& state);
ExportState ReadState(core::JsonNode node);

}  // namespace kangqu::bulk
