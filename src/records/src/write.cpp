#include "kangqu/records/records.hpp"

namespace kangqu::records {

Records::Records(store::Store& store, const search::Indexer& indexer, core::IdSource& ids)
    : store_(store), indexer_(indexer), ids_(ids) {}

core::Result<Receipt> Records::Create(
    const search::Restriction& restriction,
    std::string_view type,
    core::JsonNode resource
) {
    Change change;
    change.kind = Change::Kind::kCreate;
    change.type = type;
    change.resource = resource;
    return Apply(restriction, change);
}

core::Result<Receipt> Records::Update(
    const search::Restriction& restriction,
    std::string_view type,
    std::string_view id,
    core::JsonNode resource,
    std::optional<std::int64_t> if_match
) {
    Change change;
    change.kind = Change::Kind::kUpdate;
    change.type = type;
    change.id = id;
    change.resource = resource;
    change.if_match = if_match;
    return Apply(restriction, change);
}

core::Result<Receipt> Records::Delete(
    const search::Restriction& restriction,
    std::string_view type,
    std::string_view id,
    std::optional<std::int64_t> if_match
) {
    Change change;
    change.kind = Change::Kind::kDelete;
    change.type = type;
    change.id = id;
    change.if_match = if_match;
    return Apply(restriction, change);
}

}  // namespace kangqu::records
