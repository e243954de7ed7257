#include "unit.hpp"

#include <algorithm>

namespace kangqu::records {

using core::ErrorCode;
using core::MakeError;
using search::Action;

std::string LocalName(std::string_view type, std::string_view id) {
    std::string name(type);
    name += '/';
    name += id;
    return name;
}

std::string Attempt(Action action, std::string_view type) {
    std::string attempt = "GET ";
    if (action == Action::kCreate) {
        attempt = "POST ";
    } else if (action == Action::kUpdate) {
        attempt = "PUT ";
    } else if (action == Action::kDelete) {
        attempt = "DELETE ";
    }
    attempt += type;
    return attempt;
}

core::Status
Unit::Admit(Action action, std::string_view type, const store::Placement& at, Action told) {
    if (restriction_.is_system()) {
        return {};
    }
    KQ_ASSIGN(
        const bool admitted, search::Admits(writer_, restriction_, action, type, at.home, at.key)
    );
    if (!admitted) {
        return MakeError(ErrorCode::kForbidden, Attempt(told, type));
    }
    return {};
}

namespace {

bool RefersToItself(const Prepared& prepared) {
    const auto& rows = prepared.index.rows;
    return std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
        return (row.scope == prepared.type && row.text == prepared.id) ||
               (row.scope2 == prepared.type && row.text2 == prepared.id);
    });
}

}  // namespace

core::Result<Receipt> Unit::Write(const Prepared& prepared, const Precondition& precondition) {
    if (!restriction_.MasksOf(prepared.type).empty()) {
        return MakeError(ErrorCode::kMaskedWrite, prepared.type);
    }
    store::Home home = 0;
    if (!prepared.patient.empty()) {
        KQ_ASSIGN(const store::Placement patient, writer_.Reserve("Patient", prepared.patient, 0));
        home = patient.home;
    }
    KQ_ASSIGN(store::Placement at, writer_.Reserve(prepared.type, prepared.id, home));
    const bool live = at.version > 0 && !at.deleted;
    // Permission first, so that a refused writer does not learn the version of what it may not
    // see; and told the same whether there is such a record or not.
    const Action told = precondition.must_be_new ? Action::kCreate : Action::kUpdate;
    if (live) {
        KQ_TRY(Admit(Action::kUpdate, prepared.type, at, told));
    }
    const bool new_only = precondition.must_be_new && live;
    const bool moved = precondition.version && (!live || *precondition.version != at.version);
    if (new_only || moved) {
        return MakeError(
            ErrorCode::kVersionConflict,
            LocalName(prepared.type, prepared.id),
            std::to_string(live ? at.version : 0)
        );
    }
    Receipt receipt{
        prepared.type, prepared.id, at.version, writer_.now(), Receipt::Outcome::kCreated};
    if (live) {
        KQ_ASSIGN(const auto current, writer_.Current(at.home, at.key));
        if (current && current->body == prepared.body) {
            receipt.updated = current->updated;
            receipt.outcome = Receipt::Outcome::kUnchanged;
            return receipt;
        }
        receipt.outcome = Receipt::Outcome::kUpdated;
    }
    KQ_ASSIGN(const auto rows, indexer_.Finish(writer_, prepared.index, at));
    // A new record that refers to itself was reserved there once more, with a home of its own.
    if (at.version == 0 && RefersToItself(prepared)) {
        KQ_ASSIGN(at, writer_.Reserve(prepared.type, prepared.id, home));
    }
    const auto method = live ? store::Method::kUpdate : store::Method::kCreate;
    KQ_ASSIGN(
        receipt.version, writer_.Put(at, method, prepared.type, prepared.id, prepared.body, rows)
    );
    // After the rows are in place, so that a resident may not be written out of the writer's own
    // reach.
    KQ_TRY(Admit(live ? Action::kUpdate : Action::kCreate, prepared.type, at, told));
    return receipt;
}

core::Result<Receipt>
Unit::Delete(std::string_view type, std::string_view id, std::optional<std::int64_t> version) {
    Receipt receipt{
        std::string(type), std::string(id), 0, writer_.now(), Receipt::Outcome::kUnchanged};
    KQ_ASSIGN(const auto at, writer_.Find(type, id));
    bool seen = at && at->version > 0 && !at->deleted;
    if (seen && !restriction_.is_system()) {
        KQ_ASSIGN(
            seen, search::Admits(writer_, restriction_, Action::kRead, type, at->home, at->key)
        );
    }
    // What the caller may not see is answered like what never was.
    if (!seen) {
        if (version) {
            return MakeError(ErrorCode::kVersionConflict, LocalName(type, id), "0");
        }
        receipt.version = at && at->deleted ? at->version : 0;
        return receipt;
    }
    KQ_TRY(Admit(Action::kDelete, type, *at, Action::kDelete));
    if (version && *version != at->version) {
        return MakeError(
            ErrorCode::kVersionConflict, LocalName(type, id), std::to_string(at->version)
        );
    }
    KQ_ASSIGN(receipt.version, writer_.Put(*at, store::Method::kDelete, type, id, {}, {}));
    receipt.outcome = Receipt::Outcome::kDeleted;
    return receipt;
}

}  // namespace kangqu::records
