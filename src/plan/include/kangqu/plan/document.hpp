#pragma once

#include "kangqu/core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace kangqu::plan {

// Limits of one document. The longest plan known to us has 30,000 characters; one with annexes
// stays far below a megabyte.
constexpr std::size_t kPlanMaxBytes = std::size_t{8} << 20U;
// More tasks than any plan has; what lies behind the limit is an error, not cut off.
constexpr std::size_t kPlanMaxTasks = 5000;
constexpr std::size_t kPlanMaxIndicators = 20000;

// How a target's value is to be read. The words are those of the plan document form.
enum class Comparator : std::uint8_t {
    kAtLeast,          // >=
    kAtMost,           // <=
    kEqual,            // =   also a status in words ("建成")
    kAbout,            // ~   左右
    kBelow,            // <
    kAbove,            // >
    kBetween,          // between, both ends included
    kReduceBy,         // the value is the size of the change, positive
    kIncreaseBy,       //
    kReduceByPerYear,  //
    kRank,             // a place among others, in words
    kInRange,          // a range named in words
    kTrendDown,        // falls, no number
};
std::string_view NameOf(Comparator comparator) noexcept;
std::optional<Comparator> FindComparator(std::string_view name) noexcept;

struct ValueRange {
    double low = 0;
    double high = 0;
    friend bool operator==(const ValueRange&, const ValueRange&) = default;
};
// A number, both ends of a range, or words where the document gives no number.
using TargetValue = std::variant<double, ValueRange, std::string>;

// What a careful reader should look at again. Codes, so that the screen can say them in the user's
// language (TextOf):
//   composed-name     the name is put together from the sentence, not printed as such
//   no-baseline       a change without the value it starts from
//   values-unmatched  the sentence's values do not fit its years and names
//   year-carried      the year is that of the sentence before
//   unit-assumed      the unit is implied by the name
//   urged             the text urges it on ("推进…全覆盖") and does not set it
//   unclosed-clause, noisy-number, no-units, repeated   of tasks
//   odd-unit          name and unit disagree; of tables, as are
//   no-sign           the number stands alone
//   reference-column  the target of a higher level, printed for comparison
struct Doubt {
    std::string code;
    // The printed words it is about; may be empty.
    std::string words;
    friend bool operator==(const Doubt&, const Doubt&) = default;
};
// Empty for a code that is none.
std::string_view TextOf(const Doubt& doubt, core::Language language) noexcept;
// 1 without doubts; each kind of doubt takes its share.
double ConfidenceOf(const std::vector<Doubt>& doubts) noexcept;

// Code points of the file as it stands, end exclusive.
struct TextRange {
    std::size_t start = 0;
    std::size_t end = 0;
    friend bool operator==(const TextRange&, const TextRange&) = default;
};

// What a person has said of an item. Nothing goes live while an item is proposed.
enum class ReviewState : std::uint8_t { kProposed, kAccepted, kCorrected, kRejected };
// "proposed" "accepted" "corrected" "rejected"
std::string_view NameOf(ReviewState state) noexcept;
std::optional<ReviewState> FindReviewState(std::string_view name) noexcept;
struct Review {
    ReviewState state = ReviewState::kProposed;
    std::string by;  // who, as the account is shown; empty while proposed
    std::string at;  // an instant
    friend bool operator==(const Review&, const Review&) = default;
};

// One target: one name, one year, one value. "A and B by 2030 and 2035" gives four.
struct Indicator {
    std::string name;
    Comparator comparator = Comparator::kAtLeast;
    TargetValue value = 0.0;
    std::string unit;
    // Nothing where the text fixes no year.
    std::optional<int> year;
    // The words that say the comparator, as printed.
    std::string words;
    // 约束性 or 预期性 where printed, else empty.
    std::string attribute;
    // The value today, where a table prints it.
    std::optional<double> baseline;
    std::optional<int> baseline_year;
    // Where the words stand that say it; empty for what came from elsewhere.
    TextRange place;
    // The measure that a person matched it with, by id; empty: none, or what the pack binds.
    std::string measure;
    Review review;
    std::vector<Doubt> doubts;
    friend bool operator==(const Indicator&, const Indicator&) = default;
};

enum class ResponsibilityMode : std::uint8_t {
    kNone,        // no unit printed
    kLeadFirst,   // the first unit leads
    kEachByDuty,  // 按照职责分别负责: nobody leads
};

struct Task {
    int no = 0;                           // 1, 2, 3 ... in the order of the document
    std::vector<std::string> path;        // headings above and, where numbered, its own
    std::string title;                    // first sentence without its number
    TextRange offset;                     // with number and responsibility clause
    std::string text;                     // the words at `offset`
    std::string lead_unit;                // empty unless mode is kLeadFirst
    std::vector<std::string> units;       // as printed, in order
    std::vector<std::string> units_full;  // with the elided 市/区/县 put back
    ResponsibilityMode mode = ResponsibilityMode::kNone;
    std::string declaration;  // "排在第一位的为牵头单位…", printed once in a document
    bool collective = false;  // names units as a group ("各街道办事处")
    std::vector<TextRange> repeated_at;  // the same task printed again
    // Organisations that the units were matched with, by id, in the order of `units`; "" for none.
    std::vector<std::string> unit_ids;
    Review review;
    std::vector<Indicator> indicators;
    std::vector<Doubt> doubts;
    friend bool operator==(const Task&, const Task&) = default;
};

struct PlanDocument {
    // "draft" until every item is reviewed, then "active"; "retired" when a later edition is live.
    std::string status = "draft";
    // Version of the record that an undo brings back; 0: nothing to undo.
    std::int64_t undo_version = 0;
    // Id of the plan that this is a new edition of; may be empty.
    std::string edition_of;
    std::string title;
    std::string issuer;
    std::string doc_no;
    std::string date;       // YYYY-MM-DD of the signature, else of publication, else empty
    std::string published;  // YYYY-MM-DD or empty
    std::vector<Task> tasks;
    // Targets that belong to no task: of tables and of general aims.
    std::vector<Indicator> indicators;
    friend bool operator==(const PlanDocument&, const PlanDocument&) = default;
};

// Reads a plan or task allotment document of the genre of Chinese local governments: chapters and
// items in any of the usual numberings, tasks closed by a clause naming the responsible units,
// targets inside the sentences or in a table. A BOM and CRLF are accepted and counted in offsets.
// Fails with kNotUtf8, kTooLarge, or kPlanNotADocument when there is neither a responsibility
// clause nor a numbered item with a target.
core::Result<PlanDocument> ReadPlan(std::string_view utf8_text);

// The plan document form (`plan read --json`). What the form does not have (place, confidence,
// doubts, baseline, full names of units) stands under "review". One JSON object, no line breaks.
std::string ToJson(const PlanDocument& document);

// The slice of `utf8_text` at `range`; empty when the range lies outside.
std::string SliceCodePoints(std::string_view utf8_text, TextRange range);

}  // namespace kangqu::plan
