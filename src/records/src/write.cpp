#include "kangqu/records/records.hpp"

#include "unit.hpp"

namespace kangqu::records {

namespace {

using core::ErrorCode;
using core::MakeError;

// The resource must be of the type and carry the id that the address names.
core::Status CheckAddress(core::JsonNode resource, std::string_view type, std::string_view id) {
    const std::string_view sent = resource["resourceType"].text();
    if (sent.empty()) {
        return MakeError(ErrorCode::kFhirNotResource);
    }
    if (sent != type) {
        return core::At(
            MakeError(
                ErrorCode::kFhirBadValue, "resourceType", std::string(sent), std::string(type)
            ),
            "resourceType"
        );
    }
    if (id.empty()) {
        return {};
    }
    if (!core::IsFhirId(id)) {
        return MakeError(ErrorCode::kFhirBadValue, "id", std::string(id), "id");
    }
    if (resource["id"].text() != id) {
        return core::At(
            MakeError(ErrorCode::kIdMismatch, std::string(resource["id"].text()), std::string(id)),
            std::string(type) + ".id"
        );
    }
    return {};
}

core::Status
MayEver(const search::Restriction& restriction, std::string_view type, search::Action action) {
    if (!restriction.MayEver(type, action)) {
        return MakeError(ErrorCode::kForbidden, Attempt(action, type));
    }
    return {};
}

}  // namespace

Records::Records(store::Store& store, const search::Indexer& indexer, core::IdSource& ids)
    : store_(store), indexer_(indexer), ids_(ids) {}

core::Result<Receipt> Records::Create(
    const search::Restriction& restriction,
    std::string_view type,
    core::JsonNode resource
) {
    KQ_TRY(MayEver(restriction, type, search::Action::kCreate));
    KQ_TRY(CheckAddress(resource, type, {}));
    KQ_ASSIGN(const Prepared prepared, Prepare(indexer_, resource, ids_.Next(), std::string(type)));
    Receipt receipt;
    KQ_TRY(store_.Write([&](store::Writer& writer) -> core::Status {
        KQ_ASSIGN(
            receipt, Unit(writer, indexer_, restriction).Write(prepared, {true, std::nullopt})
        );
        return {};
    }));
    return receipt;
}

core::Result<Receipt> Records::Update(
    const search::Restriction& restriction,
    std::string_view type,
    std::string_view id,
    core::JsonNode resource,
    std::optional<std::int64_t> if_match
) {
    KQ_TRY(MayEver(restriction, type, search::Action::kUpdate));
    KQ_TRY(CheckAddress(resource, type, id));
    KQ_ASSIGN(
        const Prepared prepared, Prepare(indexer_, resource, std::string(id), std::string(type))
    );
    Receipt receipt;
    KQ_TRY(store_.Write([&](store::Writer& writer) -> core::Status {
        KQ_ASSIGN(receipt, Unit(writer, indexer_, restriction).Write(prepared, {false, if_match}));
        return {};
    }));
    return receipt;
}

core::Result<Receipt> Records::Delete(
    const search::Restriction& restriction,
    std::string_view type,
    std::string_view id,
    std::optional<std::int64_t> if_match
) {
    KQ_TRY(MayEver(restriction, type, search::Action::kDelete));
    Receipt receipt;
    KQ_TRY(store_.Write([&](store::Writer& writer) -> core::Status {
        KQ_ASSIGN(receipt, Unit(writer, indexer_, restriction).Delete(type, id, if_match));
        return {};
    }));
    return receipt;
}

}  // namespace kangqu::records
