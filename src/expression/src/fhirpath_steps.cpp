// Names, members, indexes and external names of FHIRPath.
#include "fhirpath_steps.hpp"

#include "fhirpath_binder.hpp"
#include "navigate.hpp"

namespace kangqu::expression {

Value RunSlot(Evaluation& evaluation, const PlanNode& node) {
    return evaluation.slot(node.slot);
}

Value RunMember(Evaluation& evaluation, const PlanNode& node) {
    const Value target = evaluation.Arg(node, 0);
    if (target.is_null()) {
        return target;
    }
    const MemberStep& step = evaluation.plan().steps[node.data];
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(target)) {
        if (item.is(Kind::kNode)) {
            AddMembers(item, step, out);
        } else {
            out.AddItems(SystemMember(evaluation, item, step.name));
        }
    }
    return out.Collection();
}

// A name at the beginning: the input itself when it is of the type so named, else a member.
Value RunTypeOrMember(Evaluation& evaluation, const PlanNode& node) {
    const Value target = evaluation.Arg(node, 0);
    const MemberStep& step = evaluation.plan().steps[node.data];
    if (target.is(Kind::kNode) && target.type() != fhir::kNoType &&
        fhir::IsA(target.type(), static_cast<fhir::TypeNumber>(node.flags))) {
        return target;
    }
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(target)) {
        AddMembers(item, step, out);
    }
    return out.Collection();
}

Value RunIndex(Evaluation& evaluation, const PlanNode& node) {
    const Value target = evaluation.Arg(node, 0);
    const Value index = evaluation.Typed(node, 1, Kind::kInteger);
    const auto items = ItemsOf(target);
    if (index.is_null() || index.integer() < 0 ||
        index.integer() >= static_cast<std::int64_t>(items.size())) {
        return {};
    }
    return items[static_cast<std::size_t>(index.integer())];
}

Value RunExternal(Evaluation& evaluation, const PlanNode& node) {
    const std::string_view name = evaluation.plan().steps[node.data].name;
    for (const Variable& variable : evaluation.environment().variables) {
        if (variable.name == name) {
            return variable.value;
        }
    }
    return evaluation.Fail(node, "%" + std::string(name) + " is not given");
}

Value RunContext(Evaluation& evaluation, const PlanNode&) {
    return evaluation.slot(kInputSlot);
}

Value RunResource(Evaluation& evaluation, const PlanNode& node) {
    const Environment& environment = evaluation.environment();
    const core::JsonNode json = node.flags != 0 && environment.root_resource
                                    ? environment.root_resource
                                    : environment.resource;
    return json ? NodeOf(json, Known().resource) : evaluation.slot(kInputSlot);
}

}  // namespace kangqu::expression
