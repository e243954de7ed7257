#pragma once

#include "kangqu/records/change.hpp"

#include "planned.hpp"
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::records {

// A criterion ("Practitioner?identifier=a|b") of a conditional reference and the id it matched when
// the bundle was prepared; the writer asks again.
struct Criterion {
    std::string where;
    std::string type;
    std::string query;
    std::string matched;
};

struct PreparedBundle {
    // In the order of the bundle; nothing for an entry that reads.
    std::vector<std::optional<Planned>> entries;
    std::vector<Criterion> criteria;  // each once
};

// What a bundle is prepared with.
struct BundleContext {
    const search::Indexer& indexer;
    core::IdSource& ids;
    const search::Restriction& restriction;
    store::Reader& reader;
};

// Reads a Bundle (transaction; with `lenient` also batch and collection, whose entries without a
// request are updates by id), gives new ids, resolves links between entries and conditional
// references, checks and indexes every resource.
core::Result<PreparedBundle>
PrepareBundle(core::JsonNode bundle, bool lenient, const BundleContext& context);

}  // namespace kangqu::records
