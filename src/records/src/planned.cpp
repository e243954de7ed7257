#include "planned.hpp"

#include "kangqu/fhir/definitions.hpp"
#include "kangqu/fhir/resource.hpp"

#include "locate.hpp"

namespace kangqu::records {

using core::ErrorCode;
using core::MakeError;
using Kind = Change::Kind;

namespace {

search::Action ActionOf(Kind kind) {
    switch (kind) {
        case Kind::kCreate:
            return search::Action::kCreate;
        case Kind::kUpdate:
        case Kind::kPatch:
            return search::Action::kUpdate;
        case Kind::kDelete:
            break;
    }
    return search::Action::kDelete;
}

// The resource must be of the type that the address names.
core::Status CheckType(const Change& change) {
    const std::string_view sent = change.resource["resourceType"].text();
    if (sent.empty()) {
        return MakeError(ErrorCode::kFhirNotResource);
    }
    if (sent != change.type) {
        return core::At(
            MakeError(ErrorCode::kFhirBadValue, "resourceType", std::string(sent), change.type),
            change.path.empty() ? "resourceType" : change.path + ".resourceType"
        );
    }
    return {};
}

core::Error IdMismatch(const Change& change, std::string_view expected) {
    return core::At(
        MakeError(
            ErrorCode::kIdMismatch, std::string(change.resource["id"].text()), std::string(expected)
        ),
        (change.path.empty() ? change.type : change.path) + ".id"
    );
}

}  // namespace

core::Error Within(core::Error error, const std::string& path) {
    if (error.where.empty()) {
        error.where = path;
    }
    return error;
}

core::Result<Receipt> Planner::ReceiptOf(std::string_view type, std::string_view id) {
    Receipt receipt{std::string(type), std::string(id), 0, 0, Receipt::Outcome::kUnchanged};
    KQ_ASSIGN(const auto at, reader_.Find(type, id));
    if (at && at->version > 0) {
        KQ_ASSIGN(const auto current, reader_.Current(at->home, at->key));
        receipt.version = at->version;
        receipt.updated = current ? current->updated : 0;
    }
    return receipt;
}

core::Status Planner::IdentifyMatch(const Change& change, Planned& planned) {
    planned.criteria = change.criteria;
    KQ_ASSIGN(planned.matched, MatchOne(reader_, restriction_, change.type, change.criteria));
    if (!planned.matched.empty() && change.kind != Kind::kUpdate) {
        planned.id = planned.matched;
    }
    if (change.kind == Kind::kCreate && !planned.matched.empty()) {
        KQ_ASSIGN(planned.settled, ReceiptOf(change.type, planned.matched));
    } else if (change.kind == Kind::kPatch && planned.matched.empty()) {
        return MakeError(ErrorCode::kNotFound, change.type + "?" + change.criteria);
    } else if (change.kind == Kind::kDelete && planned.matched.empty()) {
        planned.settled = Receipt{change.type, {}, 0, 0, Receipt::Outcome::kUnchanged};
    }
    return {};
}

// FHIR http#cond-update: the id in the resource, where there is one, must be that of the match.
core::Status Planner::IdentifyUpdate(const Change& change, Planned& planned) {
    const std::string sent(change.resource["id"].text());
    if (change.criteria.empty()) {
        if (!core::IsFhirId(change.id)) {
            return MakeError(ErrorCode::kFhirBadValue, "id", change.id, "id");
        }
        if (sent != change.id) {
            return IdMismatch(change, change.id);
        }
        planned.id = change.id;
        return {};
    }
    if (planned.matched.empty()) {
        planned.id = sent.empty() ? ids_.Next() : sent;
        planned.precondition.must_be_new = true;
        if (!core::IsFhirId(planned.id)) {
            return MakeError(ErrorCode::kFhirBadValue, "id", planned.id, "id");
        }
        return {};
    }
    if (!sent.empty() && sent != planned.matched) {
        return IdMismatch(change, planned.matched);
    }
    planned.id = planned.matched;
    return {};
}

core::Result<Planned> Planner::Identify(const Change& change) {
    if (fhir::FindResourceType(change.type) == fhir::kNoType) {
        return MakeError(ErrorCode::kFhirUnknownType, change.type);
    }
    if (!restriction_.MayEver(change.type, ActionOf(change.kind))) {
        return MakeError(ErrorCode::kForbidden, Attempt(ActionOf(change.kind), change.type));
    }
    Planned planned;
    planned.kind = change.kind;
    planned.path = change.path;
    planned.type = change.type;
    planned.id = change.id;
    planned.precondition = {change.must_be_new, change.if_match};
    if (change.kind == Kind::kCreate || change.kind == Kind::kUpdate) {
        KQ_TRY(CheckType(change));
    }
    if (!change.criteria.empty()) {
        KQ_TRY(IdentifyMatch(change, planned));
    }
    if (change.kind == Kind::kUpdate) {
        KQ_TRY(IdentifyUpdate(change, planned));
    } else if (change.kind == Kind::kCreate && planned.matched.empty()) {
        planned.id = ids_.Next();
        planned.precondition.must_be_new = true;
    }
    return planned;
}

core::Status Planner::FillPatch(const Change& change, Planned& planned) {
    if (!restriction_.MasksOf(planned.type).empty()) {
        return MakeError(ErrorCode::kMaskedWrite, planned.type);
    }
    KQ_ASSIGN(const store::Placement at, Locate(reader_, restriction_, planned.type, planned.id));
    KQ_ASSIGN(const auto current, reader_.Current(at.home, at.key));
    if (!current || current->method == store::Method::kDelete) {
        return MakeError(ErrorCode::kGone, LocalName(planned.type, planned.id));
    }
    if (change.if_match && *change.if_match != current->version) {
        return MakeError(
            ErrorCode::kVersionConflict,
            LocalName(planned.type, planned.id),
            std::to_string(current->version)
        );
    }
    const std::string text = fhir::Rendered(
        current->body, current->id, static_cast<std::uint64_t>(current->version), current->updated
    );
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(text));
    KQ_ASSIGN(std::string patched, change.patch(document->root()));
    KQ_ASSIGN(const auto result, core::JsonDocument::Parse(std::move(patched)));
    const core::JsonNode root = result->root();
    const bool same =
        root["resourceType"].text() == planned.type && root["id"].text() == planned.id;
    if (!same) {
        return MakeError(
            ErrorCode::kIdMismatch,
            LocalName(root["resourceType"].text(), root["id"].text()),
            LocalName(planned.type, planned.id)
        );
    }
    planned.based_on = current->version;
    KQ_ASSIGN(
        planned.prepared,
        Prepare(indexer_, root, planned.id, change.path.empty() ? planned.type : change.path)
    );
    return {};
}

core::Status Planner::Fill(const Change& change, core::JsonNode resource, Planned& planned) {
    if (planned.settled || change.kind == Kind::kDelete) {
        return {};
    }
    if (change.kind == Kind::kPatch) {
        return FillPatch(change, planned);
    }
    KQ_ASSIGN(
        planned.prepared,
        Prepare(indexer_, resource, planned.id, change.path.empty() ? planned.type : change.path)
    );
    return {};
}

core::Result<bool>
StillHolds(store::Writer& writer, const search::Restriction& restriction, const Planned& planned) {
    if (!planned.criteria.empty()) {
        KQ_ASSIGN(
            const std::string now, MatchOne(writer, restriction, planned.type, planned.criteria)
        );
        if (now != planned.matched) {
            return false;
        }
    }
    if (planned.based_on) {
        KQ_ASSIGN(const auto at, writer.Find(planned.type, planned.id));
        return at && !at->deleted && at->version == *planned.based_on;
    }
    return true;
}

core::Result<Receipt> Perform(Unit& unit, const Planned& planned) {
    if (planned.settled) {
        return *planned.settled;
    }
    if (planned.kind == Kind::kDelete) {
        return unit.Delete(planned.type, planned.id, planned.precondition.version);
    }
    return unit.Write(*planned.prepared, planned.precondition);
}

}  // namespace kangqu::records
