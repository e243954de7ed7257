// Review steps as JSON.
#include "kangqu/plan/review.hpp"

#include <array>
#include <charconv>

namespace kangqu::plan {

namespace {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

constexpr std::array<std::string_view, 8> kActions =
    {"accept", "reject", "reopen", "correct", "split", "merge", "add", "accept-sure"};
constexpr std::size_t kMaxUnitsOfTask = 200;
constexpr std::size_t kMaxWords = 2000;

core::Error Bad(std::string what) {
    return MakeError(ErrorCode::kPlanStepInvalid, std::move(what));
}

std::optional<std::size_t> Number(std::string_view text) {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
    return whole && value <= kPlanMaxIndicators ? std::optional<std::size_t>(value) : std::nullopt;
}

core::Result<double> Double(JsonNode node, std::string_view where) {
    double value = 0;
    const std::string_view text = node.text();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!node.is_number() || error != std::errc() || end != text.data() + text.size()) {
        return Bad(std::string(where) + ": " + std::string(text));
    }
    return value;
}

core::Status ReadText(JsonNode set, std::string_view key, std::optional<std::string>& out) {
    const JsonNode node = set[key];
    if (node.missing()) {
        return {};
    }
    if (!node.is_string() || node.text().size() > kMaxWords) {
        return Bad(std::string(key));
    }
    out = std::string(node.text());
    return {};
}

core::Status
ReadTexts(JsonNode set, std::string_view key, std::optional<std::vector<std::string>>& out) {
    const JsonNode node = set[key];
    if (node.missing()) {
        return {};
    }
    if (!node.is_array() || node.size() > kMaxUnitsOfTask) {
        return Bad(std::string(key));
    }
    out.emplace();
    for (JsonNode one = node.first(); one; one = one.next()) {
        if (!one.is_string() || one.text().size() > kMaxWords) {
            return Bad(std::string(key));
        }
        out->emplace_back(one.text());
    }
    return {};
}

core::Status ReadYear(JsonNode set, std::string_view key, std::optional<std::optional<int>>& out) {
    const JsonNode node = set[key];
    if (node.missing()) {
        return {};
    }
    if (!node.missing() && node.kind() == core::JsonKind::kNull) {
        out.emplace(std::nullopt);
        return {};
    }
    const auto year = node.integer();
    if (!year || *year < 1949 || *year > 2200) {
        return Bad(std::string(key) + ": " + std::string(node.text()));
    }
    out.emplace(static_cast<int>(*year));
    return {};
}

core::Status ReadValue(JsonNode set, std::optional<TargetValue>& out) {
    const JsonNode node = set["value"];
    if (node.missing()) {
        return {};
    }
    if (node.is_array() && node.size() == 2) {
        KQ_ASSIGN(const double low, Double(node[0], "value"));
        KQ_ASSIGN(const double high, Double(node[1], "value"));
        if (low > high) {
            return Bad("value");
        }
        out = TargetValue(ValueRange{low, high});
        return {};
    }
    if (node.is_string() && node.text().size() <= kMaxWords && !node.text().empty()) {
        out = TargetValue(std::string(node.text()));
        return {};
    }
    KQ_ASSIGN(const double value, Double(node, "value"));
    out = TargetValue(value);
    return {};
}

core::Status ReadCorrection(JsonNode set, Correction& out) {
    KQ_TRY(ReadText(set, "title", out.title));
    KQ_TRY(ReadTexts(set, "units", out.units));
    KQ_TRY(ReadTexts(set, "unitIds", out.unit_ids));
    KQ_TRY(ReadText(set, "name", out.name));
    KQ_TRY(ReadText(set, "unit", out.unit));
    KQ_TRY(ReadText(set, "attribute", out.attribute));
    KQ_TRY(ReadText(set, "measure", out.measure));
    KQ_TRY(ReadYear(set, "year", out.year));
    KQ_TRY(ReadYear(set, "baselineYear", out.baseline_year));
    KQ_TRY(ReadValue(set, out.value));
    if (const JsonNode node = set["comparator"]) {
        out.comparator = FindComparator(node.text());
        if (!out.comparator) {
            return Bad("comparator: " + std::string(node.text()));
        }
    }
    if (const JsonNode node = set["mode"]) {
        const bool lead = node.text() == "lead-first";
        if (!lead && node.text() != "each-by-duty") {
            return Bad("mode: " + std::string(node.text()));
        }
        out.mode = lead ? ResponsibilityMode::kLeadFirst : ResponsibilityMode::kEachByDuty;
    }
    const JsonNode baseline = set["baseline"];
    if (!baseline.missing() && baseline.kind() == core::JsonKind::kNull) {
        out.baseline.emplace(std::nullopt);
    } else if (!baseline.missing()) {
        KQ_ASSIGN(const double value, Double(baseline, "baseline"));
        out.baseline.emplace(value);
    }
    return {};
}

core::Result<ReviewItem> ItemOf(JsonNode json, std::string_view key) {
    const auto item = ParseItem(json[key].text());
    if (!item) {
        return Bad(std::string(key) + ": " + std::string(json[key].text().substr(0, 60)));
    }
    return *item;
}

}  // namespace

std::optional<ReviewItem> ParseItem(std::string_view text) {
    constexpr std::string_view kTask = "task:";
    constexpr std::string_view kTarget = "target:";
    if (text.substr(0, kTask.size()) == kTask) {
        const auto no = Number(text.substr(kTask.size()));
        return no ? std::optional(ReviewItem{static_cast<int>(*no), {}}) : std::nullopt;
    }
    const std::size_t slash = text.find('/');
    if (text.substr(0, kTarget.size()) != kTarget || slash == std::string_view::npos) {
        return std::nullopt;
    }
    const auto no = Number(text.substr(kTarget.size(), slash - kTarget.size()));
    const auto position = Number(text.substr(slash + 1));
    if (!no || !position) {
        return std::nullopt;
    }
    return ReviewItem{static_cast<int>(*no), *position};
}

std::string ToText(const ReviewItem& item) {
    const std::string no = std::to_string(item.task);
    return item.target ? "target:" + no + "/" + std::to_string(*item.target) : "task:" + no;
}

core::Result<ReviewStep> ReadStep(JsonNode json) {
    ReviewStep step;
    const std::string_view op = json["op"].text();
    std::size_t action = 0;
    while (action < kActions.size() && kActions[action] != op) {
        ++action;
    }
    if (action == kActions.size()) {
        return Bad("op: " + std::string(op.substr(0, 60)));
    }
    step.action = static_cast<ReviewAction>(action);
    if (step.action != ReviewAction::kAcceptSure) {
        KQ_ASSIGN(step.item, ItemOf(json, "item"));
    }
    if (step.action == ReviewAction::kMerge) {
        KQ_ASSIGN(step.with, ItemOf(json, "with"));
    }
    if (step.action == ReviewAction::kSplit && !step.item.target) {
        const auto at = json["at"].integer();
        if (!at || *at < 0) {
            return Bad("at: " + std::string(json["at"].text()));
        }
        step.at = static_cast<std::size_t>(*at);
    }
    KQ_TRY(ReadCorrection(json["set"], step.set));
    return step;
}

}  // namespace kangqu::plan
