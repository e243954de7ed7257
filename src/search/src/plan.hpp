#pragma once

#include "kangqu/search/query.hpp"

#include "interval.hpp"
#include "parameters.hpp"
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace kangqu::search {

enum class Modifier : std::uint8_t {
    kNone,
    kMissing,
    kNot,
    kText,
    kIn,
    kNotIn,
    kAbove,
    kBelow,
    kOfType,
    kExact,
    kContains,
    kIdentifier,
    kReading,   // name-pinyin
    kInitials,  // name-initials
};

// One of the comma-separated values of a criterion; which members count depends on the table.
struct Value {
    Prefix prefix = Prefix::kEq;
    std::string text;                  // code, id or URL, string, unit
    std::optional<std::string> scope;  // system, type of a reference; nothing: any
    bool any_text = false;             // system| without a code
    Interval interval;
    // Number: the range that the written digits stand for.
    double low = 0;
    double high = 0;
    double number = 0;
    std::vector<Value> parts;  // of a composite
};

// Values of one parameter, joined by or.
struct Criterion {
    const Parameter* parameter = nullptr;
    Modifier modifier = Modifier::kNone;
    bool missing = false;
    std::vector<Value> values;
};

struct ChangeTime {
    std::vector<std::pair<Prefix, Interval>> values;
};

// A tree of what a record has to fulfil.
struct Node {
    enum class Kind : std::uint8_t {
        kAll,
        kAny,
        kNot,
        kCriterion,
        kIds,
        kChanged,
        kChain,  // refers by `link` to a record that fulfils `sub`
        kHas,    // is referred to by `link` of a record that fulfils `sub`
        kList,
        kNear,
    };
    Kind kind = Kind::kAll;
    std::vector<Node> nodes;
    Criterion criterion;
    std::vector<std::string> ids;  // of kIds; of kList the list's
    ChangeTime changed;
    const Parameter* link = nullptr;
    std::shared_ptr<const CompiledSearch::Plan> sub;
    double latitude = 0;
    double longitude = 0;
    double metres = 0;
};

enum class SortBy : std::uint8_t { kPlace, kLastUpdated, kId, kOwnDate, kValues };
struct SortKey {
    const Parameter* parameter = nullptr;  // null: _lastUpdated or _id
    bool by_id = false;
    bool descending = false;
};

// The last hit of a page: the sort value and the record.
struct Cursor {
    std::int64_t span = 0;
    std::int64_t at = 0;  // or the change, or the sorted date
    std::string text;     // id, or the sort values
    store::Home home = 0;
    store::RecordKey key = 0;
};

// _include and _revinclude.
struct Inclusion {
    bool reverse = false;
    bool iterate = false;
    fhir::TypeNumber source = fhir::kNoType;  // kNoType: any type
    const Parameter* parameter = nullptr;     // null: all of the source's references
    fhir::TypeNumber target = fhir::kNoType;  // kNoType: any
};

// Words that a record's narrative (or whole text) must hold.
struct TextSearch {
    bool whole = false;  // _content
    std::vector<std::string> words;
};

struct CompiledSearch::Plan {
    const Parameters* parameters = nullptr;
    const Knowledge* knowledge = nullptr;
    SearchLimits limits;
    core::InstantMs now = 0;
    fhir::TypeNumber type = fhir::kNoType;
    std::string type_name;
    bool unrestricted = false;
    std::vector<Grant> grants;  // those for reading this type
    Restriction restriction;    // whole, for what is included
    std::vector<Node> nodes;    // all must hold
    std::vector<TextSearch> texts;
    int count = kDefaultPage;
    bool total = false;
    SortBy sort = SortBy::kPlace;
    bool descending = false;
    std::vector<SortKey> sort_keys;  // of kValues
    std::optional<Cursor> after;
    std::vector<Inclusion> inclusions;
    Shape shape;
    std::vector<std::string> ignored;
    // Tells the cursors of different searches apart.
    std::uint32_t print = 0;
};

// Cursor texts carry the search and the sort order they belong to.
std::string CursorText(const CompiledSearch::Plan& plan, const Cursor& cursor);
std::optional<Cursor> ParseCursor(const CompiledSearch::Plan& plan, std::string_view text);

// The range that a written number stands for: 5.4 -> [5.35, 5.45).
bool ParseNumber(std::string_view text, Value& value);

}  // namespace kangqu::search
