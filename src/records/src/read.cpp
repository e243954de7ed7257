#include "kangqu/fhir/resource.hpp"
#include "kangqu/records/records.hpp"

#include "locate.hpp"
#include "mask.hpp"
#include "unit.hpp"

namespace kangqu::records {

using core::ErrorCode;
using core::MakeError;

// The placement of a record the reader may see; kNotFound otherwise, whatever the cause.
core::Result<store::Placement> Locate(
    store::Reader& reader,
    const search::Restriction& restriction,
    std::string_view type,
    std::string_view id
) {
    const auto absent = [&] {
        return MakeError(ErrorCode::kNotFound, LocalName(type, id));
    };
    if (!restriction.MayEver(type, search::Action::kRead)) {
        return absent();
    }
    KQ_ASSIGN(const auto at, reader.Find(type, id));
    if (!at || at->version == 0) {
        return absent();
    }
    KQ_ASSIGN(
        const bool admitted,
        search::Admits(reader, restriction, search::Action::kRead, type, at->home, at->key)
    );
    if (!admitted) {
        return absent();
    }
    return *at;
}

Record Records::Show(const search::Restriction& restriction, const store::Version& version) {
    Record record{version.type, version.id, version.version, version.updated, version.method, {}};
    if (version.method == store::Method::kDelete) {
        return record;
    }
    const auto masks = restriction.MasksOf(version.type);
    const std::string masked = masks.empty() ? std::string{} : Masked(version.body, masks);
    record.json = fhir::Rendered(
        masks.empty() ? version.body : masked,
        version.id,
        static_cast<std::uint64_t>(version.version),
        version.updated
    );
    return record;
}

core::Result<Record>
Records::Read(const search::Restriction& restriction, std::string_view type, std::string_view id) {
    KQ_ASSIGN(const auto reader, store_.Read());
    KQ_ASSIGN(const store::Placement at, Locate(*reader, restriction, type, id));
    KQ_ASSIGN(const auto current, reader->Current(at.home, at.key));
    if (!current) {
        return MakeError(ErrorCode::kNotFound, LocalName(type, id));
    }
    if (current->method == store::Method::kDelete) {
        return MakeError(ErrorCode::kGone, LocalName(type, id));
    }
    return Show(restriction, *current);
}

core::Result<Record> Records::ReadVersion(
    const search::Restriction& restriction,
    std::string_view type,
    std::string_view id,
    std::int64_t version
) {
    KQ_ASSIGN(const auto reader, store_.Read());
    KQ_ASSIGN(const store::Placement at, Locate(*reader, restriction, type, id));
    KQ_ASSIGN(const auto found, reader->AtVersion(at.home, at.key, version));
    if (!found) {
        return MakeError(
            ErrorCode::kNotFound, LocalName(type, id) + "/_history/" + std::to_string(version)
        );
    }
    if (found->method == store::Method::kDelete) {
        return MakeError(ErrorCode::kGone, LocalName(type, id));
    }
    return Show(restriction, *found);
}

}  // namespace kangqu::records
