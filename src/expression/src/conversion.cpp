#include "conversion.hpp"

#include "navigate.hpp"
#include "operators/compare.hpp"
#include "operators/units.hpp"
#include "token_reader.hpp"
#include <algorithm>
#include <array>
#include <limits>

namespace kangqu::expression {

namespace {

Value ToBoolean(const Value& value) {
    constexpr std::array<std::string_view, 5> kTrue = {"true", "t", "yes", "y", "1"};
    constexpr std::array<std::string_view, 5> kFalse = {"false", "f", "no", "n", "0"};
    if (value.is(Kind::kString)) {
        std::string lower(value.text());
        std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        });
        const bool yes =
            std::find(kTrue.begin(), kTrue.end(), lower) != kTrue.end() || lower == "1.0";
        const bool no =
            std::find(kFalse.begin(), kFalse.end(), lower) != kFalse.end() || lower == "0.0";
        return yes || no ? Value::Boolean(yes) : Value();
    }
    const auto number = AsDecimal(value);
    if (number && (*number == core::Decimal(1) || number->zero())) {
        return Value::Boolean(!number->zero());
    }
    return {};
}

Value ToWhole(const Value& value, Kind kind) {
    std::optional<std::int64_t> whole;
    if (value.is(Kind::kBoolean)) {
        whole = value.boolean() ? 1 : 0;
    } else if (value.is(Kind::kInteger) || value.is(Kind::kLong)) {
        whole = value.integer();
    } else if (value.is(Kind::kString) && value.text().find_first_of(".eE") == std::string_view::npos) {
        const auto number = core::Decimal::Parse(value.text());
        whole = number ? number->ToInteger() : std::nullopt;
    }
    if (!whole) {
        return {};
    }
    if (kind == Kind::kLong) {
        return Value::Long(*whole);
    }
    const bool fits = *whole >= std::numeric_limits<std::int32_t>::min() &&
                      *whole <= std::numeric_limits<std::int32_t>::max();
    return fits ? Value::Integer(*whole) : Value();
}

Value ToDecimal(Evaluation& evaluation, const Value& value) {
    if (value.is(Kind::kBoolean)) {
        return Value::Decimal(*core::Decimal::Of(value.boolean() ? 10 : 0, 1));
    }
    if (value.is(Kind::kString)) {
        const std::string_view text = value.text();
        const bool exponent = text.find_first_of("eE") != std::string_view::npos;
        const auto number = exponent ? std::nullopt : core::Decimal::Parse(text);
        if (!number) {
            return {};
        }
        return Value::Decimal(
            evaluation.plan().dialect == Dialect::kCql
                ? number->Rounded(core::Decimal::kArithmeticScale)
                : *number
        );
    }
    const auto number = AsDecimal(value);
    return number ? Value::Decimal(*number) : Value();
}

Value ToTemporal(const Value& value, Kind kind) {
    if (value.is(Kind::kString)) {
        std::string_view text = value.text();
        std::optional<core::Temporal> out;
        if (kind == Kind::kDate) {
            out = core::Temporal::ParseDate(text);
            if (!out && core::Temporal::ParseDateTime(text)) {
                out = core::Temporal::ParseDateTime(text)->ToDate();
            }
        } else if (kind == Kind::kDateTime) {
            out = core::Temporal::ParseDateTime(text);
        } else {
            text.remove_prefix(text.starts_with('T') ? 1 : 0);
            // A time of day has no offset; one that was written is left out.
            const std::size_t size = text.size();
            const bool zone = size > 6 && text[size - 3] == ':' &&
                              (text[size - 6] == '+' || text[size - 6] == '-');
            text.remove_suffix(text.ends_with('Z') ? 1 : zone ? 6 : 0);
            out = core::Temporal::ParseTime(text);
        }
        return out ? Value::Temporal(*out) : Value();
    }
    if (kind == Kind::kDate && value.is(Kind::kDateTime)) {
        return Value::Temporal(value.temporal().ToDate());
    }
    if (kind == Kind::kTime && value.is(Kind::kDateTime) &&
        value.temporal().precision >= core::Precision::kHour) {
        return Value::Temporal(TimeOfDay(value.temporal()));
    }
    if (kind == Kind::kDateTime && value.is(Kind::kDate)) {
        return Value::Temporal(value.temporal().ToDateTime());
    }
    return {};
}

// The numerator divided by the denominator.
Value RatioAsQuantity(Evaluation& evaluation, const Ratio& ratio) {
    const auto number = ratio.numerator.value.Over(ratio.denominator.value);
    const auto unit = UnitProduct(ratio.numerator.unit, ratio.denominator.unit, true);
    if (!number || !unit) {
        return {};
    }
    Quantity out;
    out.value = *number;
    out.unit = evaluation.Text(*unit);
    return Value::Of(evaluation.arena().New(out));
}

// "12.5", "12.5 'mg'", "4 days".
Value ToQuantity(Evaluation& evaluation, const Value& value) {
    Quantity out;
    out.unit = "1";
    if (value.is(Kind::kBoolean)) {
        out.value = *core::Decimal::Of(value.boolean() ? 10 : 0, 1);
        return Value::Of(evaluation.arena().New(out));
    }
    if (value.is(Kind::kRatio)) {
        return RatioAsQuantity(evaluation, value.ratio());
    }
    if (!value.is(Kind::kString)) {
        const auto number = AsDecimal(value);
        if (!number) {
            return {};
        }
        out.value = *number;
        return Value::Of(evaluation.arena().New(out));
    }
    const std::string_view text = value.text();
    const std::size_t blank = text.find_first_of(" '");
    const auto number = core::Decimal::Parse(text.substr(0, blank));
    if (!number || text.find_first_of("eE") < blank) {
        return {};
    }
    out.value = *number;
    if (blank == std::string_view::npos) {
        return Value::Of(evaluation.arena().New(out));
    }
    const std::size_t from = text.find_first_not_of(' ', blank);
    std::string_view unit = from == std::string_view::npos ? std::string_view() : text.substr(from);
    if (unit.size() >= 2 && unit.front() == '\'' && unit.back() == '\'') {
        out.unit = evaluation.arena().Copy(unit.substr(1, unit.size() - 2));
        return Value::Of(evaluation.arena().New(out));
    }
    out.unit = CalendarUnit(unit);
    out.calendar = true;
    return out.unit.empty() ? Value() : Value::Of(evaluation.arena().New(out));
}

Value ToRatio(Evaluation& evaluation, const Value& value) {
    if (!value.is(Kind::kString)) {
        return {};
    }
    const std::size_t colon = value.text().find(':');
    if (colon == std::string_view::npos) {
        return {};
    }
    const Value above = ToQuantity(evaluation, Value::String(value.text().substr(0, colon)));
    const Value below = ToQuantity(evaluation, Value::String(value.text().substr(colon + 1)));
    if (!above.is(Kind::kQuantity) || !below.is(Kind::kQuantity)) {
        return {};
    }
    return Value::Of(evaluation.arena().New(Ratio{above.quantity(), below.quantity()}));
}

Value ToConcept(Evaluation& evaluation, const Value& value) {
    if (value.is(Kind::kCode)) {
        const Concept out{std::span<const Code>(&value.code(), 1), value.code().display};
        return Value::Of(evaluation.arena().New(out));
    }
    if (!value.is(Kind::kList)) {
        return {};
    }
    auto* codes = evaluation.arena().Room<Code>(value.items().size());
    std::size_t count = 0;
    for (const Value& item : value.items()) {
        const Value code = ToCql(evaluation, item);
        if (code.is(Kind::kCode)) {
            codes[count++] = code.code();
        }
    }
    return Value::Of(evaluation.arena().New(Concept{std::span<const Code>(codes, count), {}}));
}

std::string QuantityText(const Quantity& quantity) {
    const std::string number = quantity.value.ToString();
    if (quantity.calendar) {
        const bool one = quantity.value == core::Decimal(1);
        return number + " " + std::string(quantity.unit) + (one ? "" : "s");
    }
    return number + " '" + std::string(quantity.unit) + "'";
}

}  // namespace

core::Temporal TimeOfDay(const core::Temporal& moment) {
    constexpr std::int64_t kMsPerDay = 86'400'000;
    core::Temporal out = moment;
    out.kind = core::TemporalKind::kTime;
    out.local_ms = (out.local_ms % kMsPerDay + kMsPerDay) % kMsPerDay;
    out.has_offset = false;
    out.offset_minutes = 0;
    return out;
}

std::optional<std::string> TextOf(const Value& value) {
    if (value.is(Kind::kBoolean)) {
        return value.boolean() ? "true" : "false";
    }
    if (value.is(Kind::kInteger) || value.is(Kind::kLong)) {
        return std::to_string(value.integer());
    }
    if (value.is(Kind::kDecimal)) {
        return value.decimal().ToString();
    }
    if (value.is(Kind::kString)) {
        return std::string(value.text());
    }
    if (value.is(Kind::kDate) || value.is(Kind::kDateTime) || value.is(Kind::kTime)) {
        return value.temporal().ToString();
    }
    if (value.is(Kind::kQuantity)) {
        return QuantityText(value.quantity());
    }
    if (value.is(Kind::kRatio)) {
        return QuantityText(value.ratio().numerator) + ":" +
               QuantityText(value.ratio().denominator);
    }
    return std::nullopt;
}

Value ConvertValue(Evaluation& evaluation, const Value& source, Kind kind) {
    const Value value = ToCql(evaluation, source);
    if (value.is_null() || value.is(kind)) {
        return value;
    }
    if (kind == Kind::kString) {
        const auto text = TextOf(value);
        return text ? Value::String(evaluation.Text(*text)) : Value();
    }
    if (kind == Kind::kBoolean) {
        return ToBoolean(value);
    }
    if (kind == Kind::kInteger || kind == Kind::kLong) {
        return ToWhole(value, kind);
    }
    if (kind == Kind::kDecimal) {
        return ToDecimal(evaluation, value);
    }
    if (kind == Kind::kDate || kind == Kind::kDateTime || kind == Kind::kTime) {
        return ToTemporal(value, kind);
    }
    if (kind == Kind::kQuantity) {
        return ToQuantity(evaluation, value);
    }
    if (kind == Kind::kRatio) {
        return ToRatio(evaluation, value);
    }
    return kind == Kind::kConcept ? ToConcept(evaluation, value) : Value();
}

}  // namespace kangqu::expression
