// The plan document form as JSON, and the names of its words.
#include "kangqu/core/json.hpp"
#include "kangqu/plan/document.hpp"

#include <array>
#include <cmath>

namespace kangqu::plan {

namespace {

using core::JsonWriter;

constexpr std::array<std::string_view, 13> kComparators = {
    ">=",
    "<=",
    "=",
    "~",
    "<",
    ">",
    "between",
    "reduce_by",
    "increase_by",
    "reduce_by_per_year",
    "rank",
    "in_range",
    "trend_down"};

constexpr std::array<std::string_view, 4> kReviewStates = {
    "proposed",
    "accepted",
    "corrected",
    "rejected"};

void WriteText(JsonWriter& json, std::string_view key, std::string_view text) {
    json.Key(key);
    if (text.empty()) {
        json.Null();
    } else {
        json.String(text);
    }
}

void WriteStrings(JsonWriter& json, std::string_view key, const std::vector<std::string>& texts) {
    json.Key(key).BeginArray();
    for (const std::string& text : texts) {
        json.String(text);
    }
    json.EndArray();
}

void WriteDoubts(JsonWriter& json, const std::vector<Doubt>& doubts) {
    json.Key("confidence").Double(std::round(ConfidenceOf(doubts) * 100) / 100);
    json.Key("doubts").BeginArray();
    for (const Doubt& doubt : doubts) {
        json.BeginObject().Field("code", doubt.code).Field("words", doubt.words);
        json.Field("zh", TextOf(doubt, core::Language::kZh));
        json.Field("en", TextOf(doubt, core::Language::kEn)).EndObject();
    }
    json.EndArray();
}

void WriteValue(JsonWriter& json, const TargetValue& value) {
    json.Key("value");
    if (const auto* number = std::get_if<double>(&value)) {
        json.Double(*number);
    } else if (const auto* range = std::get_if<ValueRange>(&value)) {
        json.BeginArray().Double(range->low).Double(range->high).EndArray();
    } else {
        json.String(std::get<std::string>(value));
    }
}

void WriteYear(JsonWriter& json, std::string_view key, const std::optional<int>& year) {
    json.Key(key);
    if (year) {
        json.Int(*year);
    } else {
        json.Null();
    }
}

void WriteOffset(JsonWriter& json, TextRange range) {
    json.Field("offset_start", static_cast<std::int64_t>(range.start));
    json.Field("offset_end", static_cast<std::int64_t>(range.end));
}

void WriteIndicators(JsonWriter& json, const std::vector<Indicator>& indicators) {
    json.Key("indicators").BeginArray();
    for (const Indicator& indicator : indicators) {
        json.BeginObject().Field("name", indicator.name);
        json.Field("comparator", NameOf(indicator.comparator));
        WriteValue(json, indicator.value);
        json.Field("unit", indicator.unit);
        WriteYear(json, "year", indicator.year);
        json.Field("words", indicator.words);
        WriteText(json, "attribute", indicator.attribute);
        json.Key("review").BeginObject();
        WriteOffset(json, indicator.place);
        json.Key("baseline");
        if (indicator.baseline) {
            json.Double(*indicator.baseline);
        } else {
            json.Null();
        }
        WriteYear(json, "baseline_year", indicator.baseline_year);
        WriteDoubts(json, indicator.doubts);
        json.EndObject().EndObject();
    }
    json.EndArray();
}

std::string_view ModeName(ResponsibilityMode mode) noexcept {
    switch (mode) {
        case ResponsibilityMode::kLeadFirst:
            return "lead-first";
        case ResponsibilityMode::kEachByDuty:
            return "each-by-duty";
        case ResponsibilityMode::kNone:
            break;
    }
    return {};
}

void WriteTask(JsonWriter& json, const Task& task) {
    json.BeginObject().Field("no", std::int64_t{task.no});
    WriteStrings(json, "path", task.path);
    json.Field("title", task.title);
    WriteOffset(json, task.offset);
    WriteText(json, "lead_unit", task.lead_unit);
    WriteStrings(json, "units", task.units);
    WriteText(json, "mode", ModeName(task.mode));
    WriteText(json, "declaration", task.declaration);
    WriteIndicators(json, task.indicators);
    json.Key("review").BeginObject();
    WriteStrings(json, "units_full", task.units_full);
    json.Field("collective", task.collective);
    json.Key("repeated_at").BeginArray();
    for (const TextRange& range : task.repeated_at) {
        json.BeginObject();
        WriteOffset(json, range);
        json.EndObject();
    }
    json.EndArray();
    json.Field("text", task.text);
    WriteDoubts(json, task.doubts);
    json.EndObject().EndObject();
}

}  // namespace

std::string_view NameOf(Comparator comparator) noexcept {
    return kComparators[static_cast<std::size_t>(comparator)];
}

std::string_view NameOf(ReviewState state) noexcept {
    return kReviewStates[static_cast<std::size_t>(state)];
}

std::optional<ReviewState> FindReviewState(std::string_view name) noexcept {
    for (std::size_t i = 0; i < kReviewStates.size(); ++i) {
        if (kReviewStates[i] == name) {
            return static_cast<ReviewState>(i);
        }
    }
    return std::nullopt;
}

std::optional<Comparator> FindComparator(std::string_view name) noexcept {
    for (std::size_t i = 0; i < kComparators.size(); ++i) {
        if (kComparators[i] == name) {
            return static_cast<Comparator>(i);
        }
    }
    return std::nullopt;
}

std::string ToJson(const PlanDocument& document) {
    std::string out;
    JsonWriter json(out);
    json.BeginObject();
    WriteText(json, "title", document.title);
    WriteText(json, "issuer", document.issuer);
    WriteText(json, "doc_no", document.doc_no);
    WriteText(json, "date", document.date);
    json.Key("tasks").BeginArray();
    for (const Task& task : document.tasks) {
        WriteTask(json, task);
    }
    json.EndArray();
    WriteIndicators(json, document.indicators);
    json.Key("review").BeginObject();
    WriteText(json, "published", document.published);
    json.EndObject().EndObject();
    return out;
}

}  // namespace kangqu::plan
