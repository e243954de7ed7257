#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/search/knowledge.hpp"
#include "kangqu/search/restriction.hpp"
#include "kangqu/store/store.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::search {

// Hits of a page when the client does not say, and the most it may ask for.
constexpr int kDefaultPage = 50;
constexpr int kMaxPage = 1'000;
// Most criteria of one search (those inside chains and filters count), most comma-separated values
// of one criterion, and most links of a chain.
constexpr std::size_t kMaxCriteria = 32;
constexpr std::size_t kMaxValues = 10'000;
constexpr int kMaxChain = 8;
// Most keys of _sort.
constexpr std::size_t kMaxSortKeys = 4;

// What one search may cost, in rows. A search that would go beyond is refused with advice
// (kSearchTooCostly). Values of a server; tests lower them.
struct SearchLimits {
    // Rows walked one by one for a page or a count when other criteria have to be tested on each.
    std::int64_t scanned = 2'000'000;
    // Records sorted by a parameter that stands in no order, and records whose text is read.
    std::int64_t sorted = 10'000;
    std::int64_t read = 10'000;
    // Codes that a value set, a hierarchy or :text may stand for.
    std::size_t codes = 10'000;
    // Records added to a page by _include and _revinclude, and rounds of :iterate.
    std::size_t included = 2'000;
    int include_rounds = 8;
};

struct SearchOptions {
    const Knowledge* knowledge = nullptr;  // null: UnitKnowledge(); outlives the search
    SearchLimits limits;
    // Unknown parameters are left out and named by CompiledSearch::ignored (Prefer:
    // handling=lenient).
    bool lenient = false;
    // The time that `ap` measures dates from.
    core::InstantMs now = 0;
    // Only records in the compartment of this Patient; empty: all.
    std::string compartment;
};

using Place = std::pair<store::Home, store::RecordKey>;

struct SearchPage {
    std::vector<Place> hits;
    // Of all pages; only with _total or _count=0.
    std::optional<std::int64_t> total;
    // Value of _cursor for the next page; empty at the end.
    std::string next;
};

// What _summary and _elements leave of a resource.
struct Shape {
    enum class Summary : std::uint8_t {
        kFalse,
        kTrue,
        kText,
        kData,
        kCount
    } summary = Summary::kFalse;
    std::vector<std::string> elements;  // empty: all
    bool whole() const noexcept { return summary == Summary::kFalse && elements.empty(); }
};
// A resource's JSON in that shape, marked SUBSETTED; mandatory elements always stay.
core::Result<std::string> Shaped(std::string json, const Shape& shape);

// A search of one type, checked, with the Restriction inside. Immutable; any thread.
class CompiledSearch {
public:
    // Finds what the reader sees and the Restriction admits.
    core::Result<SearchPage> Run(store::Reader& reader) const;
    // What _include and _revinclude add to these hits, each record once and none of the hits, all
    // of it admitted by the Restriction. kSearchTooCostly beyond the limits.
    core::Result<std::vector<Place>> Include(store::Reader& reader, const std::vector<Place>& hits)
        const;

    const Shape& shape() const noexcept;
    // Parameters left out because nobody knows them; only of a lenient search.
    const std::vector<std::string>& ignored() const noexcept;

    struct Plan;
    explicit CompiledSearch(std::shared_ptr<const Plan> plan);

private:
    // Shared by the copies of this value.
    std::shared_ptr<const Plan> plan_;
};

// `parameters` are url-decoded pairs in the order of the query. Understood are every R4 search
// parameter of `type` and, for names, name-pinyin and name-initials, with
// - every kind: :missing=true|false
// - token: code, system|code, |code, system|; :not :text :in :not-in :above :below :of-type
// - string: prefix; width, case, accents and Traditional forms ignored; :exact :contains
// - date: eq ne gt lt ge le sa eb ap; without a zone in China Standard Time
// - number and quantity: the same prefixes; quantity as 5.4, 5.4|system|code (in canonical units
//   where the knowledge has them) or 5.4||unit
// - reference: Type/id, id, URL; :Type :identifier; chains (subject:Patient.name) and _has, any
//   depth up to kMaxChain
// - uri: equality; :above :below
// - composite: code$value; special: near=latitude|longitude|distance|unit
//
// and _id, _lastUpdated, _list, _text, _content, _filter. A parameter whose element a Mask hides
// from the reader is unknown to the reader.
//
// To control the answer: _count, _total=none|estimate|accurate, _cursor, _sort (any parameters, `-`
// for descending), _summary, _elements, _include, _revinclude. _format and _pretty are left to the
// caller. Anything else gives kSearchUnknownParameter.
core::Result<CompiledSearch> Compile(
    std::string_view type,
    const std::vector<std::pair<std::string, std::string>>& parameters,
    const Restriction& restriction,
    const SearchOptions& options = {}
);

// What a date of a search stands for: from, and before. Any precision; without a zone in China
// Standard Time.
std::optional<std::pair<core::InstantMs, core::InstantMs>> DateInterval(std::string_view text);

// What can be asked of a type; for the capability statement.
struct Searchable {
    std::string name;
    std::string url;   // of the definition; empty for our own
    std::string kind;  // token, string...
};
std::vector<Searchable> SearchableOf(std::string_view type);
// Values of _include ("Observation:subject") and _revinclude of a type.
std::vector<std::string> IncludesOf(std::string_view type);
std::vector<std::string> RevincludesOf(std::string_view type);

// Everything of one Patient (Patient/$everything): the resident's records in the order of their
// keys, `limit` behind `after`; `types` empty: all. Restricted like any read.
struct EverythingQuery {
    std::string patient;
    std::vector<std::string> types;
    core::InstantMs since = 0;
    std::optional<core::InstantMs> start;
    std::optional<core::InstantMs> end;
    store::RecordKey after = 0;
    int limit = kDefaultPage;
};
struct EverythingPage {
    std::vector<Place> hits;
    // What the hits refer to and is no resident's: practitioners, organisations, places,
    // medications.
    std::vector<Place> supporting;
    store::RecordKey next = 0;  // 0: the end
};
core::Result<EverythingPage>
Everything(store::Reader& reader, const EverythingQuery& query, const Restriction& restriction);

}  // namespace kangqu::search
