#include "transaction.hpp"

#include "kangqu/records/records.hpp"

#include "bundle.hpp"
#include "unit.hpp"

namespace kangqu::records {

namespace {

using core::ErrorCode;
using core::MakeError;

core::Error Within(core::Error error, const std::string& where) {
    if (error.where.empty()) {
        error.where = where;
    }
    return error;
}

// True when every criterion still matches what it matched while the bundle was prepared.
core::Result<bool> StillMatches(store::Writer& writer, const PreparedBundle& bundle) {
    for (const Criterion& criterion : bundle.criteria) {
        KQ_ASSIGN(const std::string now, MatchOne(writer, criterion.type, criterion.query));
        if (now != criterion.matched) {
            return false;
        }
    }
    for (const BundleEntry& entry : bundle.entries) {
        if (entry.if_none_exist.empty()) {
            continue;
        }
        KQ_ASSIGN(const std::string now, MatchOne(writer, entry.type, entry.if_none_exist));
        if (now != entry.matched) {
            return false;
        }
    }
    return true;
}

core::Result<Receipt> WriteEntry(Unit& unit, store::Writer& writer, const BundleEntry& entry) {
    if (entry.kind == BundleEntry::Kind::kDelete) {
        return unit.Delete(entry.type, entry.id, std::nullopt);
    }
    if (!entry.matched.empty()) {
        KQ_ASSIGN(const auto at, writer.Find(entry.type, entry.matched));
        return Receipt{
            entry.type,
            entry.matched,
            at ? at->version : 0,
            writer.now(),
            Receipt::Outcome::kUnchanged};
    }
    const bool create = entry.kind == BundleEntry::Kind::kCreate;
    return unit.Write(*entry.prepared, {create, entry.if_match});
}

// Deletes first, then the rest in the order of the bundle (FHIR http#trules).
core::Status WriteAll(
    store::Writer& writer,
    const search::Indexer& indexer,
    const search::Restriction& restriction,
    const PreparedBundle& bundle,
    std::vector<Receipt>& receipts
) {
    Unit unit(writer, indexer, restriction);
    receipts.assign(bundle.entries.size(), Receipt{});
    for (const bool deletes : {true, false}) {
        for (std::size_t i = 0; i < bundle.entries.size(); ++i) {
            const BundleEntry& entry = bundle.entries[i];
            if ((entry.kind == BundleEntry::Kind::kDelete) != deletes) {
                continue;
            }
            auto receipt = WriteEntry(unit, writer, entry);
            if (!receipt.ok()) {
                return Within(std::move(receipt).error(), entry.where);
            }
            receipts[i] = std::move(receipt).value();
        }
    }
    return {};
}

}  // namespace

core::Result<std::vector<Receipt>> RunTransaction(
    store::Store& store,
    const search::Indexer& indexer,
    core::IdSource& ids,
    const search::Restriction& restriction,
    core::JsonNode bundle,
    bool lenient
) {
    // A criterion that changes its answer between preparing and writing is rare; each try prepares
    // anew.
    constexpr int kTries = 5;
    for (int attempt = 0; attempt < kTries; ++attempt) {
        auto reader = store.Read();
        if (!reader.ok()) {
            return std::move(reader).error();
        }
        KQ_ASSIGN(
            const PreparedBundle prepared, PrepareBundle(bundle, lenient, indexer, ids, **reader)
        );
        reader->reset();
        std::vector<Receipt> receipts;
        bool current = true;
        KQ_TRY(store.Write([&](store::Writer& writer) -> core::Status {
            KQ_ASSIGN(current, StillMatches(writer, prepared));
            return current ? WriteAll(writer, indexer, restriction, prepared, receipts)
                           : core::Status{};
        }));
        if (current) {
            return receipts;
        }
    }
    return MakeError(ErrorCode::kBusy);
}

core::Result<std::vector<Receipt>>
Records::Transaction(const search::Restriction& restriction, core::JsonNode bundle) {
    return RunTransaction(store_, indexer_, ids_, restriction, bundle, false);
}

}  // namespace kangqu::records
