// Calls: functions of libraries with their overloads, System functions, methods, external names.
#include "cql/binder.hpp"
#include "cql/calls.hpp"
#include "cql/cql_functions.hpp"
#include "functions/registry.hpp"
#include "literals.hpp"
#include "navigate.hpp"
#include <algorithm>
#include <array>

namespace kangqu::expression {

namespace {

struct OperatorName {
    std::string_view name;
    AstKind kind;
    std::string_view sign;
    std::uint8_t operands;
};
// Operators of the CQL reference by their names, as translated libraries call them.
constexpr auto kOperatorNames = std::to_array<OperatorName>({
    {"Add", AstKind::kBinary, "+", 2},
    {"Subtract", AstKind::kBinary, "-", 2},
    {"Multiply", AstKind::kBinary, "*", 2},
    {"Divide", AstKind::kBinary, "/", 2},
    {"TruncatedDivide", AstKind::kBinary, "div", 2},
    {"Modulo", AstKind::kBinary, "mod", 2},
    {"Negate", AstKind::kUnary, "-", 1},
    {"And", AstKind::kBinary, "and", 2},
    {"Or", AstKind::kBinary, "or", 2},
    {"Xor", AstKind::kBinary, "xor", 2},
    {"Implies", AstKind::kBinary, "implies", 2},
    {"Not", AstKind::kUnary, "not", 1},
    {"IsTrue", AstKind::kUnary, "is true", 1},
    {"IsFalse", AstKind::kUnary, "is false", 1},
    {"Equal", AstKind::kBinary, "=", 2},
    {"NotEqual", AstKind::kBinary, "!=", 2},
    {"Equivalent", AstKind::kBinary, "~", 2},
    {"Less", AstKind::kBinary, "<", 2},
    {"LessOrEqual", AstKind::kBinary, "<=", 2},
    {"Greater", AstKind::kBinary, ">", 2},
    {"GreaterOrEqual", AstKind::kBinary, ">=", 2},
    {"Union", AstKind::kBinary, "union", 2},
    {"Intersect", AstKind::kBinary, "intersect", 2},
    {"Except", AstKind::kBinary, "except", 2},
    {"In", AstKind::kTiming, "in", 2},
    {"Contains", AstKind::kTiming, "contains", 2},
    {"Includes", AstKind::kTiming, "includes", 2},
    {"IncludedIn", AstKind::kTiming, "during", 2},
    {"Before", AstKind::kTiming, "before", 2},
    {"After", AstKind::kTiming, "after", 2},
    {"SameAs", AstKind::kTiming, "same as", 2},
    {"SameOrBefore", AstKind::kTiming, "same or before", 2},
    {"SameOrAfter", AstKind::kTiming, "same or after", 2},
    {"Meets", AstKind::kTiming, "meets", 2},
    {"MeetsBefore", AstKind::kTiming, "meets before", 2},
    {"MeetsAfter", AstKind::kTiming, "meets after", 2},
    {"Overlaps", AstKind::kTiming, "overlaps", 2},
    {"OverlapsBefore", AstKind::kTiming, "overlaps before", 2},
    {"OverlapsAfter", AstKind::kTiming, "overlaps after", 2},
    {"Starts", AstKind::kTiming, "starts", 2},
    {"Ends", AstKind::kTiming, "ends", 2},
    {"Start", AstKind::kBoundary, "start", 1},
    {"End", AstKind::kBoundary, "end", 1},
    {"Width", AstKind::kBoundary, "width", 1},
    {"Size", AstKind::kBoundary, "size", 1},
    {"PointFrom", AstKind::kBoundary, "point", 1},
    {"SingletonFrom", AstKind::kBoundary, "singleton", 1},
    {"Successor", AstKind::kBoundary, "successor", 1},
    {"Predecessor", AstKind::kBoundary, "predecessor", 1},
    {"DateFrom", AstKind::kComponent, "date", 1},
    {"TimeFrom", AstKind::kComponent, "time", 1},
    {"TimezoneOffsetFrom", AstKind::kComponent, "timezoneoffset", 1},
});

const OperatorName* FindOperatorName(std::string_view name, std::size_t operands) {
    for (const OperatorName& row : kOperatorNames) {
        if (row.name == name && row.operands == operands) {
            return &row;
        }
    }
    return nullptr;
}

// Whether a value of what is known of `given` may be of the type that `test` names. Only plain
// System values are told apart beforehand; the rest shows when it runs.
bool MayBe(const Plan& plan, const StaticType& given, const TypeTest& test) {
    const bool plain = given.kind != Kind::kNull && given.kind != Kind::kList &&
                       given.kind != Kind::kTuple && !given.list;
    if (!plain || test.any || test.system == given.kind) {
        return true;
    }
    for (const std::uint32_t choice : test.choices) {
        if (MayBe(plan, given, plan.types[choice])) {
            return true;
        }
    }
    return ConvertsImplicitly(given.kind, test.system);
}

}  // namespace

core::Result<CqlBinder::Arguments> CqlBinder::BindArguments(const Ast& ast, std::size_t skip) {
    Arguments out;
    for (std::size_t i = skip; i < ast.kids.size(); ++i) {
        KQ_ASSIGN(const CqlBound kid, Bind(*ast.kids[i]));
        out.nodes.push_back(kid.node);
        out.types.push_back(kid.type);
    }
    return out;
}

core::Result<CqlBound> CqlBinder::Call(const Ast& ast) {
    const auto operands = ast.kids.size();
    const bool own = library_.functions.contains(ast.text);
    if (const OperatorName* row = own ? nullptr : FindOperatorName(ast.text, operands)) {
        Ast operation = ast;
        operation.kind = row->kind;
        operation.text = row->sign;
        return Bind(operation);
    }
    KQ_ASSIGN(const Arguments arguments, BindArguments(ast, 0));
    bool found = false;
    auto user = UserCall({&library_}, ast, arguments, false, found);
    if (found) {
        return user;
    }
    KQ_ASSIGN(const CqlBound call, SystemCall(ast, arguments.nodes));
    if (ast.text == "Length" && arguments.types[0].list) {
        plan_.nodes[call.node].flags = 1;
    }
    return call;
}

// The functions of `scopes` with the name and number of operands whose types the arguments may
// have. One is called directly, several are told apart when the call runs.
core::Result<CqlBound> CqlBinder::UserCall(
    const std::vector<LibraryScope*>& scopes,
    const Ast& ast,
    const Arguments& arguments,
    bool fluent,
    bool& found
) {
    std::vector<Candidate> candidates;
    bool same_name = false;
    for (LibraryScope* scope : scopes) {
        KQ_TRY(AddCandidates(*scope, ast, arguments, fluent, candidates, same_name));
        if (!candidates.empty()) {
            break;  // the library's own come before those of what it includes
        }
    }
    // A System function of the same name takes what no overload does.
    found = !candidates.empty() ||
            (same_name && FindCqlFunction(ast.text) == nullptr && FindMethod(ast.text) == nullptr);
    if (candidates.empty()) {
        return found ? core::Result<CqlBound>(NoOverload(scopes, ast)) : CqlBound{};
    }
    StaticType type;
    for (const Candidate& candidate : candidates) {
        KQ_TRY(compiler_.Need(*candidate.scope, *candidate.entry));
        KQ_TRY(NotePatient(ast, *candidate.entry));
        type = candidate.entry->type;
    }
    if (candidates.size() == 1) {
        return CqlBound{
            Node(ast, RunFunctionCall, arguments.nodes, candidates[0].entry->number), type};
    }
    DispatchPlan dispatch;
    for (const Candidate& candidate : candidates) {
        dispatch.choices.push_back({candidate.entry->number, candidate.tests});
    }
    dispatch.name = plan_.Keep(ast.text);
    plan_.dispatches.push_back(std::move(dispatch));
    const auto number = static_cast<std::uint32_t>(plan_.dispatches.size() - 1);
    return CqlBound{Node(ast, RunDispatch, arguments.nodes, number), StaticType{}};
}

core::Status CqlBinder::AddCandidates(
    LibraryScope& scope,
    const Ast& ast,
    const Arguments& arguments,
    bool fluent,
    std::vector<Candidate>& out,
    bool& same_name
) {
    const auto [from, to] = scope.functions.equal_range(ast.text);
    for (auto at = from; at != to; ++at) {
        LibraryScope::Entry& entry = at->second;
        if ((&scope != &library_ && entry.ast->is_private) || (fluent && !entry.ast->is_fluent)) {
            continue;
        }
        same_name = true;
        if (entry.ast->operands.size() != arguments.nodes.size()) {
            continue;
        }
        Candidate candidate{&scope, &entry, {}};
        bool may_be = true;
        CqlBinder binder(compiler_, scope);
        const std::uint32_t before = std::exchange(plan_.binding, scope.source);
        for (std::size_t i = 0; i < arguments.types.size() && may_be; ++i) {
            auto test = binder.Test(*entry.ast->operands[i].type);
            if (!test.ok()) {
                plan_.binding = before;
                return std::move(test).error();
            }
            candidate.tests.push_back(*test);
            may_be = MayBe(plan_, arguments.types[i], plan_.types[*test]);
        }
        plan_.binding = before;
        if (may_be) {
            out.push_back(std::move(candidate));
        }
    }
    return {};
}

core::Error CqlBinder::NoOverload(const std::vector<LibraryScope*>& scopes, const Ast& ast) const {
    std::string takes;
    for (const LibraryScope* scope : scopes) {
        const auto [from, to] = scope->functions.equal_range(ast.text);
        for (auto at = from; at != to; ++at) {
            std::string operands;
            for (const OperandAst& operand : at->second.ast->operands) {
                operands += (operands.empty() ? "" : ", ") + TypeText(*operand.type);
            }
            takes += (takes.empty() ? "" : " or ") + ("(" + operands + ")");
        }
    }
    return TypeError(
        plan_, ast.at, std::string(ast.text) + " takes " + takes + ", not these arguments"
    );
}

core::Result<CqlBound>
CqlBinder::SystemCall(const Ast& ast, const std::vector<NodeIndex>& arguments) {
    const CqlFunction* function = FindCqlFunction(ast.text);
    if (function == nullptr) {
        std::string_view near = NearestCqlFunction(ast.text);
        for (const auto& [name, entry] : library_.functions) {
            near = IsNear(name, ast.text) ? name : near;
        }
        return UnknownName(plan_, ast.at, std::string(ast.text) + "()", near);
    }
    if (arguments.size() < function->min_arguments || arguments.size() > function->max_arguments) {
        return TypeError(
            plan_,
            ast.at,
            std::string(ast.text) + "() takes " + std::to_string(function->min_arguments) + " to " +
                std::to_string(function->max_arguments) + " arguments, not " +
                std::to_string(arguments.size())
        );
    }
    if (function->uses_patient && unfiltered_) {
        return TypeError(
            plan_, ast.at, std::string(ast.text) + "() has no meaning in context Unfiltered"
        );
    }
    patient_bound_ = patient_bound_ || function->uses_patient;
    StaticType type;
    type.list = function->result == Kind::kList;
    type.kind = type.list ? Kind::kNull : function->result;
    const NodeIndex call = Node(ast, function->run, arguments, 0, function->flags);
    KeepConstantPattern(plan_, call);
    return CqlBound{call, type};
}

// Library.function(arguments), System.function(arguments) or target.function(arguments).
core::Result<CqlBound> CqlBinder::Method(const Ast& ast) {
    bool included = false;
    static_cast<void>(IncludeOf(*ast.kids[0], included));
    if (included) {
        return QualifiedCall(ast, library_.includes.find(ast.kids[0]->text)->second);
    }
    const bool system = ast.kids[0]->kind == AstKind::kName && ast.kids[0]->text == "System";
    if (system) {
        KQ_ASSIGN(const Arguments arguments, BindArguments(ast, 1));
        return SystemCall(ast, arguments.nodes);
    }
    KQ_ASSIGN(const CqlBound target, Bind(*ast.kids[0]));
    return FluentCall(ast, target);
}

core::Result<CqlBound> CqlBinder::QualifiedCall(const Ast& ast, LibraryScope* scope) {
    KQ_ASSIGN(const Arguments arguments, BindArguments(ast, 1));
    // FHIRHelpers is built in: its functions are the implicit conversions.
    if (scope == nullptr) {
        if (arguments.nodes.size() != 1 || !ast.text.starts_with("To")) {
            return UnknownName(plan_, ast.at, "FHIRHelpers." + std::string(ast.text), {});
        }
        return CqlBound{Node(ast, RunToCql, arguments.nodes), StaticType{}};
    }
    bool found = false;
    auto call = UserCall({scope}, ast, arguments, false, found);
    if (found) {
        return call;
    }
    std::string_view near;
    for (const auto& [name, entry] : scope->functions) {
        near = IsNear(name, ast.text) ? name : near;
    }
    return UnknownName(plan_, ast.at, std::string(ast.text) + "()", near);
}

// target.function(arguments): a fluent function with the target first, else a method of FHIRPath
// without criteria, else a System function.
core::Result<CqlBound> CqlBinder::FluentCall(const Ast& ast, const CqlBound& target) {
    KQ_ASSIGN(Arguments arguments, BindArguments(ast, 1));
    arguments.nodes.insert(arguments.nodes.begin(), target.node);
    arguments.types.insert(arguments.types.begin(), target.type);
    std::vector<LibraryScope*> scopes = {&library_};
    for (const auto& [alias, scope] : library_.includes) {
        if (scope != nullptr) {
            scopes.push_back(scope);
        }
    }
    bool found = false;
    auto user = UserCall(scopes, ast, arguments, true, found);
    if (found) {
        return user;
    }
    const ::kangqu::expression::Method* method = FindMethod(ast.text);
    if (method == nullptr) {
        return UnknownName(plan_, ast.at, std::string(ast.text) + "()", NearestMethod(ast.text));
    }
    const std::size_t given = arguments.nodes.size() - 1;
    if (method->lambdas != 0 || given < method->min_arguments || given > method->max_arguments) {
        return TypeError(
            plan_,
            ast.at,
            "." + std::string(ast.text) + "() cannot be called with these arguments in CQL"
        );
    }
    StaticType type;
    type.kind = method->result == ResultRule::kBoolean   ? Kind::kBoolean
                : method->result == ResultRule::kInteger ? Kind::kInteger
                                                         : Kind::kNull;
    return CqlBound{Node(ast, method->run, arguments.nodes), type};
}

// %name: an address that FHIRPath knows, else a variable of the environment.
core::Result<CqlBound> CqlBinder::External(const Ast& ast) {
    if (const std::string_view address = KnownAddress(ast.text); !address.empty()) {
        return CqlBound{
            AddConstant(plan_, Value::String(address), ast.at),
            StaticType{Kind::kString, fhir::kNoType, false}};
    }
    return CqlBound{Node(ast, RunVariable, {}, Step(ast.text, fhir::kNoType)), StaticType{}};
}

}  // namespace kangqu::expression
