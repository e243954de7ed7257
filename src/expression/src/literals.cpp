#include "literals.hpp"

#include "evaluation.hpp"
#include "messages.hpp"
#include "navigate.hpp"
#include <array>
#include <limits>

namespace kangqu::expression {

namespace {

Value RunConstant(Evaluation& evaluation, const PlanNode& node) {
    return evaluation.plan().constants[node.data];
}

core::Error BadLiteral(const Plan& plan, const Ast& ast, std::string what) {
    return core::At(
        core::MakeError(core::ErrorCode::kExpressionSyntax, std::move(what)),
        plan.Place(plan.At(ast.at))
    );
}

core::Result<Value> WholeNumber(const Plan& plan, const Ast& ast) {
    const auto number = core::Decimal::Parse(ast.text);
    const auto whole = number ? number->ToInteger() : std::nullopt;
    const bool is_long = ast.kind == AstKind::kLong;
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    if (!whole || (!is_long && *whole > kMost)) {
        return BadLiteral(plan, ast, std::string(ast.text) + " is too large");
    }
    return is_long ? Value::Long(*whole) : Value::Integer(*whole);
}

core::Result<Value> DecimalNumber(const Plan& plan, const Ast& ast) {
    const auto number = core::Decimal::Parse(ast.text);
    if (!number) {
        return BadLiteral(plan, ast, std::string(ast.text) + " has too many digits");
    }
    const bool long_fraction = number->scale() > core::Decimal::kArithmeticScale;
    if (long_fraction && plan.dialect == Dialect::kCql) {
        return BadLiteral(
            plan, ast, std::string(ast.text) + " has more than 8 digits behind the point"
        );
    }
    return Value::Decimal(*number);
}

core::Result<Value> TemporalValue(const Plan& plan, const Ast& ast) {
    std::optional<core::Temporal> value;
    if (ast.text.starts_with('T')) {
        value = core::Temporal::ParseTime(ast.text.substr(1));
    } else if (ast.text.find('T') != std::string_view::npos) {
        value = core::Temporal::ParseDateTime(ast.text);
    } else {
        value = core::Temporal::ParseDate(ast.text);
    }
    if (!value) {
        return BadLiteral(plan, ast, "@" + std::string(ast.text) + " is no date or time");
    }
    return Value::Temporal(*value);
}

core::Result<Value> QuantityValue(Plan& plan, const Ast& ast) {
    const auto number = core::Decimal::Parse(ast.text);
    if (!number) {
        return BadLiteral(plan, ast, std::string(ast.text) + " has too many digits");
    }
    Quantity quantity;
    quantity.value = *number;
    quantity.unit = plan.Keep(ast.extra.empty() ? "1" : ast.extra);
    quantity.calendar = ast.flag;
    return Value::Of(plan.arena.New(quantity));
}

core::Result<Value> RatioValue(Plan& plan, const Ast& ast) {
    KQ_ASSIGN(const Value numerator, QuantityValue(plan, *ast.kids[0]));
    KQ_ASSIGN(const Value denominator, QuantityValue(plan, *ast.kids[1]));
    return Value::Of(plan.arena.New(Ratio{numerator.quantity(), denominator.quantity()}));
}

}  // namespace

core::Result<Value> LiteralValue(Plan& plan, const Ast& ast) {
    if (ast.kind == AstKind::kBoolean) {
        return Value::Boolean(ast.text == "true");
    }
    if (ast.kind == AstKind::kInteger || ast.kind == AstKind::kLong) {
        return WholeNumber(plan, ast);
    }
    if (ast.kind == AstKind::kDecimal) {
        return DecimalNumber(plan, ast);
    }
    if (ast.kind == AstKind::kString) {
        return Value::String(plan.Keep(ast.text));
    }
    if (ast.kind == AstKind::kTemporal) {
        return TemporalValue(plan, ast);
    }
    if (ast.kind == AstKind::kQuantity) {
        return QuantityValue(plan, ast);
    }
    if (ast.kind == AstKind::kRatio) {
        return RatioValue(plan, ast);
    }
    return Value();
}

NodeIndex AddConstant(Plan& plan, const Value& value, std::uint32_t at) {
    plan.constants.push_back(value);
    PlanNode node;
    node.run = RunConstant;
    node.at = plan.At(at);
    node.data = static_cast<std::uint32_t>(plan.constants.size() - 1);
    return plan.Add(node);
}

const Value* ConstantOf(const Plan& plan, NodeIndex node) {
    return plan.nodes[node].run == RunConstant ? &plan.constants[plan.nodes[node].data] : nullptr;
}

core::Error TypeError(const Plan& plan, std::uint32_t at, std::string what) {
    return core::At(
        core::MakeError(core::ErrorCode::kExpressionType, InBothLanguages(std::move(what))),
        plan.Place(plan.At(at))
    );
}

core::Error
UnknownName(const Plan& plan, std::uint32_t at, std::string_view name, std::string_view nearest) {
    return core::At(
        core::MakeError(
            core::ErrorCode::kExpressionUnknownName,
            std::string(name),
            nearest.empty() ? std::string() : " (" + std::string(nearest) + "?)"
        ),
        plan.Place(plan.At(at))
    );
}

std::string_view KnownAddress(std::string_view name) {
    return name == "sct"     ? "http://snomed.info/sct"
           : name == "loinc" ? "http://loinc.org"
           : name == "ucum"  ? "http://unitsofmeasure.org"
                             : std::string_view();
}

std::optional<TypeTest> NamedTypeTest(std::string_view space, std::string_view name) {
    constexpr std::array<Kind, 13> kKinds = {
        Kind::kBoolean,
        Kind::kInteger,
        Kind::kLong,
        Kind::kDecimal,
        Kind::kString,
        Kind::kDate,
        Kind::kDateTime,
        Kind::kTime,
        Kind::kQuantity,
        Kind::kRatio,
        Kind::kCode,
        Kind::kConcept,
        Kind::kVocabulary};
    TypeTest test;
    if (space.empty() || space == "System") {
        for (const Kind kind : kKinds) {
            test.system = NameOf(kind) == name ? kind : test.system;
        }
        test.any = name == "Any";
        test.system = name == "ValueSet" || name == "CodeSystem" ? Kind::kVocabulary : test.system;
    }
    if (space.empty() || space == "FHIR") {
        test.fhir = fhir::FindType(name);
    }
    if (test.system == Kind::kNull && test.fhir == fhir::kNoType && !test.any) {
        return std::nullopt;
    }
    return test;
}

}  // namespace kangqu::expression
