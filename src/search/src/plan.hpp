#pragma once

#include "kangqu/search/query.hpp"

#include "interval.hpp"
#include "parameters.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kangqu::search {

enum class StringMatch : std::uint8_t { kPrefix, kExact, kContains };

// One of the comma-separated values of a criterion; which members count depends on the table.
struct Value {
    Prefix prefix = Prefix::kEq;
    std::string text;                  // code, id or URL, string, unit
    std::optional<std::string> scope;  // system, type of a reference; nothing: any
    bool any_text = false;             // system| without a code
    Interval interval;
    double low = 0;  // number: the range that the written digits stand for
    double high = 0;
    double number = 0;
};

// Values of one parameter, joined by or; criteria are joined by and.
struct Criterion {
    const Parameter* parameter = nullptr;
    bool negated = false;
    StringMatch match = StringMatch::kPrefix;
    std::vector<Value> values;
};

struct ChangeTime {
    std::vector<std::pair<Prefix, Interval>> values;
};

enum class SortBy : std::uint8_t { kPlace, kLastUpdated, kId, kOwnDate };

// The last hit of a page: the sort value and the record.
struct Cursor {
    std::int64_t span = 0;
    std::int64_t at = 0;  // or the change, or the sorted date
    std::string id;
    store::Home home = 0;
    store::RecordKey key = 0;
};

struct CompiledSearch::Plan {
    const Parameters* parameters = nullptr;
    fhir::TypeNumber type = fhir::kNoType;
    std::string type_name;
    bool unrestricted = false;
    std::vector<Grant> grants;  // those for reading this type
    std::vector<Criterion> criteria;
    std::vector<ChangeTime> change_times;
    std::vector<std::vector<std::string>> ids;
    int count = kDefaultPage;
    bool total = false;
    SortBy sort = SortBy::kPlace;
    bool descending = false;
    std::optional<Cursor> after;
};

// Cursor texts carry the sort order they belong to.
std::string CursorText(const CompiledSearch::Plan& plan, const Cursor& cursor);
std::optional<Cursor> ParseCursor(const CompiledSearch::Plan& plan, std::string_view text);

// The range that a written number stands for: 5.4 -> [5.35, 5.45).
bool ParseNumber(std::string_view text, Value& value);

}  // namespace kangqu::search
