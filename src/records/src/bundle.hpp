#pragma once

#include "kangqu/core/ids.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/records/prepare.hpp"
#include "kangqu/records/records.hpp"
#include "kangqu/search/index.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::records {

// One entry of a bundle, made ready for the writer.
struct BundleEntry {
    enum class Kind : std::uint8_t { kCreate, kUpdate, kDelete } kind = Kind::kCreate;
    std::string where;  // Bundle.entry[3]
    std::string type;
    std::string id;
    std::optional<std::int64_t> if_match;
    // Criteria of a conditional create, and what they matched when the bundle was prepared.
    std::string if_none_exist;
    std::string matched;
    std::optional<Prepared> prepared;
};

// A criterion ("Practitioner?identifier=a|b") and the id it matched when the bundle was prepared;
// the writer asks again.
struct Criterion {
    std::string where;
    std::string type;
    std::string query;
    std::string matched;
};

struct PreparedBundle {
    std::vector<BundleEntry> entries;  // in the order of the bundle
    std::vector<Criterion> criteria;   // each once
};

// Reads a Bundle (transaction; with `lenient` also batch and collection, whose entries without a
// request are updates by id), gives new ids, resolves references between entries and by criteria
// against `reader`, checks and indexes every resource.
core::Result<PreparedBundle> PrepareBundle(
    core::JsonNode bundle,
    bool lenient,
    const search::Indexer& indexer,
    core::IdSource& ids,
    store::Reader& reader
);

// The id of the one live record of `type` that `query` matches; empty when none does;
// kMultipleMatches when several do.
core::Result<std::string>
MatchOne(store::Reader& reader, std::string_view type, std::string_view query);

}  // namespace kangqu::records
