#pragma once

#include "kangqu/core/ids.hpp"
#include "kangqu/records/change.hpp"
#include "kangqu/records/prepare.hpp"
#include "kangqu/search/index.hpp"
#include "kangqu/search/restriction.hpp"
#include "kangqu/store/store.hpp"

#include "unit.hpp"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::records {

// How often a change is planned anew because its criteria or the text it patches changed before it
// was written; then kBusy.
constexpr int kTries = 8;

// A change made ready for the writer: everything that can be done without it.
struct Planned {
    Change::Kind kind = Change::Kind::kCreate;
    std::string path;
    std::string type;
    std::string id;  // under which it is written
    // What the criteria matched when it was planned; the writer asks again.
    std::string criteria;
    std::string matched;
    Precondition precondition;
    // The version a patch was computed from.
    std::optional<std::int64_t> based_on;
    // Set when there is nothing to write: a creation whose criteria match, a conditional deletion
    // whose criteria do not.
    std::optional<Receipt> settled;
    std::optional<Prepared> prepared;
};

// Plans changes against what a reader sees and the Restriction admits.
class Planner {
public:
    Planner(
        store::Reader& reader,
        const search::Indexer& indexer,
        core::IdSource& ids,
        const search::Restriction& restriction
    )
        : reader_(reader), indexer_(indexer), ids_(ids), restriction_(restriction) {}

    // Which record is meant and under which id it will be.
    core::Result<Planned> Identify(const Change& change);
    // Checks and indexes the content. `resource` is that of the change, or a rewritten one.
    core::Status Fill(const Change& change, core::JsonNode resource, Planned& planned);

private:
    core::Status IdentifyMatch(const Change& change, Planned& planned);
    core::Status IdentifyUpdate(const Change& change, Planned& planned);
    core::Result<Receipt> ReceiptOf(std::string_view type, std::string_view id);
    core::Status FillPatch(const Change& change, Planned& planned);

    store::Reader& reader_;
    const search::Indexer& indexer_;
    core::IdSource& ids_;
    const search::Restriction& restriction_;
};

// Whether the criteria still match what they matched and the patched text still stands.
core::Result<bool>
StillHolds(store::Writer& writer, const search::Restriction& restriction, const Planned& planned);
// On the writer's thread.
core::Result<Receipt> Perform(Unit& unit, const Planned& planned);

// The id of the one live record of `type` that `query` matches among those the Restriction admits;
// empty when none does; kMultipleMatches when several do.
core::Result<std::string> MatchOne(
    store::Reader& reader,
    const search::Restriction& restriction,
    std::string_view type,
    std::string_view query
);

// `error` with `path` as its place when it has none.
core::Error Within(core::Error error, const std::string& path);

}  // namespace kangqu::records
