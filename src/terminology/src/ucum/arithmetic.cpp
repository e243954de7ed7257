#include "kangqu/core/json.hpp"
#include "kangqu/terminology/ucum.hpp"

#include "ucum/compiled.hpp"
#include <cstdlib>

namespace kangqu::terminology {

namespace {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;
using ucum::Compiled;
using ucum::Rational;

core::Result<Rational> NumberOf(std::string_view text) {
    const auto number = Rational::Parse(text);
    if (!number) {
        return MakeError(ErrorCode::kUnitNumber, std::string(text.substr(0, 100)));
    }
    return *number;
}

// Two operands read.
struct Operands {
    Rational value;
    Compiled unit;
    Rational by;
    Compiled by_unit;
};
core::Result<Operands>
Read(std::string_view value, std::string_view unit, std::string_view by, std::string_view by_unit) {
    Operands out;
    KQ_ASSIGN(out.value, NumberOf(value));
    KQ_ASSIGN(out.unit, ucum::Compile(unit));
    KQ_ASSIGN(out.by, NumberOf(by));
    KQ_ASSIGN(out.by_unit, ucum::Compile(by_unit));
    return out;
}

// The unit of a * b^sign, whose whole numbers go into the value.
QuantityText Join(Rational value, const Compiled& a, const Compiled& b, int sign) {
    std::vector<ucum::Term> symbols;
    for (ucum::Term& term : ucum::JoinTerms(a.terms, b.terms, sign)) {
        if (term.symbol.atom != ucum::kNone) {
            symbols.push_back(std::move(term));
            continue;
        }
        const Rational number = *Rational::Parse(term.number);
        for (int i = 0; i < std::abs(term.power); ++i) {
            value = term.power > 0 ? ucum::Times(value, number) : ucum::Over(value, number);
        }
    }
    std::sort(symbols.begin(), symbols.end(), [](const auto& x, const auto& y) {
        return ucum::CodeOf(x.symbol) < ucum::CodeOf(y.symbol);
    });
    return {ucum::ToText(value), ucum::TextOf(symbols, ucum::TermStyle::kPowers)};
}

bool IsSpecial(const Compiled& unit) {
    return unit.function != ucum::Function::kNone;
}

// A special unit may be multiplied and divided by a pure number only.
core::Status CheckSpecial(const Operands& operands, bool divide) {
    const bool first = IsSpecial(operands.unit);
    const bool second = IsSpecial(operands.by_unit);
    if ((first && (second || !operands.by_unit.terms.empty())) ||
        (second && (divide || !operands.unit.terms.empty()))) {
        const std::string& text = (first ? operands.unit : operands.by_unit).text;
        return MakeError(ErrorCode::kUnitSpecial, text, text);
    }
    return {};
}

}  // namespace

core::Result<QuantityText> MultiplyQuantities(
    std::string_view value,
    std::string_view unit,
    std::string_view by,
    std::string_view by_unit
) {
    KQ_ASSIGN(const Operands operands, Read(value, unit, by, by_unit));
    KQ_TRY(CheckSpecial(operands, false));
    return Join(ucum::Times(operands.value, operands.by), operands.unit, operands.by_unit, 1);
}

core::Result<QuantityText> DivideQuantities(
    std::string_view value,
    std::string_view unit,
    std::string_view by,
    std::string_view by_unit
) {
    KQ_ASSIGN(const Operands operands, Read(value, unit, by, by_unit));
    if (operands.by.zero()) {
        return MakeError(ErrorCode::kUnitZero);
    }
    KQ_TRY(CheckSpecial(operands, true));
    const Rational quotient = ucum::Over(operands.value, operands.by);
    const Compiled& a = operands.unit;
    const Compiled& b = operands.by_unit;
    if (a.dimensions == b.dimensions && !b.terms.empty() && !IsSpecial(a)) {
        return QuantityText{
            ucum::ToText(ucum::Times(quotient, ucum::Over(a.factor, b.factor))), "1"};
    }
    return Join(quotient, a, b, -1);
}

core::Result<CanonicalQuantity> Canonical(std::string_view value, std::string_view unit) {
    KQ_ASSIGN(const Unit from, FindUnit(unit));
    KQ_ASSIGN(std::string text, ConvertQuantityText(value, unit, from.canonical()));
    CanonicalQuantity out;
    out.number = std::strtod(text.c_str(), nullptr);
    out.value = std::move(text);
    out.unit = from.canonical();
    return out;
}

namespace {

core::Status Validate(const JsonNode& request, core::JsonWriter& out) {
    const auto unit = Unit::Parse(request["unit"].text());
    out.Field("valid", unit.ok());
    if (!unit.ok()) {
        out.Field("reason", unit.error().Text(core::Language::kZh));
        out.Field("reasonEn", unit.error().Text(core::Language::kEn));
    }
    return {};
}

// A quantity without a unit is a pure number.
std::string_view UnitOf(const JsonNode& request, std::string_view key) {
    const std::string_view text = request[key].text();
    return text.empty() ? std::string_view("1") : text;
}

core::Status Convert(const JsonNode& request, core::JsonWriter& out) {
    KQ_ASSIGN(
        const std::string value,
        ConvertQuantityText(request["value"].text(), UnitOf(request, "from"), UnitOf(request, "to"))
    );
    out.Key("value").Raw(value);
    return {};
}

core::Status Combine(const JsonNode& request, bool divide, core::JsonWriter& out) {
    const std::string_view value = request["value"].text();
    const std::string_view by = request["by"].text();
    auto result =
        divide ? DivideQuantities(value, UnitOf(request, "unit"), by, UnitOf(request, "byUnit"))
               : MultiplyQuantities(value, UnitOf(request, "unit"), by, UnitOf(request, "byUnit"));
    KQ_ASSIGN(const QuantityText quantity, std::move(result));
    out.Key("value").Raw(quantity.value).Field("unit", quantity.unit);
    return {};
}

core::Status Display(const JsonNode& request, core::JsonWriter& out) {
    KQ_ASSIGN(const Unit unit, Unit::Parse(UnitOf(request, "unit")));
    out.Field("display", unit.Analysis());
    out.Field("name", unit.Name(core::Language::kZh));
    out.Field("nameEn", unit.Name(core::Language::kEn));
    return {};
}

core::Status AnswerRequest(const JsonNode& request, core::JsonWriter& out) {
    const std::string_view op = request["op"].text();
    if (op == "validate") {
        return Validate(request, out);
    }
    if (op == "convert") {
        return Convert(request, out);
    }
    if (op == "display") {
        return Display(request, out);
    }
    if (op == "multiply" || op == "divide") {
        return Combine(request, op == "divide", out);
    }
    return MakeError(
        ErrorCode::kInvalidArgument, "op", "validate, convert, multiply, divide, display"
    );
}

}  // namespace

std::string UcumBatchLine(std::string_view line) {
    const auto document = core::JsonDocument::Parse(std::string(line));
    const JsonNode request = document.ok() ? (*document)->root() : JsonNode();
    std::string out;
    core::JsonWriter writer(out);
    writer.BeginObject().Key("id");
    request["id"] ? writer.Node(request["id"]) : writer.Null();
    const core::Status status =
        document.ok() ? AnswerRequest(request, writer) : core::Status(document.error());
    if (!status.ok()) {
        writer.Field("error", status.error().Line(core::Language::kZh));
        writer.Field("errorEn", status.error().Line(core::Language::kEn));
    }
    writer.EndObject();
    return out;
}

}  // namespace kangqu::terminology
