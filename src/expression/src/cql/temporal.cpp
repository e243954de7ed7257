// Durations, components, constructors of dates and times, ages.
#include "conversion.hpp"
#include "cql/cql_functions.hpp"
#include "cql/cql_run.hpp"
#include "navigate.hpp"
#include "operators/compare.hpp"
#include <array>

namespace kangqu::expression {

namespace {

bool IsTemporal(const Value& value) {
    return value.is(Kind::kDate) || value.is(Kind::kDateTime) || value.is(Kind::kTime);
}

Value FromCount(Evaluation& evaluation, const std::optional<core::UncertainCount>& count) {
    if (!count) {
        return {};
    }
    if (count->low == count->high) {
        return Value::Integer(count->low);
    }
    return Value::Of(evaluation.arena().New(Interval{
        Value::Integer(count->low), Value::Integer(count->high), true, true, true}));
}

Value Count(
    Evaluation& evaluation,
    const Value& from,
    const Value& to,
    core::TimeUnit unit,
    bool crossed
) {
    if (!IsTemporal(from) || !IsTemporal(to)) {
        return {};
    }
    // Days of a date have no time within them: what is not known goes from first to last day.
    const auto days = [](const core::Temporal& date, bool last) {
        return last ? date.Highest(core::Precision::kDay) : date.Lowest(core::Precision::kDay);
    };
    const bool exact =
        unit == core::TimeUnit::kYear ||
        (unit == core::TimeUnit::kMonth && from.is(Kind::kDate) && to.is(Kind::kDate) &&
         from.temporal().precision >= core::Precision::kMonth &&
         to.temporal().precision >= core::Precision::kMonth);
    if (!crossed && !exact && from.is(Kind::kDate) && to.is(Kind::kDate) &&
        unit <= core::TimeUnit::kDay) {
        const core::Temporal& a = from.temporal();
        const core::Temporal& b = to.temporal();
        const auto low = core::DurationBetween(days(a, true), days(b, false), unit, 0);
        const auto high = core::DurationBetween(days(a, false), days(b, true), unit, 0);
        return low && high ? FromCount(evaluation, core::UncertainCount{low->low, high->high})
                           : Value();
    }
    const auto count =
        crossed ? core::DifferenceBetween(from.temporal(), to.temporal(), unit, evaluation.offset())
                : core::DurationBetween(from.temporal(), to.temporal(), unit, evaluation.offset());
    return FromCount(evaluation, count);
}

}  // namespace

Value RunDuration(Evaluation& evaluation, const PlanNode& node) {
    const Value from = evaluation.System(node, 0);
    const Value to = evaluation.System(node, 1);
    return Count(evaluation, from, to, static_cast<core::TimeUnit>(node.data), node.flags != 0);
}

Value RunComponent(Evaluation& evaluation, const PlanNode& node) {
    constexpr std::uint32_t kDatePart = 16;
    constexpr std::uint32_t kTimePart = 17;
    const Value value = evaluation.System(node, 0);
    if (!IsTemporal(value)) {
        return {};
    }
    const core::Temporal moment = value.temporal();
    if (node.data <= static_cast<std::uint32_t>(core::Precision::kMillisecond)) {
        const auto part =
            moment.AtOffset(evaluation.offset()).Component(static_cast<core::Precision>(node.data));
        return part ? Value::Integer(*part) : Value();
    }
    if (node.data == kDatePart) {
        return value.is(Kind::kTime)
                   ? Value()
                   : Value::Temporal(moment.AtOffset(evaluation.offset()).ToDate());
    }
    if (node.data == kTimePart) {
        if (!value.is(Kind::kDateTime) || moment.precision < core::Precision::kHour) {
            return {};
        }
        return Value::Temporal(expression::TimeOfDay(moment.AtOffset(evaluation.offset())));
    }
    const int minutes = moment.has_offset ? moment.offset_minutes : evaluation.offset();
    const auto hours = core::Decimal(minutes).Over(core::Decimal(60));
    return hours ? Value::Decimal(*hours) : Value();
}

namespace {

// The whole arguments of a constructor, up to the first null; false when one is no Integer.
bool Parts(
    Evaluation& evaluation,
    const PlanNode& node,
    std::array<std::int64_t, 7>& parts,
    std::size_t& known
) {
    known = 0;
    for (std::size_t i = 0; i < node.count && i < parts.size(); ++i) {
        const Value part = evaluation.System(node, i);
        if (part.is_null()) {
            break;
        }
        if (!part.is(Kind::kInteger)) {
            evaluation.Fail(node, "dates are made of integers, found " + TypeNameOf(part));
            return false;
        }
        parts[i] = part.integer();
        known = i + 1;
    }
    return known > 0;
}

std::string Padded(std::int64_t value, std::size_t width) {
    std::string text = value < 0 ? "x" : std::to_string(value);
    return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

std::string DateText(const std::array<std::int64_t, 7>& parts, std::size_t known) {
    std::string text = Padded(parts[0], 4);
    for (std::size_t i = 1; i < known && i < 3; ++i) {
        text += "-" + Padded(parts[i], 2);
    }
    return text;
}

std::string ClockText(std::span<const std::int64_t> parts) {
    std::string text = Padded(parts[0], 2);
    for (std::size_t i = 1; i < parts.size() && i < 3; ++i) {
        text += ":" + Padded(parts[i], 2);
    }
    return parts.size() > 3 ? text + "." + Padded(parts[3], 3) : text;
}

Value MakeDate(Evaluation& evaluation, const PlanNode& node) {
    std::array<std::int64_t, 7> parts{};
    std::size_t known = 0;
    if (!Parts(evaluation, node, parts, known)) {
        return {};
    }
    const auto date = core::Temporal::ParseDate(DateText(parts, known));
    return date ? Value::Temporal(*date) : evaluation.Fail(node, "there is no such date");
}

Value MakeDateTime(Evaluation& evaluation, const PlanNode& node) {
    std::array<std::int64_t, 7> parts{};
    std::size_t known = 0;
    if (!Parts(evaluation, node, parts, known)) {
        return {};
    }
    std::string text = DateText(parts, known) + "T";
    if (known > 3) {
        text += ClockText(std::span<const std::int64_t>(parts).subspan(3, known - 3));
    }
    auto moment = core::Temporal::ParseDateTime(text);
    if (!moment) {
        return evaluation.Fail(node, "there is no such date");
    }
    if (node.count > 7) {
        const auto hours = AsDecimal(evaluation.System(node, 7));
        const auto minutes = hours ? hours->Times(core::Decimal(60)) : std::nullopt;
        const auto whole = minutes ? minutes->Rounded(0).ToInteger() : std::nullopt;
        if (whole && *whole > -900 && *whole < 900) {
            moment->has_offset = true;
            moment->offset_minutes = static_cast<std::int16_t>(*whole);
        }
    }
    return Value::Temporal(*moment);
}

Value MakeTime(Evaluation& evaluation, const PlanNode& node) {
    std::array<std::int64_t, 7> parts{};
    std::size_t known = 0;
    if (!Parts(evaluation, node, parts, known)) {
        return {};
    }
    const auto time = core::Temporal::ParseTime(
        ClockText(std::span<const std::int64_t>(parts).first(std::min<std::size_t>(known, 4)))
    );
    return time ? Value::Temporal(*time) : evaluation.Fail(node, "there is no such time");
}

Value BirthDate(Evaluation& evaluation) {
    const Value& patient = evaluation.cql->patient;
    if (patient.is_null()) {
        return {};
    }
    const auto date = core::Temporal::ParseDate(patient.node()["birthDate"].text());
    return date ? Value::Temporal(*date) : Value();
}

// An age counts from the birth date to a date; a dateTime is taken at the evaluation's offset.
Value Age(Evaluation& evaluation, const Value& birth, const Value& on, std::uint32_t unit) {
    if (!IsTemporal(birth) || !IsTemporal(on)) {
        return {};
    }
    const auto time_unit = static_cast<core::TimeUnit>(unit);
    if (time_unit > core::TimeUnit::kDay) {
        return Count(evaluation, birth, on, time_unit, false);
    }
    const auto date = [&](const Value& value) {
        return Value::Temporal(value.temporal().AtOffset(evaluation.offset()).ToDate());
    };
    return Count(evaluation, date(birth), date(on), time_unit, false);
}

Value AgeNow(Evaluation& evaluation, const PlanNode& node) {
    const Value today = Value::Temporal(evaluation.environment().now);
    return Age(evaluation, BirthDate(evaluation), today, node.flags);
}

Value AgeAt(Evaluation& evaluation, const PlanNode& node) {
    return Age(evaluation, BirthDate(evaluation), evaluation.System(node, 0), node.flags);
}

Value CalculateAge(Evaluation& evaluation, const PlanNode& node) {
    const Value birth = evaluation.System(node, 0);
    const Value on =
        node.count > 1 ? evaluation.System(node, 1) : Value::Temporal(evaluation.environment().now);
    return Age(evaluation, birth, on, node.flags);
}

Value Now(Evaluation& evaluation, const PlanNode&) {
    return Value::Temporal(evaluation.environment().now);
}

Value Today(Evaluation& evaluation, const PlanNode&) {
    return Value::Temporal(evaluation.environment().now.ToDate());
}

Value TimeOfDay(Evaluation& evaluation, const PlanNode&) {
    constexpr std::int64_t kMsPerDay = 86'400'000;
    core::Temporal out;
    out.kind = core::TemporalKind::kTime;
    out.precision = core::Precision::kMillisecond;
    const std::int64_t local = evaluation.environment().now.local_ms;
    out.local_ms = (local % kMsPerDay + kMsPerDay) % kMsPerDay;
    return Value::Temporal(out);
}

// flags: core::TimeUnit
constexpr std::array<CqlFunction, 30> kFunctions = {{
    {"Date", 1, 3, Kind::kDate, MakeDate, false, 0},
    {"DateTime", 1, 8, Kind::kDateTime, MakeDateTime, false, 0},
    {"Time", 1, 4, Kind::kTime, MakeTime, false, 0},
    {"Now", 0, 0, Kind::kDateTime, Now, false, 0},
    {"Today", 0, 0, Kind::kDate, Today, false, 0},
    {"TimeOfDay", 0, 0, Kind::kTime, TimeOfDay, false, 0},
    {"AgeInYears", 0, 0, Kind::kInteger, AgeNow, true, 0},
    {"AgeInMonths", 0, 0, Kind::kInteger, AgeNow, true, 1},
    {"AgeInWeeks", 0, 0, Kind::kInteger, AgeNow, true, 2},
    {"AgeInDays", 0, 0, Kind::kInteger, AgeNow, true, 3},
    {"AgeInHours", 0, 0, Kind::kInteger, AgeNow, true, 4},
    {"AgeInMinutes", 0, 0, Kind::kInteger, AgeNow, true, 5},
    {"AgeInSeconds", 0, 0, Kind::kInteger, AgeNow, true, 6},
    {"AgeInYearsAt", 1, 1, Kind::kInteger, AgeAt, true, 0},
    {"AgeInMonthsAt", 1, 1, Kind::kInteger, AgeAt, true, 1},
    {"AgeInWeeksAt", 1, 1, Kind::kInteger, AgeAt, true, 2},
    {"AgeInDaysAt", 1, 1, Kind::kInteger, AgeAt, true, 3},
    {"AgeInHoursAt", 1, 1, Kind::kInteger, AgeAt, true, 4},
    {"AgeInMinutesAt", 1, 1, Kind::kInteger, AgeAt, true, 5},
    {"AgeInSecondsAt", 1, 1, Kind::kInteger, AgeAt, true, 6},
    {"CalculateAgeInYears", 1, 1, Kind::kInteger, CalculateAge, false, 0},
    {"CalculateAgeInMonths", 1, 1, Kind::kInteger, CalculateAge, false, 1},
    {"CalculateAgeInWeeks", 1, 1, Kind::kInteger, CalculateAge, false, 2},
    {"CalculateAgeInDays", 1, 1, Kind::kInteger, CalculateAge, false, 3},
    {"CalculateAgeInYearsAt", 2, 2, Kind::kInteger, CalculateAge, false, 0},
    {"CalculateAgeInMonthsAt", 2, 2, Kind::kInteger, CalculateAge, false, 1},
    {"CalculateAgeInWeeksAt", 2, 2, Kind::kInteger, CalculateAge, false, 2},
    {"CalculateAgeInDaysAt", 2, 2, Kind::kInteger, CalculateAge, false, 3},
    {"CalculateAgeInHoursAt", 2, 2, Kind::kInteger, CalculateAge, false, 4},
    {"CalculateAgeInMinutesAt", 2, 2, Kind::kInteger, CalculateAge, false, 5},
}};

}  // namespace

std::span<const CqlFunction> CqlTemporalFunctions() {
    return kFunctions;
}

}  // namespace kangqu::expression
