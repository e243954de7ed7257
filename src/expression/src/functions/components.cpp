// Parts of dates and times: yearOf ... timezoneOffsetOf, dateOf, timeOf, duration, difference.
#include "conversion.hpp"
#include "functions/registry.hpp"
#include "navigate.hpp"
#include "token_reader.hpp"
#include <array>

namespace kangqu::expression {

namespace {

bool IsTemporal(const Value& value) {
    return value.is(Kind::kDate) || value.is(Kind::kDateTime) || value.is(Kind::kTime);
}

// The input as a date or time; null when it is none, with a failure.
Value Moment(Evaluation& evaluation, const PlanNode& node) {
    const Value value = evaluation.System(node, 0);
    if (value.is_null() || IsTemporal(value)) {
        return value;
    }
    return evaluation.Fail(node, "a date or time is needed here, found " + TypeNameOf(value));
}

template <core::Precision precision>
Value Part(Evaluation& evaluation, const PlanNode& node) {
    const Value value = Moment(evaluation, node);
    if (value.is_null()) {
        return {};
    }
    const auto part = value.temporal().Component(precision);
    return part ? Value::Integer(*part) : Value();
}

Value OffsetPart(Evaluation& evaluation, const PlanNode& node) {
    const Value value = Moment(evaluation, node);
    if (value.is_null() || !value.temporal().has_offset) {
        return {};
    }
    const auto hours = core::Decimal(value.temporal().offset_minutes).Over(core::Decimal(60));
    return hours ? Value::Decimal(*hours) : Value();
}

Value DatePart(Evaluation& evaluation, const PlanNode& node) {
    const Value value = Moment(evaluation, node);
    return value.is(Kind::kDate) || value.is(Kind::kDateTime)
               ? Value::Temporal(value.temporal().ToDate())
               : Value();
}

Value TimePart(Evaluation& evaluation, const PlanNode& node) {
    const Value value = Moment(evaluation, node);
    if (value.is(Kind::kTime)) {
        return value;
    }
    if (!value.is(Kind::kDateTime) || value.temporal().precision < core::Precision::kHour) {
        return {};
    }
    return Value::Temporal(TimeOfDay(value.temporal()));
}

std::optional<core::TimeUnit> UnitNamed(std::string_view word) {
    constexpr std::array<std::string_view, 8> kUnits = {
        "year", "month", "week", "day", "hour", "minute", "second", "millisecond"};
    const std::string_view unit = CalendarUnit(word);
    for (std::size_t i = 0; i < kUnits.size(); ++i) {
        if (kUnits[i] == unit) {
            return static_cast<core::TimeUnit>(i);
        }
    }
    return std::nullopt;
}

// Whole units, or boundaries of units, from the input to the argument; nothing when not certain.
template <bool crossed>
Value Between(Evaluation& evaluation, const PlanNode& node) {
    const Value from = Moment(evaluation, node);
    const Value to = evaluation.System(node, 1);
    const Value word = evaluation.Typed(node, 2, Kind::kString);
    if (from.is_null() || !IsTemporal(to) || word.is_null()) {
        return {};
    }
    const auto unit = UnitNamed(word.text());
    if (!unit) {
        return evaluation.Fail(node, "'" + std::string(word.text()) + "' is no unit of time");
    }
    const int offset = evaluation.offset();
    const auto count = crossed
                           ? core::DifferenceBetween(from.temporal(), to.temporal(), *unit, offset)
                           : core::DurationBetween(from.temporal(), to.temporal(), *unit, offset);
    return count && count->low == count->high ? Value::Integer(count->low) : Value();
}

constexpr auto kMethods = std::to_array<Method>({
    {"yearOf", 0, 0, 0, ResultRule::kInteger, Part<core::Precision::kYear>},
    {"monthOf", 0, 0, 0, ResultRule::kInteger, Part<core::Precision::kMonth>},
    {"dayOf", 0, 0, 0, ResultRule::kInteger, Part<core::Precision::kDay>},
    {"hourOf", 0, 0, 0, ResultRule::kInteger, Part<core::Precision::kHour>},
    {"minuteOf", 0, 0, 0, ResultRule::kInteger, Part<core::Precision::kMinute>},
    {"secondOf", 0, 0, 0, ResultRule::kInteger, Part<core::Precision::kSecond>},
    {"millisecondOf", 0, 0, 0, ResultRule::kInteger, Part<core::Precision::kMillisecond>},
    {"timezoneOffsetOf", 0, 0, 0, ResultRule::kDecimal, OffsetPart},
    {"dateOf", 0, 0, 0, ResultRule::kUnknown, DatePart},
    {"timeOf", 0, 0, 0, ResultRule::kUnknown, TimePart},
    {"duration", 2, 2, 0, ResultRule::kInteger, Between<false>},
    {"difference", 2, 2, 0, ResultRule::kInteger, Between<true>},
});

}  // namespace

std::span<const Method> ComponentMethods() {
    return kMethods;
}

}  // namespace kangqu::expression
