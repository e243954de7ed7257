#include "kangqu/plan/resource.hpp"

#include "base64.hpp"
#include "resource_urls.hpp"
#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <utility>

namespace kangqu::plan {

namespace {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

// Deeper headings than any numbering has.
constexpr std::size_t kMaxActionDepth = 16;

std::string String(JsonNode node) {
    return std::string(node.text());
}

// The extension of `node` with `url`, or missing.
JsonNode Extension(JsonNode node, std::string_view url) {
    for (JsonNode one = node["extension"].first(); one; one = one.next()) {
        if (one["url"].text() == url) {
            return one;
        }
    }
    return {};
}

std::string SubText(JsonNode extension, std::string_view url) {
    return String(Extension(extension, url)["valueString"]);
}

core::Error BadValue(std::string where, JsonNode value, std::string type) {
    return MakeError(ErrorCode::kFhirBadValue, std::move(where), String(value), std::move(type));
}

core::Result<std::optional<std::int64_t>> SubInteger(JsonNode extension, std::string_view url) {
    const JsonNode value = Extension(extension, url)["valueInteger"];
    if (value.missing()) {
        return std::optional<std::int64_t>{};
    }
    const auto number = value.integer();
    if (!number || *number < 0 || *number > std::numeric_limits<std::int32_t>::max()) {
        return BadValue(std::string(url), value, "integer");
    }
    return number;
}

core::Result<double> Number(JsonNode node, std::string_view where) {
    double value = 0;
    const std::string_view text = node.text();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!node.is_number() || error != std::errc() || end != text.data() + text.size()) {
        return BadValue(std::string(where), node, "decimal");
    }
    return value;
}

std::vector<Doubt> DoubtsOf(JsonNode node) {
    std::vector<Doubt> doubts;
    for (JsonNode one = node["extension"].first(); one; one = one.next()) {
        if (one["url"].text() == kDoubtUrl) {
            doubts.push_back({SubText(one, "code"), SubText(one, "words")});
        }
    }
    return doubts;
}

// What a person said of `node`; in a plan that is live nothing is proposed any more.
core::Result<Review> ReviewOf(JsonNode node, bool live) {
    Review review;
    review.state = live ? ReviewState::kAccepted : ReviewState::kProposed;
    const JsonNode ours = Extension(node, kReviewUrl);
    if (ours.missing()) {
        return review;
    }
    const JsonNode state = Extension(ours, "state")["valueString"];
    const auto known = FindReviewState(state.text());
    if (!known) {
        return BadValue("review", state, "review state");
    }
    review.state = *known;
    review.by = SubText(ours, "by");
    review.at = SubText(ours, "at");
    return review;
}

core::Result<TargetValue> DetailOf(JsonNode target) {
    if (const JsonNode quantity = target["detailQuantity"]) {
        KQ_ASSIGN(const double value, Number(quantity["value"], "detailQuantity.value"));
        return TargetValue(value);
    }
    if (const JsonNode range = target["detailRange"]) {
        KQ_ASSIGN(const double low, Number(range["low"]["value"], "detailRange.low"));
        KQ_ASSIGN(const double high, Number(range["high"]["value"], "detailRange.high"));
        return TargetValue(ValueRange{low, high});
    }
    return TargetValue(String(target["detailCodeableConcept"]["text"]));
}

// An indicator and its place among those of its task.
struct Placed {
    std::size_t position = 0;
    Indicator indicator;
};

core::Result<Comparator> ComparatorOf(JsonNode ours, JsonNode target) {
    JsonNode node = Extension(ours, "comparator")["valueString"];
    if (node.missing()) {
        node = target["detailQuantity"]["comparator"];
    }
    if (node.missing()) {
        return Comparator::kEqual;
    }
    const auto comparator = FindComparator(node.text());
    if (!comparator) {
        return BadValue("comparator", node, "comparator");
    }
    return *comparator;
}

core::Result<Placed> TargetOf(JsonNode goal, JsonNode target, bool live) {
    const JsonNode ours = Extension(target, kTargetUrl);
    Placed placed;
    Indicator& indicator = placed.indicator;
    indicator.name = String(goal["description"]["text"]);
    KQ_ASSIGN(indicator.comparator, ComparatorOf(ours, target));
    KQ_ASSIGN(indicator.value, DetailOf(target));
    indicator.unit = ours ? SubText(ours, "unit") : String(target["detailQuantity"]["unit"]);
    indicator.words = SubText(ours, "words");
    indicator.attribute = SubText(ours, "attribute");
    indicator.measure = SubText(ours, "measure");
    indicator.doubts = DoubtsOf(target);
    KQ_ASSIGN(indicator.review, ReviewOf(target, live));
    KQ_ASSIGN(const auto place_start, SubInteger(ours, "placeStart"));
    KQ_ASSIGN(const auto place_end, SubInteger(ours, "placeEnd"));
    indicator.place = {
        static_cast<std::size_t>(place_start.value_or(0)),
        static_cast<std::size_t>(place_end.value_or(0))};
    KQ_ASSIGN(const auto position, SubInteger(ours, "position"));
    placed.position = static_cast<std::size_t>(position.value_or(0));
    KQ_ASSIGN(const auto year, SubInteger(ours, "year"));
    KQ_ASSIGN(const auto baseline_year, SubInteger(ours, "baselineYear"));
    if (year) {
        indicator.year = static_cast<int>(*year);
    }
    if (baseline_year) {
        indicator.baseline_year = static_cast<int>(*baseline_year);
    }
    if (const JsonNode baseline = Extension(ours, "baseline")) {
        KQ_ASSIGN(indicator.baseline, Number(baseline["valueDecimal"], "baseline"));
    }
    return placed;
}

class PlanDefinitionReader {
public:
    explicit PlanDefinitionReader(JsonNode resource) : resource_(resource) {}

    core::Result<PlanDocument> Read() {
        if (resource_["resourceType"].text() != "PlanDefinition") {
            return MakeError(
                ErrorCode::kFhirWrongKind,
                "resourceType",
                "PlanDefinition",
                String(resource_["resourceType"])
            );
        }
        document_.status = String(resource_["status"]);
        if (const JsonNode undo = Extension(resource_, kUndoUrl)["valueInteger"]) {
            document_.undo_version = undo.integer().value_or(0);
        }
        for (JsonNode one = resource_["relatedArtifact"].first(); one; one = one.next()) {
            constexpr std::string_view kPlan = "PlanDefinition/";
            const std::string_view former = one["resource"].text();
            if (one["type"].text() == "predecessor" && former.substr(0, kPlan.size()) == kPlan) {
                document_.edition_of = former.substr(kPlan.size());
            }
        }
        document_.title = String(resource_["title"]);
        document_.issuer = String(resource_["publisher"]);
        document_.date = String(resource_["date"]);
        document_.published = String(Extension(resource_, kPublishedUrl)["valueDate"]);
        for (JsonNode one = resource_["identifier"].first(); one; one = one.next()) {
            if (one["system"].text() == kDocNoSystem) {
                document_.doc_no = String(one["value"]);
            }
        }
        KQ_TRY(ReadGoals());
        KQ_TRY(ReadActions(resource_, {}));
        std::vector<Placed> rest;
        for (auto& [id, targets] : goals_) {
            rest.insert(rest.end(), targets.begin(), targets.end());
        }
        document_.indicators = InOrder(std::move(rest));
        return std::move(document_);
    }

private:
    core::Status ReadGoals() {
        std::size_t count = 0;
        for (JsonNode goal = resource_["goal"].first(); goal; goal = goal.next()) {
            std::vector<Placed>& targets = goals_[String(goal["id"])];
            for (JsonNode one = goal["target"].first(); one; one = one.next()) {
                if (++count > kPlanMaxIndicators) {
                    return TooMany(count, kPlanMaxIndicators);
                }
                KQ_ASSIGN(Placed target, TargetOf(goal, one, document_.status == "active"));
                targets.push_back(std::move(target));
            }
        }
        return {};
    }

    core::Status ReadActions(JsonNode parent, const std::vector<std::string>& path) {
        if (path.size() > kMaxActionDepth) {
            return TooMany(path.size(), kMaxActionDepth);
        }
        for (JsonNode action = parent["action"].first(); action; action = action.next()) {
            if (action["action"].missing()) {
                KQ_TRY(ReadTask(action, path));
                continue;
            }
            std::vector<std::string> below = path;
            below.push_back(String(action["title"]));
            KQ_TRY(ReadActions(action, below));
        }
        return {};
    }

    core::Status ReadTask(JsonNode action, const std::vector<std::string>& path) {
        if (document_.tasks.size() >= kPlanMaxTasks) {
            return TooMany(document_.tasks.size() + 1, kPlanMaxTasks);
        }
        const JsonNode ours = Extension(action, kTaskUrl);
        Task task;
        task.path = path;
        task.title = String(action["title"]);
        task.text = String(action["textEquivalent"]);
        task.lead_unit = SubText(ours, "leadUnit");
        task.declaration = SubText(ours, "declaration");
        task.collective = Extension(ours, "collective")["valueBoolean"].boolean();
        task.doubts = DoubtsOf(action);
        KQ_ASSIGN(task.review, ReviewOf(action, document_.status == "active"));
        KQ_ASSIGN(const auto no, SubInteger(ours, "no"));
        task.no = no ? static_cast<int>(*no) : static_cast<int>(document_.tasks.size()) + 1;
        KQ_ASSIGN(task.offset, RangeOf(ours));
        KQ_TRY(ReadResponsibility(action, ours, task));
        std::vector<Placed> targets;
        for (JsonNode id = action["goalId"].first(); id; id = id.next()) {
            if (auto goal = goals_.extract(String(id)); !goal.empty()) {
                targets.insert(targets.end(), goal.mapped().begin(), goal.mapped().end());
            }
        }
        task.indicators = InOrder(std::move(targets));
        document_.tasks.push_back(std::move(task));
        return {};
    }

    static core::Status ReadResponsibility(JsonNode action, JsonNode ours, Task& task) {
        if (const JsonNode mode = Extension(ours, "mode")["valueString"]) {
            const bool lead = mode.text() == "lead-first";
            if (!lead && mode.text() != "each-by-duty") {
                return BadValue("mode", mode, "mode");
            }
            task.mode = lead ? ResponsibilityMode::kLeadFirst : ResponsibilityMode::kEachByDuty;
        }
        for (JsonNode one = action["extension"].first(); one; one = one.next()) {
            if (one["url"].text() == kUnitUrl) {
                task.units.push_back(SubText(one, "printed"));
                task.units_full.push_back(SubText(one, "full"));
                constexpr std::string_view kOrganization = "Organization/";
                const std::string_view unit =
                    Extension(one, "organization")["valueReference"]["reference"].text();
                const bool matched = unit.substr(0, kOrganization.size()) == kOrganization;
                task.unit_ids.emplace_back(matched ? unit.substr(kOrganization.size()) : "");
            }
        }
        // Without any match there is no list, as the reader has it.
        if (std::all_of(task.unit_ids.begin(), task.unit_ids.end(), [](const std::string& id) {
                return id.empty();
            })) {
            task.unit_ids.clear();
        }
        for (JsonNode one = ours["extension"].first(); one; one = one.next()) {
            if (one["url"].text() == "repeatedAt") {
                KQ_ASSIGN(const TextRange range, RangeOf(one));
                task.repeated_at.push_back(range);
            }
        }
        return {};
    }

    static core::Result<TextRange> RangeOf(JsonNode extension) {
        KQ_ASSIGN(const auto start, SubInteger(extension, "offsetStart"));
        KQ_ASSIGN(const auto end, SubInteger(extension, "offsetEnd"));
        return TextRange{
            static_cast<std::size_t>(start.value_or(0)), static_cast<std::size_t>(end.value_or(0))};
    }

    static std::vector<Indicator> InOrder(std::vector<Placed> placed) {
        std::stable_sort(placed.begin(), placed.end(), [](const Placed& a, const Placed& b) {
            return a.position < b.position;
        });
        std::vector<Indicator> indicators;
        for (Placed& one : placed) {
            indicators.push_back(std::move(one.indicator));
        }
        return indicators;
    }

    static core::Error TooMany(std::size_t found, std::size_t limit) {
        return MakeError(ErrorCode::kTooLarge, std::to_string(found), std::to_string(limit));
    }

    JsonNode resource_;
    PlanDocument document_;
    // Goals that no task has taken yet.
    std::map<std::string, std::vector<Placed>> goals_;
};

}  // namespace

core::Result<PlanDocument> FromPlanDefinition(JsonNode resource) {
    return PlanDefinitionReader(resource).Read();
}

std::string SourceReferenceOf(JsonNode plan_definition) {
    return String(Extension(plan_definition, kSourceUrl)["valueReference"]["reference"]);
}

core::Result<std::string> SourceTextOf(JsonNode document_reference) {
    const JsonNode data = document_reference["content"][0]["attachment"]["data"];
    if (data.missing()) {
        return MakeError(
            ErrorCode::kFhirMissingElement, "DocumentReference.content.attachment.data"
        );
    }
    auto bytes = DecodeBase64(data.text());
    if (!bytes) {
        return MakeError(
            ErrorCode::kFhirBadValue,
            "DocumentReference.content.attachment.data",
            std::string(data.text().substr(0, 16)),
            "base64Binary"
        );
    }
    return std::move(*bytes);
}

}  // namespace kangqu::plan
