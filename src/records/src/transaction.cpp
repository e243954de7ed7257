#include "transaction.hpp"

#include "kangqu/records/records.hpp"

#include "bundle.hpp"

namespace kangqu::records {

namespace {

using core::ErrorCode;
using core::MakeError;

// True when every criterion still matches what it matched while the bundle was prepared.
core::Result<bool> StillMatches(
    store::Writer& writer,
    const search::Restriction& restriction,
    const PreparedBundle& bundle
) {
    for (const Criterion& criterion : bundle.criteria) {
        KQ_ASSIGN(
            const std::string now, MatchOne(writer, restriction, criterion.type, criterion.query)
        );
        if (now != criterion.matched) {
            return false;
        }
    }
    for (const auto& entry : bundle.entries) {
        if (!entry) {
            continue;
        }
        KQ_ASSIGN(const bool holds, StillHolds(writer, restriction, *entry));
        if (!holds) {
            return false;
        }
    }
    return true;
}

// FHIR http#trules: deletions, creations, updates and patches.
int PhaseOf(Change::Kind kind) {
    switch (kind) {
        case Change::Kind::kDelete:
            return 0;
        case Change::Kind::kCreate:
            return 1;
        case Change::Kind::kUpdate:
        case Change::Kind::kPatch:
            break;
    }
    return 2;
}

core::Status WriteAll(
    store::Writer& writer,
    const search::Indexer& indexer,
    const search::Restriction& restriction,
    const PreparedBundle& bundle,
    std::vector<Receipt>& receipts
) {
    Unit unit(writer, indexer, restriction);
    Receipt none;
    none.outcome = Receipt::Outcome::kNotAWrite;
    receipts.assign(bundle.entries.size(), none);
    for (int phase = 0; phase <= 2; ++phase) {
        for (std::size_t i = 0; i < bundle.entries.size(); ++i) {
            const auto& entry = bundle.entries[i];
            if (!entry || PhaseOf(entry->kind) != phase) {
                continue;
            }
            auto receipt = Perform(unit, *entry);
            if (!receipt.ok()) {
                return Within(
                    std::move(receipt).error(), "Bundle.entry[" + std::to_string(i) + "]"
                );
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
    for (int attempt = 0; attempt < kTries; ++attempt) {
        auto reader = store.Read();
        if (!reader.ok()) {
            return std::move(reader).error();
        }
        KQ_ASSIGN(
            const PreparedBundle prepared,
            PrepareBundle(bundle, lenient, {indexer, ids, restriction, **reader})
        );
        reader->reset();
        std::vector<Receipt> receipts;
        bool current = true;
        KQ_TRY(store.Write([&](store::Writer& writer) -> core::Status {
            KQ_ASSIGN(current, StillMatches(writer, restriction, prepared));
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
