// Names, steps, calls, selectors, if and case.
#include "kangqu/core/utf8.hpp"

#include "cql/cql_functions.hpp"
#include "cql/cql_run.hpp"
#include "navigate.hpp"
#include "operators/compare.hpp"
#include <algorithm>
#include <utility>

namespace kangqu::expression {

namespace {

// The value of one extension; one with parts stands for itself.
Value ExtensionValue(core::JsonNode extension) {
    for (core::JsonNode member = extension.first(); member; member = member.next()) {
        const std::string_view key = member.key();
        if (key.size() > 5 && key.starts_with("value")) {
            const fhir::ElementFacts* row = fhir::FindElement(Known().extension, key);
            return row == nullptr ? Value() : NodeOf(member, row->type);
        }
    }
    return NodeOf(extension, Known().extension);
}

void AddExtensions(const Value& item, std::string_view url, ListBuilder& out) {
    const core::JsonNode list = item.is(Kind::kNode) ? item.node()["extension"] : core::JsonNode();
    for (core::JsonNode extension = list.first(); extension; extension = extension.next()) {
        if (extension["url"].text() == url) {
            out.Add(ExtensionValue(extension));
        }
    }
}

Value MemberOfOne(Evaluation& evaluation, const Value& item, const MemberStep& step) {
    if (!item.is(Kind::kNode)) {
        return SystemMember(evaluation, item, step.name);
    }
    if (step.name == "value" && IsPrimitive(item.type())) {
        return ToSystem(evaluation, item);
    }
    const auto rows = item.type() == step.type ? step.rows : fhir::FindPath(item.type(), step.name);
    if (rows.empty() && item.type() == Known().extension) {
        ListBuilder parts(evaluation);
        AddExtensions(item, step.name, parts);
        return parts.Collection();
    }
    if (rows.empty()) {
        const Value value = ToCql(evaluation, item);
        return value.is(Kind::kNode) ? Value() : SystemMember(evaluation, value, step.name);
    }
    ListBuilder out(evaluation);
    AddMembers(item, step, out);
    return rows[0].many ? out.List() : out.Collection();
}

}  // namespace

Value RunCqlMember(Evaluation& evaluation, const PlanNode& node) {
    const Value target = evaluation.Arg(node, 0);
    if (target.is_null()) {
        return target;
    }
    const MemberStep& step = evaluation.plan().steps[node.data];
    if (!target.is(Kind::kList)) {
        return MemberOfOne(evaluation, target, step);
    }
    ListBuilder out(evaluation);
    for (const Value& item : target.items()) {
        const Value member = MemberOfOne(evaluation, item, step);
        out.AddItems(member);
    }
    return out.List();
}

Value RunExtensionMember(Evaluation& evaluation, const PlanNode& node) {
    const Value target = evaluation.Arg(node, 0);
    if (target.is_null()) {
        return target;
    }
    ListBuilder out(evaluation);
    for (const Value& item : ItemsOf(target)) {
        AddExtensions(item, evaluation.plan().steps[node.data].name, out);
    }
    return node.flags != 0 || target.is(Kind::kList) ? out.List() : out.Collection();
}

Value RunCqlIndex(Evaluation& evaluation, const PlanNode& node) {
    const Value target = ToSystem(evaluation, evaluation.Arg(node, 0));
    const Value index = ToSystem(evaluation, evaluation.Arg(node, 1));
    if (target.is_null() || !index.is(Kind::kInteger) || index.integer() < 0) {
        return {};
    }
    const auto position = static_cast<std::size_t>(index.integer());
    if (target.is(Kind::kString)) {
        std::string_view rest = target.text();
        rest.remove_prefix(core::PrefixCodePoints(rest, position).size());
        return rest.empty() ? Value() : Value::String(core::PrefixCodePoints(rest, 1));
    }
    const auto items = ItemsOf(target);
    return position < items.size() ? items[position] : Value();
}

Value RunDefinition(Evaluation& evaluation, const PlanNode& node) {
    CqlRun& run = *evaluation.cql;
    CqlRun::Cached& cached = run.definitions[node.data];
    if (!cached.done) {
        const CqlDefinition& definition = run.program->definitions[node.data];
        if (definition.constant) {
            Arena& before = evaluation.SwapArena(*run.lasting);
            const bool in_constant = std::exchange(run.in_constant, true);
            cached.value = evaluation.Run(definition.root);
            run.in_constant = in_constant;
            evaluation.SwapArena(before);
        } else {
            cached.value = evaluation.Run(definition.root);
        }
        cached.done = true;
    }
    return cached.value;
}

Value RunParameter(Evaluation& evaluation, const PlanNode& node) {
    CqlRun& run = *evaluation.cql;
    CqlRun::Cached& cached = run.parameters[node.data];
    if (!cached.done) {
        const NodeIndex fallback = run.program->parameters[node.data].fallback;
        if (fallback != kNoNode) {
            Arena& before = evaluation.SwapArena(*run.lasting);
            const bool in_constant = std::exchange(run.in_constant, true);
            cached.value = evaluation.Run(fallback);
            run.in_constant = in_constant;
            evaluation.SwapArena(before);
        }
        cached.done = true;
    }
    return cached.value;
}

Value RunPatient(Evaluation& evaluation, const PlanNode&) {
    return evaluation.cql->patient;
}

Value RunSlotValue(Evaluation& evaluation, const PlanNode& node) {
    return evaluation.slot(node.slot);
}

Value RunIf(Evaluation& evaluation, const PlanNode& node) {
    const Value condition = ToSystem(evaluation, evaluation.Arg(node, 0));
    const bool met = condition.is(Kind::kBoolean) && condition.boolean();
    return evaluation.Arg(node, met ? 1 : 2);
}

Value RunCase(Evaluation& evaluation, const PlanNode& node) {
    const bool compares = node.flags != 0;
    const Value comparand = compares ? evaluation.Arg(node, 0) : Value();
    for (std::size_t i = compares ? 1 : 0; i + 1 < node.count && !evaluation.failed(); i += 2) {
        const Value when = evaluation.Arg(node, i);
        const bool met = compares ? !comparand.is_null() && !when.is_null() &&
                                        Equal(evaluation, comparand, when).value_or(false)
                                  : when.is(Kind::kBoolean) && when.boolean();
        if (met) {
            return evaluation.Arg(node, i + 1);
        }
    }
    return evaluation.Arg(node, node.count - 1U);
}

Value RunList(Evaluation& evaluation, const PlanNode& node) {
    ListBuilder out(evaluation);
    for (std::size_t i = 0; i < node.count; ++i) {
        out.Add(evaluation.Arg(node, i));
    }
    return out.List();
}

Value RunTuple(Evaluation& evaluation, const PlanNode& node) {
    auto* names = evaluation.arena().Room<std::string_view>(node.count);
    auto* values = evaluation.arena().Room<Value>(node.count);
    for (std::size_t i = 0; i < node.count; ++i) {
        names[i] = evaluation.plan().steps[node.data + i].name;
        values[i] = evaluation.Arg(node, i);
    }
    return Value::Of(evaluation.arena().New(Tuple{
        std::span<const std::string_view>(names, node.count),
        std::span<const Value>(values, node.count)}));
}

Value RunInterval(Evaluation& evaluation, const PlanNode& node) {
    Interval out;
    out.low = ToSystem(evaluation, evaluation.Arg(node, 0));
    out.high = ToSystem(evaluation, evaluation.Arg(node, 1));
    out.low_closed = (node.flags & 1U) != 0;
    out.high_closed = (node.flags & 2U) != 0;
    if (out.low.is_null() && out.high.is_null() && !out.low_closed && !out.high_closed) {
        return {};
    }
    if (!out.low.is_null() && !out.high.is_null()) {
        const Order order = CompareValues(evaluation, out.low, out.high);
        if (order == Order::kGreater || order == Order::kIncomparable) {
            return evaluation.Fail(
                node, "the low bound of an interval must not lie above the high"
            );
        }
    }
    return Value::Of(evaluation.arena().New(out));
}

Value RunNullTest(Evaluation& evaluation, const PlanNode& node) {
    const Value value = evaluation.Arg(node, 0);
    return Value::Boolean(ToSystem(evaluation, value).is_null());
}

Value RunTrueTest(Evaluation& evaluation, const PlanNode& node) {
    const Value value = ToSystem(evaluation, evaluation.Arg(node, 0));
    return Value::Boolean(value.is(Kind::kBoolean) && value.boolean() == (node.flags != 0));
}

Value RunExists(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    const auto items = ItemsOf(list);
    return Value::Boolean(std::any_of(items.begin(), items.end(), [](const Value& item) {
        return !item.is_null();
    }));
}

namespace {

std::string_view TextAt(Evaluation& evaluation, const PlanNode& node, std::size_t position) {
    if (position >= node.count) {
        return {};
    }
    const Value value = ToSystem(evaluation, evaluation.Arg(node, position));
    if (value.is(Kind::kVocabulary)) {
        return value.vocabulary().id;
    }
    return value.is(Kind::kString) ? value.text() : std::string_view();
}

}  // namespace

Value RunCode(Evaluation& evaluation, const PlanNode& node) {
    const Code code{
        TextAt(evaluation, node, 0),
        TextAt(evaluation, node, 1),
        TextAt(evaluation, node, 2),
        TextAt(evaluation, node, 3)};
    return Value::Of(evaluation.arena().New(code));
}

Value RunConcept(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    const auto items = ItemsOf(list);
    auto* codes = evaluation.arena().Room<Code>(items.size());
    std::size_t count = 0;
    for (const Value& item : items) {
        const Value code = ToCql(evaluation, item);
        if (code.is(Kind::kCode)) {
            codes[count++] = code.code();
        }
    }
    return Value::Of(evaluation.arena().New(Concept{
        std::span<const Code>(codes, count), TextAt(evaluation, node, 1)}));
}

Value RunQuantity(Evaluation& evaluation, const PlanNode& node) {
    const auto number = AsDecimal(ToSystem(evaluation, evaluation.Arg(node, 0)));
    if (!number) {
        return {};
    }
    Quantity out;
    out.value = *number;
    out.unit = TextAt(evaluation, node, 1);
    out.unit = out.unit.empty() ? std::string_view("1") : out.unit;
    return Value::Of(evaluation.arena().New(out));
}

Value RunRatio(Evaluation& evaluation, const PlanNode& node) {
    const Value above = ToCql(evaluation, evaluation.Arg(node, 0));
    const Value below = ToCql(evaluation, evaluation.Arg(node, 1));
    if (!above.is(Kind::kQuantity) || !below.is(Kind::kQuantity)) {
        return {};
    }
    return Value::Of(evaluation.arena().New(Ratio{above.quantity(), below.quantity()}));
}

Value RunVocabulary(Evaluation& evaluation, const PlanNode& node) {
    Vocabulary out;
    out.id = TextAt(evaluation, node, 0);
    out.version = TextAt(evaluation, node, 1);
    out.name = TextAt(evaluation, node, 2);
    out.is_value_set = node.flags != 0;
    return Value::Of(evaluation.arena().New(out));
}

}  // namespace kangqu::expression
