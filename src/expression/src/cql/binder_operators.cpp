// Operators, timing phrases, types and conversions.
#include "cql/binder.hpp"
#include "cql/cql_functions.hpp"
#include "cql/query_plan.hpp"
#include "literals.hpp"
#include "navigate.hpp"
#include "operators/operators.hpp"
#include <algorithm>
#include <array>
#include <limits>

namespace kangqu::expression {

namespace {

constexpr StaticType kBooleanType{Kind::kBoolean, fhir::kNoType, false};
constexpr StaticType kUnknownType{};

// Position in core::Precision (or TimeUnit with weeks), or -1.
int PositionOf(std::string_view word, bool weeks) {
    constexpr std::array<std::string_view, 8> kUnits = {
        "year", "month", "week", "day", "hour", "minute", "second", "millisecond"};
    int position = 0;
    for (const std::string_view unit : kUnits) {
        if (unit == "week" && !weeks) {
            continue;
        }
        if (unit == word) {
            return position;
        }
        ++position;
    }
    return -1;
}

// Kinds whose values can stand on both sides of a comparison or calculation.
int GroupOf(const StaticType& type) {
    if (type.list || type.fhir != fhir::kNoType) {
        return 0;
    }
    constexpr std::array<std::pair<Kind, int>, 8> kGroups = {{
        {Kind::kBoolean, 1},
        {Kind::kInteger, 2},
        {Kind::kLong, 2},
        {Kind::kDecimal, 2},
        {Kind::kString, 3},
        {Kind::kDate, 4},
        {Kind::kDateTime, 4},
        {Kind::kTime, 5},
    }};
    for (const auto& [kind, group] : kGroups) {
        if (kind == type.kind) {
            return group;
        }
    }
    return 0;
}

bool IsComparison(std::string_view op) {
    return op == "=" || op == "!=" || op == "<" || op == "<=" || op == ">" || op == ">=";
}

StaticType ResultOf(std::string_view op, const StaticType& a, const StaticType& b) {
    if (FindSetOperator(op) != nullptr) {
        StaticType out;
        out.list = a.list || b.list;
        out.fhir = a.fhir == b.fhir ? a.fhir : fhir::kNoType;
        return out;
    }
    if (op == "&") {
        return {Kind::kString, fhir::kNoType, false};
    }
    const bool calculation =
        op == "+" || op == "-" || op == "*" || op == "div" || op == "mod" || op == "/" || op == "^";
    if (!calculation) {
        return kBooleanType;
    }
    if (op == "/") {
        return GroupOf(a) == 2 && GroupOf(b) == 2 ? StaticType{Kind::kDecimal, fhir::kNoType, false}
                                                  : kUnknownType;
    }
    return a.kind == b.kind && !a.list && !b.list ? a : kUnknownType;
}

}  // namespace

core::Status CqlBinder::CheckOperands(const Ast& ast, const StaticType& a, const StaticType& b) {
    const int left = GroupOf(a);
    const int right = GroupOf(b);
    const std::string_view op = ast.text;
    const auto wrong = [&] {
        return TypeError(
            plan_,
            ast.at,
            std::string(NameOf(a.kind)) + " " + std::string(op) + " " +
                std::string(NameOf(b.kind)) + " has no meaning"
        );
    };
    const bool logical = op == "and" || op == "or" || op == "xor" || op == "implies";
    if (logical && ((left > 1) || (right > 1))) {
        return wrong();
    }
    if (left == 0 || right == 0) {
        return {};
    }
    if (IsComparison(op) && left != right) {
        return wrong();
    }
    const bool numeric =
        op == "*" || op == "/" || op == "div" || op == "mod" || op == "^" || op == "-";
    if (numeric && (left != 2 || right != 2)) {
        return wrong();
    }
    const bool sum = op == "+" && (left != right || left == 1 || left > 3);
    return sum ? core::Status(wrong()) : core::Status();
}

core::Result<CqlBound> CqlBinder::Unary(const Ast& ast) {
    // The smallest Integer has no positive of its own.
    if (ast.text == "-" && ast.kids[0]->kind == AstKind::kInteger &&
        ast.kids[0]->text == "2147483648") {
        return CqlBound{
            AddConstant(plan_, Value::Integer(std::numeric_limits<std::int32_t>::min()), ast.at),
            StaticType{Kind::kInteger, fhir::kNoType, false}};
    }
    KQ_ASSIGN(const CqlBound operand, Bind(*ast.kids[0]));
    const std::array<NodeIndex, 1> kids = {operand.node};
    if (ast.text == "exists") {
        return CqlBound{Node(ast, RunExists, kids), kBooleanType};
    }
    if (ast.text == "is null") {
        return CqlBound{Node(ast, RunNullTest, kids), kBooleanType};
    }
    if (ast.text == "is true" || ast.text == "is false") {
        return CqlBound{
            Node(ast, RunTrueTest, kids, 0, ast.text == "is true" ? 1 : 0), kBooleanType};
    }
    const int group = GroupOf(operand.type);
    const bool is_not = ast.text == "not";
    if (is_not ? group > 1 : group != 0 && group != 2) {
        return TypeError(
            plan_,
            ast.at,
            std::string(ast.text) + " has no meaning for " + std::string(NameOf(operand.type.kind))
        );
    }
    return CqlBound{
        Node(ast, FindUnaryOperator(ast.text), kids), is_not ? kBooleanType : operand.type};
}

namespace {

// Tuples with other elements are of other types.
bool SameElements(const Ast& a, const Ast& b) {
    return a.kids.size() == b.kids.size() &&
           std::all_of(a.kids.begin(), a.kids.end(), [&](const Ast* element) {
               return std::any_of(b.kids.begin(), b.kids.end(), [&](const Ast* other) {
                   return other->text == element->text;
               });
           });
}

// Whether a value of the one System kind can be of the other at all.
bool CanBe(Kind given, Kind wanted) {
    const auto plain = [](Kind kind) {
        return kind >= Kind::kBoolean && kind <= Kind::kConcept;
    };
    const auto number = [](Kind kind) {
        return kind == Kind::kInteger || kind == Kind::kLong || kind == Kind::kDecimal;
    };
    return !plain(given) || !plain(wanted) || given == wanted || (number(given) && number(wanted));
}

}  // namespace

core::Result<CqlBound> CqlBinder::Binary(const Ast& ast) {
    const bool tuples =
        ast.kids[0]->kind == AstKind::kTuple && ast.kids[1]->kind == AstKind::kTuple;
    if (tuples && !SameElements(*ast.kids[0], *ast.kids[1])) {
        return TypeError(plan_, ast.at, "these tuples do not have the same elements");
    }
    KQ_ASSIGN(const CqlBound left, Bind(*ast.kids[0]));
    KQ_ASSIGN(const CqlBound right, Bind(*ast.kids[1]));
    KQ_TRY(CheckOperands(ast, left.type, right.type));
    EvalFn run = FindSetOperator(ast.text);
    if (run == nullptr && ast.text == "^") {
        run = FindCqlFunction("Power")->run;
    }
    run = run == nullptr ? FindBinaryOperator(ast.text) : run;
    const std::array<NodeIndex, 2> kids = {left.node, right.node};
    return CqlBound{Node(ast, run, kids), ResultOf(ast.text, left.type, right.type)};
}

core::Result<CqlBound> CqlBinder::Timing(const Ast& ast) {
    const EvalFn run = FindTiming(ast.text);
    if (run == nullptr) {
        return NotSupported(ast, "\"" + std::string(ast.text) + "\"");
    }
    std::uint32_t flags = kTimingNoPrecision;
    if (!ast.extra.empty()) {
        const int position = PositionOf(ast.extra, false);
        if (position < 0) {
            return NotSupported(ast, "comparing by " + std::string(ast.extra));
        }
        flags = static_cast<std::uint32_t>(position);
    }
    flags |= ast.flag ? 16U : 0U;
    constexpr std::array<std::string_view, 5> kOffsets = {
        "exactly", "or more", "or less", "more than", "less than"};
    for (std::size_t i = 0; i < kOffsets.size(); ++i) {
        if (ast.op == kOffsets[i]) {
            flags |= static_cast<std::uint32_t>(i + 1) << 5U;
        }
    }
    return Simple(ast, run, kBooleanType, 0, flags);
}

core::Result<CqlBound> CqlBinder::Ternary(const Ast& ast) {
    return Simple(ast, RunBetween, kBooleanType, 0, ast.flag ? 1 : 0);
}

core::Result<CqlBound> CqlBinder::Index(const Ast& ast) {
    KQ_ASSIGN(const CqlBound target, Bind(*ast.kids[0]));
    KQ_ASSIGN(const CqlBound index, Bind(*ast.kids[1]));
    const std::array<NodeIndex, 2> kids = {target.node, index.node};
    StaticType type = target.type;
    type.list = false;
    return CqlBound{Node(ast, RunCqlIndex, kids), type};
}

core::Result<CqlBound> CqlBinder::Boundary(const Ast& ast) {
    KQ_ASSIGN(const CqlBound operand, Bind(*ast.kids[0]));
    const std::array<NodeIndex, 1> kids = {operand.node};
    StaticType type;
    if (ast.text == "singleton") {
        type = operand.type;
        type.list = false;
    } else if (ast.text == "successor" || ast.text == "predecessor") {
        type = operand.type;
    }
    return CqlBound{Node(ast, FindBoundary(ast.text), kids), type};
}

core::Result<CqlBound> CqlBinder::Component(const Ast& ast) {
    const int position = PositionOf(ast.text, false);
    if (position >= 0) {
        return Simple(
            ast,
            RunComponent,
            {Kind::kInteger, fhir::kNoType, false},
            static_cast<std::uint32_t>(position)
        );
    }
    if (ast.text == "date") {
        return Simple(ast, RunComponent, {Kind::kDate, fhir::kNoType, false}, 16);
    }
    if (ast.text == "time") {
        return Simple(ast, RunComponent, {Kind::kTime, fhir::kNoType, false}, 17);
    }
    if (ast.text == "timezoneoffset") {
        return Simple(ast, RunComponent, {Kind::kDecimal, fhir::kNoType, false}, 18);
    }
    return NotSupported(ast, std::string(ast.text) + " from");
}

core::Result<CqlBound> CqlBinder::Duration(const Ast& ast) {
    const auto unit = static_cast<std::uint32_t>(PositionOf(ast.text, true));
    return Simple(ast, RunDuration, {Kind::kInteger, fhir::kNoType, false}, unit, ast.flag ? 1 : 0);
}

core::Result<CqlBound> CqlBinder::DistinctFlatten(const Ast& ast) {
    KQ_ASSIGN(const CqlBound operand, Bind(*ast.kids[0]));
    const std::array<NodeIndex, 1> kids = {operand.node};
    StaticType type = operand.type;
    type.list = true;
    return CqlBound{Node(ast, ast.text == "distinct" ? RunDistinct : RunFlatten, kids), type};
}

core::Result<CqlBound> CqlBinder::Expand(const Ast& ast) {
    StaticType type;
    type.list = true;
    return Simple(ast, ast.text == "expand" ? RunExpand : RunCollapse, type);
}

core::Result<CqlBound> CqlBinder::Extent(const Ast& ast) {
    const StaticType type = TypeOfSpecifier(ast.kids[0]);
    constexpr std::array<Kind, 6> kBounded = {
        Kind::kInteger, Kind::kLong, Kind::kDecimal, Kind::kDate, Kind::kDateTime, Kind::kTime};
    for (const Kind kind : kBounded) {
        if (type.kind == kind) {
            const NodeIndex node = Node(
                ast, RunExtent, {}, static_cast<std::uint32_t>(kind), ast.text == "maximum" ? 1 : 0
            );
            return CqlBound{node, type};
        }
    }
    return TypeError(
        plan_, ast.at, std::string(ast.kids[0]->text) + " has no " + std::string(ast.text)
    );
}

// The number of the type test that a specifier stands for.
core::Result<std::uint32_t> CqlBinder::Test(const Ast& type) {
    TypeTest test;
    if (type.kind == AstKind::kNamedType) {
        const auto named = NamedType(type);
        if (!named) {
            const bool vocabulary = type.text == "Vocabulary";
            if (!vocabulary) {
                return UnknownName(plan_, type.at, type.text, NearestType(type.text));
            }
            test.system = Kind::kVocabulary;
        } else {
            test = *named;
        }
    } else if (type.kind == AstKind::kListType || type.kind == AstKind::kIntervalType) {
        test.system = type.kind == AstKind::kListType ? Kind::kList : Kind::kInterval;
        KQ_ASSIGN(test.inner, Test(*type.kids[0]));
    } else if (type.kind == AstKind::kChoiceType) {
        for (const Ast* choice : type.kids) {
            KQ_ASSIGN(const std::uint32_t number, Test(*choice));
            test.choices.push_back(number);
        }
    } else {
        test.system = Kind::kTuple;
    }
    plan_.types.push_back(test);
    return static_cast<std::uint32_t>(plan_.types.size() - 1);
}

core::Result<CqlBound> CqlBinder::TypeTail(const Ast& ast) {
    KQ_ASSIGN(const CqlBound operand, Bind(*ast.kids[0]));
    KQ_ASSIGN(const std::uint32_t test, Test(*ast.kids[1]));
    const std::array<NodeIndex, 1> kids = {operand.node};
    if (ast.kind == AstKind::kIs) {
        return CqlBound{Node(ast, RunCqlIs, kids, test), kBooleanType};
    }
    const Kind wanted = plan_.types[test].system;
    if (!operand.type.list && !CanBe(operand.type.kind, wanted)) {
        return TypeError(
            plan_,
            ast.at,
            std::string(NameOf(operand.type.kind)) + " is never " + std::string(NameOf(wanted))
        );
    }
    const bool both =
        plan_.types[test].system != Kind::kNull && plan_.types[test].fhir != fhir::kNoType;
    const StaticType type = both ? StaticType{} : TypeOfSpecifier(ast.kids[1]);
    return CqlBound{Node(ast, RunCqlAs, kids, test, ast.kind == AstKind::kCast ? 1 : 0), type};
}

core::Result<CqlBound> CqlBinder::Convert(const Ast& ast) {
    KQ_ASSIGN(const CqlBound operand, Bind(*ast.kids[0]));
    if (ast.kids.size() == 1) {
        const NodeIndex unit = AddConstant(plan_, Value::String(plan_.Keep(ast.extra)), ast.at);
        const std::array<NodeIndex, 2> kids = {operand.node, unit};
        return CqlBound{
            Node(ast, RunConvertUnit, kids), StaticType{Kind::kQuantity, fhir::kNoType, false}};
    }
    const StaticType type = TypeOfSpecifier(ast.kids[1]);
    if (type.kind == Kind::kNull || type.list) {
        return NotSupported(ast, "convert to " + std::string(ast.kids[1]->text));
    }
    const std::array<NodeIndex, 1> kids = {operand.node};
    return CqlBound{Node(ast, RunConvert, kids, static_cast<std::uint32_t>(type.kind)), type};
}

}  // namespace kangqu::expression
