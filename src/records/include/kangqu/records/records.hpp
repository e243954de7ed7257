#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/ids.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/records/change.hpp"
#include "kangqu/search/index.hpp"
#include "kangqu/search/restriction.hpp"
#include "kangqu/store/store.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::records {

// Most entries of one bundle, and most bytes of one resource. A bundle is one unit of work and
// holds up the writer for as long as it takes (about 10,000 entries a second).
constexpr std::size_t kMaxBundleEntries = 20'000;
constexpr std::size_t kMaxResourceBytes = std::size_t{16} << 20U;
// Most lines of one unit of a bulk load: bounds what one failed flush takes back.
constexpr std::size_t kLoadUnit = 256;
// Most versions in one page of a history, and most versions one page looks at: a reader who may see
// little gets shorter pages with a next link, not a long wait.
constexpr int kMaxHistoryPage = 1'000;
constexpr int kMaxHistoryScan = 20'000;
// Changes of a batch that wait for the writer at one time.
constexpr std::size_t kBatchUnit = 1'000;

// One version as a reader may see it: `json` carries id and meta and is masked as the Restriction
// says.
struct Record {
    std::string type;
    std::string id;
    std::int64_t version = 0;
    core::InstantMs updated = 0;
    store::Method method = store::Method::kCreate;
    std::string json;  // empty for a deletion
};

// One line of a bulk load and what became of it.
struct LoadLine {
    std::string source;  // file name
    std::int64_t number = 0;
    std::string text;
};
struct LoadAnswer {
    std::optional<core::Error> refused;
    std::vector<Receipt> receipts;  // one, or one an entry of a bundle
};

// Reads and writes under a Restriction. Thread-safe; the objects given to the constructor must
// outlive it.
class Records {
public:
    Records(store::Store& store, const search::Indexer& indexer, core::IdSource& ids);

    // Writing. All errors of the structure check are in `kFhir...` codes with the element in
    // `where`; the first is returned (ask CheckStructure for all).

    core::Result<Receipt>
    Create(const search::Restriction& restriction, std::string_view type, core::JsonNode resource);
    // Creates when there is none. `if_match`: the version that must be current.
    core::Result<Receipt> Update(
        const search::Restriction& restriction,
        std::string_view type,
        std::string_view id,
        core::JsonNode resource,
        std::optional<std::int64_t> if_match
    );
    // Deleting what is deleted already, or never was, is done (FHIR http#delete) and changes
    // nothing.
    core::Result<Receipt> Delete(
        const search::Restriction& restriction,
        std::string_view type,
        std::string_view id,
        std::optional<std::int64_t> if_match
    );
    // One change, conditional ones included. The criteria see what the Restriction admits, so that
    // they tell nothing of other records; of several writers with the same criteria exactly one
    // creates. A patch is computed from the version it then replaces.
    core::Result<Receipt> Apply(const search::Restriction& restriction, const Change& change);
    // Changes that do not depend on one another, answered in their order; they share flushes.
    std::vector<core::Result<Receipt>>
    ApplyEach(const search::Restriction& restriction, const std::vector<Change>& changes);
    // A Bundle of type transaction: all entries or none, in one flush. Receipts in the order of the
    // entries. Errors name the element ("Bundle.entry[3].resource.birthDate").
    core::Result<std::vector<Receipt>>
    Transaction(const search::Restriction& restriction, core::JsonNode bundle);
    // One line each: a resource (written under its own id; created when it has none) or a Bundle of
    // type transaction, batch or collection (all or none of it). Answers in the order of `lines`;
    // lines do not affect one another. The error of the whole call is the store's (disk full), and
    // then nothing of the lines was kept.
    core::Result<std::vector<LoadAnswer>>
    Load(const search::Restriction& restriction, const std::vector<LoadLine>& lines);

    // Reading. kNotFound also where the Restriction does not admit, so that nothing can be probed;
    // kGone for a deletion.

    core::Result<Record>
    Read(const search::Restriction& restriction, std::string_view type, std::string_view id);
    core::Result<Record> ReadVersion(
        const search::Restriction& restriction,
        std::string_view type,
        std::string_view id,
        std::int64_t version
    );
    // Newest first; deletions included.
    struct HistoryQuery {
        std::string type;            // empty: all types
        std::string id;              // empty: all records of the type
        store::Position before = 0;  // 0 or the last page's `next`
        int count = kMaxHistoryPage;
        // Only versions written at or after this instant.
        std::optional<core::InstantMs> since;
        // Only versions that were current at some time between the two, both included.
        std::optional<std::pair<core::InstantMs, core::InstantMs>> at;
    };
    struct HistoryPage {
        std::vector<Record> records;
        store::Position next = 0;  // 0: the end
    };
    core::Result<HistoryPage>
    History(const search::Restriction& restriction, const HistoryQuery& query);

    // A version read elsewhere (ScanHome, a search page) in the form a reader may see it.
    static Record Show(const search::Restriction& restriction, const store::Version& version);

    store::Store& store() noexcept { return store_; }

private:
    friend class Unit;
    store::Store& store_;
    const search::Indexer& indexer_;
    core::IdSource& ids_;
};

}  // namespace kangqu::records
