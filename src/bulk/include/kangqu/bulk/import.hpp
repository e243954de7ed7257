#pragma once

#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/records/records.hpp"
#include "kangqu/search/restriction.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace kangqu::bulk {

// Most files of one import, most bytes of one, and most refused lines that are explained; more are
// counted.
constexpr std::size_t kMaxInputs = 1'000;
constexpr std::size_t kMaxInputBytes = std::size_t{512} << 20U;
constexpr std::int64_t kMaxExplained = 10'000;

struct ImportInput {
    std::string type;
    std::string url;
};

struct ImportPlan {
    std::vector<ImportInput> inputs;
};

struct ImportFile {
    std::string type;
    std::string url;
    std::int64_t accepted = 0;
    std::int64_t refused = 0;
};

// How far an import has come. Lines are written under their own ids, so lines repeated after a
// restart change nothing.
struct ImportState {
    std::size_t input = 0;
    std::int64_t line = 0;  // of that input, done
    std::vector<ImportFile> files;
    std::string errors;  // name of the file that explains what was refused; empty: none
    bool done = false;
};

// Brings the whole text behind a URL.
using Fetch = std::function<core::Result<std::string>(const std::string& url)>;

// Reads every input under `restriction`. A refused line is explained in `folder` as an
// OperationOutcome with file and line and does not stop the others; a resource of another type than
// the input says is refused.
core::Status RunImport(
    records::Records& records,
    const search::Restriction& restriction,
    const ImportPlan& plan,
    const Fetch& fetch,
    const std::string& folder,
    ImportState& state,
    const std::function<core::Status(const ImportState&)>& checkpoint,
    const std::function<bool()>& stop
);

void WritePlan(core::JsonWriter& writer, const ImportPlan& plan);
ImportPlan ReadImportPlan(core::JsonNode node);
void WriteState(core::JsonWriter& writer, const ImportState& state);
ImportState ReadImportState(core::JsonNode node);

}  // namespace kangqu::bulk
