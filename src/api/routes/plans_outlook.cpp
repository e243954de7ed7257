// What becomes of a target: its path by year, the forecast, who holds it back, and what if.
#include "kangqu/plan/forecast.hpp"

#include "plan_board.hpp"
#include "plan_review_json.hpp"
#include "plans_review.hpp"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::JsonWriter;
using core::Language;
using core::MakeError;

constexpr std::size_t kMaxValues = 1000;

double TimeOf(plan::Period period) {
    return period.year + period.fraction;
}

// One target of the board at the request's period, with what judging it found.
struct Asked {
    StoredPlan stored;
    PeriodChoice period;
    plan::BoardTarget target;
};

core::Result<Asked> AskedTarget(const PlanServices& services, const Request& request) {
    KQ_ASSIGN(const auto restriction, services.restriction(request));
    Asked asked;
    KQ_ASSIGN(asked.stored, ReadStored(services, restriction, request.Param("id")));
    if (asked.stored.document.status == "draft") {
        return MakeError(ErrorCode::kPlanNotReviewed, "1");
    }
    KQ_ASSIGN(asked.period, PeriodOf(request, services.measures.periods));
    plan::Board board =
        BoardOf(services, asked.stored, asked.period, request.Query("unit").value_or(""));
    const auto found =
        std::find_if(board.targets.begin(), board.targets.end(), [&request](const auto& one) {
            return one.id == request.Param("target");
        });
    if (found == board.targets.end()) {
        return MakeError(ErrorCode::kPlanItemUnknown, std::string(request.Param("target")));
    }
    asked.target = std::move(*found);
    return asked;
}

// The side of the goal that is asked for.
bool AtLeast(const PlanServices& services, const plan::BoardTarget& target) {
    const plan::Milestone& due = target.target.milestones[*target.state.milestone];
    switch (due.comparator) {
        case plan::Comparator::kAtMost:
        case plan::Comparator::kBelow:
        case plan::Comparator::kReduceBy:
        case plan::Comparator::kReduceByPerYear:
        case plan::Comparator::kTrendDown:
            return false;
        case plan::Comparator::kAtLeast:
        case plan::Comparator::kAbove:
        case plan::Comparator::kIncreaseBy:
            return true;
        case plan::Comparator::kEqual:
        case plan::Comparator::kAbout:
        case plan::Comparator::kBetween:
        case plan::Comparator::kRank:
        case plan::Comparator::kInRange:
            break;
    }
    // The definition of the measure says it, not the sign of a difference.
    const measure::Measure* const measure = services.measures.populations.Find(target.measure);
    return measure == nullptr || measure->increase;
}

core::Result<double> GoalOf(const plan::BoardTarget& target, Language language) {
    const bool has = target.state.goal && target.state.milestone && target.measured;
    if (!has) {
        const std::string reason =
            target.state.reason.empty() ? std::string("no-goal") : target.state.reason;
        const std::string_view text = plan::ReasonText(reason, language);
        return MakeError(
            ErrorCode::kPlanNotComputable,
            target.target.name,
            text.empty() ? reason : std::string(text)
        );
    }
    return *target.state.goal;
}

// Values known of the ends of years: the baseline, past periods, and the period itself.
std::vector<plan::SeriesPoint> SeriesOf(const PlanServices& services, const Asked& asked) {
    std::map<double, double> points;
    if (asked.target.target.baseline) {
        points[asked.target.target.baseline->year + 1.0] = asked.target.target.baseline->value;
    }
    for (const auto& [id, value] : asked.target.history) {
        for (const PeriodChoice& choice : services.measures.periods()) {
            if (choice.named.id == id) {
                points[TimeOf(choice.end)] = value;
            }
        }
    }
    if (asked.target.measured) {
        points[TimeOf(asked.period.end)] = asked.target.measured->value;
    }
    std::vector<plan::SeriesPoint> series;
    for (const auto& [time, value] : points) {
        series.push_back({time, value});
    }
    return series;
}

void WritePoint(JsonWriter& writer, const plan::ForecastPoint& point) {
    writer.BeginObject();
    WriteOptional(writer, "time", std::optional(point.time));
    WriteOptional(writer, "value", std::optional(point.value));
    WriteOptional(writer, "low", std::optional(point.low));
    WriteOptional(writer, "high", std::optional(point.high));
    writer.EndObject();
}

// The years to each milestone along a straight line from what is known before it.
void WritePath(JsonWriter& writer, const Asked& asked) {
    const plan::Target& target = asked.target.target;
    writer.Key("path").BeginArray();
    std::optional<std::pair<int, double>> from;
    if (target.baseline) {
        from = {target.baseline->year, target.baseline->value};
    }
    for (const plan::Milestone& milestone : target.milestones) {
        const auto* const number = std::get_if<double>(&milestone.value);
        const bool level = number != nullptr &&
                           milestone.comparator != plan::Comparator::kReduceBy &&
                           milestone.comparator != plan::Comparator::kIncreaseBy &&
                           milestone.comparator != plan::Comparator::kReduceByPerYear;
        if (!level || !milestone.year || (from && *milestone.year <= from->first)) {
            continue;
        }
        const int first = from ? from->first + 1 : *milestone.year;
        for (int year = first; year <= *milestone.year; ++year) {
            const double share = from ? static_cast<double>(year - from->first) /
                                            static_cast<double>(*milestone.year - from->first)
                                      : 1.0;
            const double start = from ? from->second : *number;
            writer.BeginObject().Field("year", std::int64_t{year});
            WriteOptional(writer, "value", std::optional(start + (*number - start) * share));
            writer.Field("milestone", year == *milestone.year).EndObject();
        }
        from = {*milestone.year, *number};
    }
    writer.EndArray();
}

void WriteOutlook(
    JsonWriter& writer,
    const PlanServices& services,
    const Asked& asked,
    const std::vector<plan::SeriesPoint>& series,
    double goal
) {
    const plan::Scale scale = plan::ScaleFor("%", series);
    const auto trend = plan::Trend::Fit(series, scale, 100.0);
    const plan::Milestone& due = asked.target.target.milestones[*asked.target.state.milestone];
    writer.Key("forecast");
    if (!trend || !due.year) {
        writer.BeginObject().Field("possible", false);
        writer.Field("reason", trend ? "no-year" : "too-few-values").EndObject();
        return;
    }
    const double now = TimeOf(asked.period.end);
    const plan::Outlook outlook = plan::LookAhead(
        *trend,
        now,
        asked.target.measured->value,
        *due.year + 1.0,
        goal,
        AtLeast(services, asked.target)
    );
    writer.BeginObject().Field("possible", true).Field("answer", plan::NameOf(outlook.answer));
    WriteOptional(writer, "chance", std::optional(outlook.chance));
    WriteOptional(writer, "when", outlook.when);
    WriteOptional(writer, "whenEarly", outlook.when_early);
    WriteOptional(writer, "whenLate", outlook.when_late);
    WriteOptional(writer, "pace", std::optional(outlook.pace));
    WriteOptional(writer, "paceNeeded", outlook.pace_needed);
    writer.Key("atDue");
    WritePoint(writer, outlook.at_due);
    writer.Key("years").BeginArray();
    for (const plan::ForecastPoint& point : outlook.path) {
        WritePoint(writer, point);
    }
    writer.EndArray().Key("method").BeginObject().Field("scale", plan::NameOf(trend->scale()));
    writer.Field("line", "theil-sen").Field("interval", "prediction-t-80");
    writer.Field("points", static_cast<std::int64_t>(trend->points())).EndObject().EndObject();
}

core::Result<Response> ReadOutlook(const PlanServices& services, const Request& request) {
    KQ_ASSIGN(const Asked asked, AskedTarget(services, request));
    KQ_ASSIGN(const double goal, GoalOf(asked.target, request.language));
    const std::vector<plan::SeriesPoint> series = SeriesOf(services, asked);
    const plan::Milestone& due = asked.target.target.milestones[*asked.target.state.milestone];
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("target", asked.target.id);
    writer.Field("name", asked.target.target.name).Field("unit", asked.target.target.unit);
    WriteOptional(writer, "goal", std::optional(goal));
    WriteOptional(writer, "due", due.year);
    writer.Field("atLeast", AtLeast(services, asked.target));
    writer.Field("state", plan::NameOf(asked.target.state.state));
    WriteOptional(writer, "value", std::optional(asked.target.measured->value));
    WriteOptional(writer, "now", std::optional(TimeOf(asked.period.end)));
    writer.Key("series").BeginArray();
    for (const plan::SeriesPoint& point : series) {
        writer.BeginObject();
        WriteOptional(writer, "time", std::optional(point.time));
        WriteOptional(writer, "value", std::optional(point.value));
        writer.EndObject();
    }
    writer.EndArray();
    WritePath(writer, asked);
    WriteOutlook(writer, services, asked, series, goal);
    writer.EndObject();
    return Response::Json(std::move(body));
}

// Counts by institution, or rolled up to the street.
core::Result<std::vector<plan::UnitCount>>
UnitsOf(const PlanServices& services, const Request& request, const Asked& asked) {
    KQ_ASSIGN(
        const MeasureView view,
        ViewOf(
            services.measures,
            asked.target.measure,
            asked.period.named.id,
            request.Query("unit").value_or("")
        )
    );
    const bool institutions = request.Query("by").value_or("street") == "institution";
    std::map<std::string, plan::UnitCount> units;
    for (const auto& [organization, counts] : view.ByOrganization()) {
        const std::string id = institutions
                                   ? organization
                                   : AssessedUnit(services.measures.organizations, organization);
        plan::UnitCount& unit = units[id];
        unit.id = id;
        unit.numerator += counts.numerator;
        unit.denominator += counts.denominator;
    }
    std::vector<plan::UnitCount> out;
    for (auto& [id, unit] : units) {
        out.push_back(std::move(unit));
    }
    return out;
}

core::Result<Response> ReadContributions(const PlanServices& services, const Request& request) {
    KQ_ASSIGN(const Asked asked, AskedTarget(services, request));
    KQ_ASSIGN(const double goal, GoalOf(asked.target, request.language));
    KQ_ASSIGN(const auto units, UnitsOf(services, request, asked));
    const plan::Contributions all = plan::Contribute(units, goal, AtLeast(services, asked.target));
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("target", asked.target.id).Field("name", asked.target.target.name);
    WriteOptional(writer, "goal", std::optional(goal));
    WriteOptional(writer, "value", std::optional(all.value));
    WriteOptional(writer, "residents", std::optional(all.residents));
    writer.Field("basis", asked.target.basis).Key("units").BeginArray();
    for (const plan::Contribution& one : all.units) {
        writer.BeginObject().Field("id", one.id);
        writer.Field("name", services.measures.organizations.NameOf(one.id));
        WriteOptional(writer, "value", std::optional(one.value));
        writer.Field("meets", one.meets);
        WriteOptional(writer, "residents", std::optional(one.residents));
        WriteOptional(writer, "effect", std::optional(one.effect));
        writer.EndObject();
    }
    writer.EndArray().EndObject();
    return Response::Json(std::move(body));
}

core::Result<double> NumberOf(core::JsonNode node, std::string_view name) {
    double value = 0;
    const std::string_view text = node.text();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!node.is_number() || error != std::errc() || end != text.data() + text.size() ||
        !std::isfinite(value)) {
        return MakeError(ErrorCode::kInvalidArgument, std::string(name), std::string(text));
    }
    return value;
}

core::Result<std::vector<std::pair<std::string, double>>> ValuesOf(core::JsonNode body) {
    std::vector<std::pair<std::string, double>> values;
    for (core::JsonNode one = body["values"].first(); one; one = one.next()) {
        KQ_ASSIGN(const double value, NumberOf(one["value"], "values"));
        if (value < 0 || value > 100 || values.size() >= kMaxValues) {
            return MakeError(
                ErrorCode::kInvalidArgument, "values", std::string(one["value"].text())
            );
        }
        values.emplace_back(one["unit"].text(), value);
    }
    return values;
}

core::Result<Response> AskWhatIf(const PlanServices& services, const Request& request) {
    KQ_ASSIGN(const auto body, PlanBodyOf(request));
    KQ_ASSIGN(const auto values, ValuesOf(body->root()));
    KQ_ASSIGN(const Asked asked, AskedTarget(services, request));
    KQ_ASSIGN(const double goal, GoalOf(asked.target, request.language));
    KQ_ASSIGN(const auto units, UnitsOf(services, request, asked));
    const bool at_least = AtLeast(services, asked.target);
    const auto value = plan::WhatIf(units, values);
    if (!value) {
        return MakeError(
            ErrorCode::kPlanNotComputable, asked.target.target.name, "empty-denominator"
        );
    }
    std::string out;
    JsonWriter writer(out);
    writer.BeginObject().Field("target", asked.target.id);
    WriteOptional(writer, "goal", std::optional(goal));
    WriteOptional(writer, "value", std::optional(asked.target.measured->value));
    WriteOptional(writer, "then", value);
    writer.Field("meets", at_least ? *value >= goal - 1e-9 : *value <= goal + 1e-9);
    // A pace: where it leads to when the target is due, and when it meets the goal.
    std::optional<double> at_due;
    std::optional<double> when;
    if (const core::JsonNode node = body->root()["pace"]) {
        KQ_ASSIGN(const double pace, NumberOf(node, "pace"));
        const double now = TimeOf(asked.period.end);
        const auto& due = asked.target.target.milestones[*asked.target.state.milestone];
        if (due.year) {
            at_due = std::clamp(*value + pace * (*due.year + 1.0 - now), 0.0, 100.0);
        }
        const double gap = goal - *value;
        const bool there = at_least ? gap <= 0 : gap >= 0;
        if (there) {
            when = now;
        } else if (pace * gap > 0) {
            when = now + gap / pace;
        }
    }
    WriteOptional(writer, "atDue", at_due);
    WriteOptional(writer, "when", when);
    writer.EndObject();
    return Response::Json(std::move(out));
}

Schema PointSchema() {
    return Schema::Object({
        {"time", Schema::Number().Nullable()},
        {"value", Schema::Number().Nullable()},
        {"low", Schema::Number().Nullable()},
        {"high", Schema::Number().Nullable()},
    });
}

Schema OutlookSchema() {
    const Schema number = Schema::Number().Nullable();
    const Schema forecast = Schema::Object({
        {"possible", Schema::Boolean()},
        {"reason", Schema::String().Optional()},
        {"answer", Schema::Enum({"yes", "likely", "unlikely", "no"}).Optional()},
        {"chance", number.Optional()},
        {"when", number.Optional()},
        {"whenEarly", number.Optional()},
        {"whenLate", number.Optional()},
        {"pace", number.Optional()},
        {"paceNeeded", number.Optional()},
        {"atDue", PointSchema().Optional()},
        {"years", Schema::Array(PointSchema()).Optional()},
        {"method",
         Schema::Object({
                            {"scale", Schema::String()},
                            {"line", Schema::String()},
                            {"interval", Schema::String()},
                            {"points", Schema::Integer()},
                        })
             .Optional()},
    });
    return Schema::Object({
        {"target", Schema::String()},
        {"name", Schema::String()},
        {"unit", Schema::String()},
        {"goal", number},
        {"due", Schema::Integer().Nullable()},
        {"atLeast", Schema::Boolean()},
        {"state", Schema::Enum({"met", "onTrack", "behind", "notComputable"})},
        {"value", number},
        {"now", number},
        {"series", Schema::Array(Schema::Object({{"time", number}, {"value", number}}))},
        {"path",
         Schema::Array(Schema::Object({
             {"year", Schema::Integer()},
             {"value", number},
             {"milestone", Schema::Boolean()},
         }))},
        {"forecast", forecast},
    });
}

Schema ContributionsSchema() {
    const Schema number = Schema::Number().Nullable();
    return Schema::Object({
        {"target", Schema::String()},
        {"name", Schema::String()},
        {"goal", number},
        {"value", number},
        {"residents", number},
        {"basis", Schema::String()},
        {"units",
         Schema::Array(Schema::Object({
             {"id", Schema::String()},
             {"name", Schema::String()},
             {"value", number},
             {"meets", Schema::Boolean()},
             {"residents", number},
             {"effect", number},
         }))},
    });
}

Schema WhatIfSchema() {
    const Schema number = Schema::Number().Nullable();
    return Schema::Object({
        {"target", Schema::String()},
        {"goal", number},
        {"value", number},
        {"then", number},
        {"meets", Schema::Boolean()},
        {"atDue", number},
        {"when", number},
    });
}

}  // namespace

void RegisterPlanOutlook(RouteFamily<PlanServices>& family) {
    const Parameter by =
        QueryText("by", {"street（街道）或 institution（机构）", "street or institution"});
    family.Get(
        "/api/plans/{id}/targets/{target}/outlook",
        "readTargetOutlook",
        {"指标的年度路径与预测", "Path by year and forecast of a target"},
        {UnitParameter(), PeriodParameter()},
        {OutlookSchema(), ReadOutlook}
    );
    family.Get(
        "/api/plans/{id}/targets/{target}/contributions",
        "readTargetContributions",
        {"各街道、机构对指标的影响", "What streets and institutions add to a target's gap"},
        {UnitParameter(), PeriodParameter(), by},
        {ContributionsSchema(), ReadContributions}
    );
    Route what_if;
    what_if.method = Method::kPost;
    what_if.path = "/api/plans/{id}/targets/{target}/what-if";
    what_if.id = "askTargetWhatIf";
    what_if.summary = {"假设分析", "What if units had other values, or the pace were another"};
    what_if.parameters = {UnitParameter(), PeriodParameter(), by};
    what_if.request = {
        {"application/json",
         Schema::Object({
             {"values",
              Schema::Array(
                  Schema::Object({{"unit", Schema::String()}, {"value", Schema::Number()}})
              ).Optional()},
             {"pace", Schema::Number().Optional()},
         })}};
    what_if.cost = Cost::kRead;
    family.Add(std::move(what_if), WhatIfSchema(), AskWhatIf);
}

}  // namespace kangqu::api
