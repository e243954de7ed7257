#include "fhirpath_binder.hpp"

#include "evaluation.hpp"
#include "fhirpath_steps.hpp"
#include "functions/registry.hpp"
#include "functions/types.hpp"
#include "literals.hpp"
#include "navigate.hpp"
#include "operators/operators.hpp"
#include <algorithm>
#include <array>
#include <tuple>

namespace kangqu::expression {

namespace {

constexpr fhir::TypeNumber kNoType = fhir::kNoType;

// A bound expression: its node and, when known, the FHIR type of its items.
struct Bound {
    NodeIndex node = kNoNode;
    fhir::TypeNumber type = kNoType;
};

bool NeedsOrder(std::string_view method) {
    return method == "first" || method == "last" || method == "tail" || method == "skip" ||
           method == "take";
}

class Binder {
public:
    Binder(Plan& plan, const FhirPathOptions& options) : plan_(plan), options_(options) {}

    core::Result<Bound> Bind(const Ast& ast) {
        struct Row {
            AstKind kind;
            core::Result<Bound> (Binder::*bind)(const Ast&);
        };
        static constexpr std::array<Row, 13> kRows = {{
            {AstKind::kName, &Binder::Name},
            {AstKind::kMember, &Binder::Member},
            {AstKind::kCall, &Binder::Call},
            {AstKind::kMethod, &Binder::Call},
            {AstKind::kIndex, &Binder::Index},
            {AstKind::kExternal, &Binder::External},
            {AstKind::kThis, &Binder::This},
            {AstKind::kIndexVariable, &Binder::IndexVariable},
            {AstKind::kTotal, &Binder::Total},
            {AstKind::kUnary, &Binder::Unary},
            {AstKind::kBinary, &Binder::Binary},
            {AstKind::kIs, &Binder::IsOperator},
            {AstKind::kAs, &Binder::AsOperator},
        }};
        if (depth_ >= kMaxChain) {
            return core::At(
                core::MakeError(
                    core::ErrorCode::kExpressionLimit,
                    std::to_string(kMaxChain) + " operators in a chain"
                ),
                plan_.Place(plan_.At(ast.at))
            );
        }
        for (const Row& row : kRows) {
            if (row.kind == ast.kind) {
                ++depth_;
                auto bound = (this->*row.bind)(ast);
                --depth_;
                return bound;
            }
        }
        KQ_ASSIGN(const Value value, LiteralValue(plan_, ast));
        return Bound{AddConstant(plan_, value, ast.at), kNoType};
    }

    void OpenScope(std::uint16_t slot, fhir::TypeNumber type) {
        this_slot_ = slot;
        this_type_ = type;
    }
    // iif() changes $this only, aggregate() alone brings a $total.
    void OpenLambda(const Method& method, std::uint16_t slot, fhir::TypeNumber type) {
        OpenScope(slot, type);
        index_slot_ = method.name == "iif" ? index_slot_ : slot + 1;
        total_slot_ = method.name == "aggregate" ? slot + 2 : total_slot_;
    }

private:
    NodeIndex
    Node(const Ast& ast, EvalFn run, std::span<const NodeIndex> kids, std::uint32_t data = 0) {
        PlanNode node;
        node.run = run;
        node.at = plan_.At(ast.at);
        node.data = data;
        return plan_.Add(node, kids);
    }

    core::Result<Bound> Slot(const Ast& ast, int slot, fhir::TypeNumber type) {
        PlanNode node;
        node.run = RunSlot;
        node.at = plan_.At(ast.at);
        node.slot = static_cast<std::uint16_t>(slot);
        return Bound{plan_.Add(node), type};
    }

    core::Result<Bound> This(const Ast& ast) { return Slot(ast, this_slot_, this_type_); }
    core::Result<Bound> IndexVariable(const Ast& ast) { return Slot(ast, index_slot_, kNoType); }
    core::Result<Bound> Total(const Ast& ast) { return Slot(ast, total_slot_, kNoType); }
    core::Result<Bound> IsOperator(const Ast& ast) {
        return TypeOperator(ast, *ast.kids[0], *ast.kids[1], EvalIs);
    }
    core::Result<Bound> AsOperator(const Ast& ast) {
        return TypeOperator(ast, *ast.kids[0], *ast.kids[1], EvalAs);
    }

    std::uint32_t Step(std::string_view name, fhir::TypeNumber type) {
        MemberStep step;
        step.name = plan_.Keep(name);
        step.type = type;
        step.rows =
            type == kNoType ? std::span<const fhir::ElementFacts>() : fhir::FindPath(type, name);
        plan_.steps.push_back(step);
        return static_cast<std::uint32_t>(plan_.steps.size() - 1);
    }

    // What the member `name` of `type` is; kNoType when a choice or not known.
    core::Result<fhir::TypeNumber>
    MemberType(const Ast& ast, fhir::TypeNumber type, std::string_view name) {
        if (type == kNoType || fhir::TypeOf(type).abstract) {
            return kNoType;
        }
        const auto rows = fhir::FindPath(type, name);
        if (rows.empty()) {
            if (options_.strict) {
                return UnknownName(plan_, ast.at, name, NearestMember(type, name));
            }
            return kNoType;
        }
        const bool known = rows.size() == 1 && rows[0].type != Known().resource;
        return known ? rows[0].type : kNoType;
    }

    static std::string_view NearestMember(fhir::TypeNumber type, std::string_view name) {
        for (const fhir::ElementFacts& row : fhir::TypeOf(type).elements) {
            if (IsNear(row.path_name, name)) {
                return row.path_name;
            }
        }
        return {};
    }

    core::Result<Bound> Name(const Ast& ast) {
        const fhir::TypeNumber named = fhir::FindType(ast.text);
        const bool first = this_slot_ == kInputSlot;
        KQ_ASSIGN(const Bound focus, Slot(ast, this_slot_, this_type_));
        const bool resource_like =
            named != kNoType && !ast.text.empty() && ast.text[0] >= 'A' && ast.text[0] <= 'Z';
        if (resource_like) {
            if (options_.strict && first && this_type_ != kNoType &&
                !fhir::IsA(this_type_, named) && !fhir::IsA(named, this_type_)) {
                return TypeError(
                    plan_,
                    ast.at,
                    "the input is " + std::string(fhir::TypeOf(this_type_).name) + ", not " +
                        std::string(ast.text)
                );
            }
            PlanNode node;
            node.run = RunTypeOrMember;
            node.at = plan_.At(ast.at);
            node.flags = named;
            node.data = Step(ast.text, this_type_);
            const std::array<NodeIndex, 1> kids = {focus.node};
            const bool more_exact = this_type_ != kNoType && fhir::IsA(this_type_, named);
            return Bound{plan_.Add(node, kids), more_exact ? this_type_ : named};
        }
        return MemberOf(ast, focus);
    }

    core::Result<Bound> MemberOf(const Ast& ast, const Bound& target) {
        KQ_ASSIGN(const fhir::TypeNumber type, MemberType(ast, target.type, ast.text));
        const std::array<NodeIndex, 1> kids = {target.node};
        return Bound{Node(ast, RunMember, kids, Step(ast.text, target.type)), type};
    }

    core::Result<Bound> Member(const Ast& ast) {
        KQ_ASSIGN(const Bound target, Bind(*ast.kids[0]));
        return MemberOf(ast, target);
    }

    core::Result<Bound> Index(const Ast& ast) {
        KQ_ASSIGN(const Bound target, Bind(*ast.kids[0]));
        KQ_ASSIGN(const Bound index, Bind(*ast.kids[1]));
        const std::array<NodeIndex, 2> kids = {target.node, index.node};
        return Bound{Node(ast, RunIndex, kids), target.type};
    }

    core::Result<Bound> Unary(const Ast& ast) {
        KQ_ASSIGN(const Bound operand, Bind(*ast.kids[0]));
        const std::array<NodeIndex, 1> kids = {operand.node};
        return Bound{Node(ast, FindUnaryOperator(ast.text), kids), kNoType};
    }

    core::Result<Bound> Binary(const Ast& ast) {
        const std::size_t variables = variables_.size();
        KQ_ASSIGN(const Bound left, Bind(*ast.kids[0]));
        variables_.resize(variables);
        KQ_ASSIGN(const Bound right, Bind(*ast.kids[1]));
        variables_.resize(variables);
        const std::array<NodeIndex, 2> kids = {left.node, right.node};
        const bool same = ast.text == "|" && left.type == right.type;
        return Bound{Node(ast, FindBinaryOperator(ast.text), kids), same ? left.type : kNoType};
    }

    core::Result<std::uint32_t> TypeIndex(const Ast& type) {
        // As an argument a type arrives as a name or a member: FHIR.Patient.
        std::string_view space = type.extra;
        if (type.kind == AstKind::kMember && type.kids[0]->kind == AstKind::kName) {
            space = type.kids[0]->text;
        }
        auto test = NamedTypeTest(space, type.text);
        if (!test && space == "System" && fhir::FindType(type.text) != kNoType) {
            test = TypeTest{};  // no value is of it
        }
        if (!test) {
            return UnknownName(plan_, type.at, type.text, {});
        }
        plan_.types.push_back(*test);
        return static_cast<std::uint32_t>(plan_.types.size() - 1);
    }

    core::Result<Bound>
    TypeOperator(const Ast& ast, const Ast& operand, const Ast& type, EvalFn run) {
        KQ_ASSIGN(const std::uint32_t test, TypeIndex(type));
        const bool resolved = operand.kind == AstKind::kMethod && operand.text == "resolve";
        const bool called = operand.kind == AstKind::kCall && operand.text == "resolve";
        if (run == EvalIs && (resolved || called)) {
            KQ_ASSIGN(const Bound target, Target(operand));
            const std::array<NodeIndex, 1> kids = {target.node};
            return Bound{Node(ast, EvalReferenceIs, kids, test), kNoType};
        }
        KQ_ASSIGN(const Bound target, Bind(operand));
        const std::array<NodeIndex, 1> kids = {target.node};
        const fhir::TypeNumber result = run == EvalIs ? kNoType : plan_.types[test].fhir;
        return Bound{Node(ast, run, kids, test), result};
    }

    // The input of a call: what stands before the point, else $this.
    core::Result<Bound> Target(const Ast& ast) {
        if (ast.kind == AstKind::kMethod) {
            return Bind(*ast.kids[0]);
        }
        return Slot(ast, this_slot_, this_type_);
    }

    core::Result<Bound> Call(const Ast& ast) {
        const std::size_t skip = ast.kind == AstKind::kMethod ? 1 : 0;
        const std::size_t count = ast.kids.size() - skip;
        const bool type_call = ast.text == "is" || ast.text == "as" || ast.text == "ofType";
        if (type_call && count == 1) {
            const EvalFn run = ast.text == "is" ? EvalIs : ast.text == "as" ? EvalAs : EvalOfType;
            if (skip == 1) {
                return TypeOperator(ast, *ast.kids[0], *ast.kids[1], run);
            }
            Ast focus;
            focus.kind = AstKind::kThis;
            focus.at = ast.at;
            return TypeOperator(ast, focus, *ast.kids[0], run);
        }
        const Method* method = FindMethod(ast.text);
        if (method == nullptr) {
            return UnknownName(
                plan_, ast.at, std::string(ast.text) + "()", NearestMethod(ast.text)
            );
        }
        if (count < method->min_arguments || count > method->max_arguments) {
            return TypeError(
                plan_,
                ast.at,
                std::string(ast.text) + "() takes " + std::to_string(method->min_arguments) +
                    " to " + std::to_string(method->max_arguments) + " arguments, not " +
                    std::to_string(count)
            );
        }
        if (options_.strict && skip == 1 && NeedsOrder(ast.text) &&
            ast.kids[0]->kind == AstKind::kMethod &&
            (ast.kids[0]->text == "children" || ast.kids[0]->text == "descendants")) {
            return TypeError(plan_, ast.at, std::string(ast.kids[0]->text) + "() has no order");
        }
        return MethodCall(ast, *method, skip);
    }

    core::Result<Bound> MethodCall(const Ast& ast, const Method& method, std::size_t skip) {
        KQ_ASSIGN(const Bound target, Target(ast));
        PlanNode node;
        node.run = method.run;
        node.at = plan_.At(ast.at);
        node.slot = static_cast<std::uint16_t>(plan_.slots);
        if (method.lambdas != 0) {
            if (plan_.slots > 60'000) {
                return TypeError(plan_, ast.at, "too many nested criteria");
            }
            plan_.slots += 3;
        }
        std::vector<NodeIndex> kids = {target.node};
        fhir::TypeNumber projected = kNoType;
        const std::size_t outside = variables_.size();
        for (std::size_t i = skip; i < ast.kids.size(); ++i) {
            const bool lambda = (method.lambdas >> (i - skip) & 1U) != 0;
            const auto saved = std::tuple(this_slot_, this_type_, index_slot_, total_slot_);
            if (lambda) {
                OpenLambda(method, node.slot, target.type);
            }
            const Ast& key = SortKey(method, *ast.kids[i], i - skip, node);
            const std::size_t variables = variables_.size();
            auto argument = Bind(key);
            variables_.resize(variables);
            std::tie(this_slot_, this_type_, index_slot_, total_slot_) = saved;
            if (!argument.ok()) {
                return std::move(argument).error();
            }
            kids.push_back(argument->node);
            projected = i == skip ? argument->type : projected;
        }
        variables_.resize(outside);
        if (method.name == "defineVariable") {
            KQ_TRY(NoteVariable(ast, skip, node));
        }
        const fhir::TypeNumber type = method.result == ResultRule::kFocus        ? target.type
                                      : method.result == ResultRule::kProjection ? projected
                                      : ast.text == "extension"                  ? Known().extension
                                                                                 : kNoType;
        const NodeIndex call = plan_.Add(node, kids);
        KeepConstantPattern(plan_, call);
        return Bound{call, type};
    }

    // A key of sort() without its direction, which is noted in the node: `desc` behind it, or a
    // minus before it.
    static const Ast&
    SortKey(const Method& method, const Ast& key, std::size_t at, PlanNode& node) {
        const bool minus = method.name == "sort" && key.kind == AstKind::kUnary && key.text == "-";
        const bool directed = key.kind == AstKind::kSortBy;
        node.flags |= minus || (directed && key.flag) ? 1U << at : 0U;
        return minus || directed ? *key.kids[0] : key;
    }

    // The slot of a name that defineVariable() gives, visible in what follows in the chain.
    core::Status NoteVariable(const Ast& ast, std::size_t skip, PlanNode& node) {
        const Ast& name = *ast.kids[skip];
        if (name.kind != AstKind::kString) {
            return TypeError(plan_, name.at, "the name of a variable must be a plain text");
        }
        const bool taken = name.text == "context" || name.text == "resource" ||
                           name.text == "rootResource" || !KnownAddress(name.text).empty();
        const bool twice =
            std::any_of(variables_.begin(), variables_.end(), [&](const NamedSlot& variable) {
                return variable.name == name.text;
            });
        if (taken || twice) {
            return TypeError(plan_, name.at, "%" + std::string(name.text) + " has a value already");
        }
        node.flags = plan_.slots++;
        variables_.push_back({name.text, static_cast<std::uint16_t>(node.flags)});
        return {};
    }

    core::Result<Bound> External(const Ast& ast) {
        for (const NamedSlot& variable : variables_) {
            if (variable.name == ast.text) {
                return Slot(ast, variable.slot, kNoType);
            }
        }
        if (const std::string_view address = KnownAddress(ast.text); !address.empty()) {
            return Bound{AddConstant(plan_, Value::String(address), ast.at), kNoType};
        }
        const auto text = [&](std::string_view prefix, std::size_t skip) {
            const std::string_view kept =
                plan_.Keep(std::string(prefix) + std::string(ast.text.substr(skip)));
            return Bound{AddConstant(plan_, Value::String(kept), ast.at), kNoType};
        };
        if (ast.text.starts_with("vs-")) {
            return text("http://hl7.org/fhir/ValueSet/", 3);
        }
        if (ast.text.starts_with("ext-")) {
            return text("http://hl7.org/fhir/StructureDefinition/", 4);
        }
        PlanNode node;
        node.at = plan_.At(ast.at);
        if (ast.text == "context") {
            node.run = RunContext;
        } else if (ast.text == "resource" || ast.text == "rootResource") {
            node.run = RunResource;
            node.flags = ast.text == "rootResource" ? 1 : 0;
        } else {
            node.run = RunExternal;
            node.data = Step(ast.text, kNoType);
        }
        return Bound{plan_.Add(node), kNoType};
    }

    struct NamedSlot {
        std::string_view name;
        std::uint16_t slot = 0;
    };

    Plan& plan_;
    const FhirPathOptions& options_;
    std::vector<NamedSlot> variables_;
    int depth_ = 0;  // of nodes being bound
    std::uint16_t this_slot_ = kInputSlot;
    int index_slot_ = kInputSlot + 1;
    int total_slot_ = kInputSlot + 2;
    fhir::TypeNumber this_type_ = kNoType;
};

}  // namespace

core::Result<NodeIndex>
BindFhirPath(Plan& plan, const Ast& tree, fhir::TypeNumber input, const FhirPathOptions& options) {
    plan.slots = 3;
    plan.types.emplace_back();  // so that 0 means no inner type
    Binder binder(plan, options);
    binder.OpenScope(kInputSlot, input);
    KQ_ASSIGN(const Bound root, binder.Bind(tree));
    return root.node;
}

}  // namespace kangqu::expression
