#include "types.hpp"

#include "kangqu/fhir/resource.hpp"

#include "navigate.hpp"

namespace kangqu::expression {

bool IsOfType(const Plan& plan, const TypeTest& test, const Value& item) {
    if (test.any) {
        return true;
    }
    for (const std::uint32_t choice : test.choices) {
        if (IsOfType(plan, plan.types[choice], item)) {
            return true;
        }
    }
    if (item.is(Kind::kNode)) {
        return test.fhir != fhir::kNoType && item.type() != fhir::kNoType &&
               fhir::IsA(item.type(), test.fhir);
    }
    if (test.system == Kind::kNull || item.kind() != test.system) {
        return false;
    }
    if (test.inner == 0) {
        return true;
    }
    const TypeTest& inner = plan.types[test.inner];
    if (item.is(Kind::kInterval)) {
        const Value& bound =
            item.interval().low.is_null() ? item.interval().high : item.interval().low;
        return bound.is_null() || IsOfType(plan, inner, bound);
    }
    if (item.is(Kind::kList)) {
        for (const Value& element : item.items()) {
            if (!element.is_null() && !IsOfType(plan, inner, element)) {
                return false;
            }
        }
    }
    return true;
}

namespace {

// `as` and ofType() take a primitive by its own type only: a code is not handed out as a string.
bool IsExactly(const Plan& plan, const TypeTest& test, const Value& item) {
    const bool primitive = item.is(Kind::kNode) && IsPrimitive(item.type());
    return IsOfType(plan, test, item) && (!primitive || test.any || item.type() == test.fhir);
}

}  // namespace

Value EvalIs(Evaluation& evaluation, const PlanNode& node) {
    const Plan& plan = evaluation.plan();
    const Value item = evaluation.One(node, evaluation.Arg(node, 0));
    if (item.is_null()) {
        return {};
    }
    return Value::Boolean(IsOfType(plan, plan.types[node.data], item));
}

Value EvalAs(Evaluation& evaluation, const PlanNode& node) {
    const Plan& plan = evaluation.plan();
    const Value item = evaluation.One(node, evaluation.Arg(node, 0));
    if (item.is_null()) {
        return {};
    }
    return IsExactly(plan, plan.types[node.data], item) ? item : Value();
}

Value EvalOfType(Evaluation& evaluation, const PlanNode& node) {
    const Plan& plan = evaluation.plan();
    const Value input = evaluation.Arg(node, 0);
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(input)) {
        if (IsExactly(plan, plan.types[node.data], item)) {
            out.Add(item);
        }
    }
    return out.Collection();
}

Value EvalReferenceIs(Evaluation& evaluation, const PlanNode& node) {
    const Value item = evaluation.One(node, evaluation.Arg(node, 0));
    if (!item.is(Kind::kNode)) {
        return {};
    }
    const TypeTest& test = evaluation.plan().types[node.data];
    const core::JsonNode json = item.node();
    const std::string_view text = json.is_string() ? json.text() : json["reference"].text();
    const fhir::Reference reference = fhir::ParseReference(text);
    std::string_view name = reference.type;
    if (name.empty()) {
        name = json["type"].text();
    }
    const fhir::TypeNumber type = fhir::FindResourceType(name);
    if (type == fhir::kNoType) {
        const Value resource = ResolveReference(evaluation, item);
        return resource.is_null() ? Value()
                                  : Value::Boolean(IsOfType(evaluation.plan(), test, resource));
    }
    return Value::Boolean(test.fhir != fhir::kNoType && fhir::IsA(type, test.fhir));
}

}  // namespace kangqu::expression
