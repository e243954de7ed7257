// Texts of CQL; most are the methods of FHIRPath under another name.
#include "kangqu/core/utf8.hpp"

#include "cql/cql_functions.hpp"
#include "functions/registry.hpp"
#include "navigate.hpp"
#include <array>

namespace kangqu::expression {

namespace {

Value Length(Evaluation& evaluation, const PlanNode& node) {
    const Value value = ToSystem(evaluation, evaluation.Arg(node, 0));
    if (value.is(Kind::kString)) {
        return Value::Integer(static_cast<std::int64_t>(core::CountCodePoints(value.text())));
    }
    // A null list has length 0, a null text none.
    return value.is_null() ? (node.flags != 0 ? Value::Integer(0) : Value())
                           : Value::Integer(static_cast<std::int64_t>(ItemsOf(value).size()));
}

Value Concatenate(Evaluation& evaluation, const PlanNode& node) {
    std::string out;
    for (std::size_t i = 0; i < node.count; ++i) {
        const Value part = evaluation.Typed(node, i, Kind::kString);
        if (part.is_null()) {
            return {};
        }
        out.append(part.text());
    }
    return Value::String(evaluation.Text(std::move(out)));
}

Value Combine(Evaluation& evaluation, const PlanNode& node) {
    const Value list = evaluation.Arg(node, 0);
    const Value separator =
        node.count > 1 ? evaluation.Typed(node, 1, Kind::kString) : Value::String({});
    if (list.is_null() || separator.is_null()) {
        return {};
    }
    std::string out;
    bool first = true;
    for (const Value& item : ItemsOf(list)) {
        const Value text = ToSystem(evaluation, item);
        if (!text.is(Kind::kString)) {
            continue;
        }
        out.append(first ? std::string_view() : separator.text()).append(text.text());
        first = false;
        if (!evaluation.FitsText(out.size())) {
            return {};
        }
    }
    return first ? Value() : Value::String(evaluation.Text(std::move(out)));
}

Value Split(Evaluation& evaluation, const PlanNode& node) {
    const Value text = evaluation.Typed(node, 0, Kind::kString);
    const Value separator = evaluation.Typed(node, 1, Kind::kString);
    if (text.is_null()) {
        return {};
    }
    ListBuilder out(evaluation);
    std::string_view rest = text.text();
    while (!separator.is_null() && !separator.text().empty()) {
        const std::size_t found = rest.find(separator.text());
        if (found == std::string_view::npos) {
            break;
        }
        out.Add(Value::String(rest.substr(0, found)));
        rest.remove_prefix(found + separator.text().size());
    }
    out.Add(Value::String(rest));
    return out.List();
}

// flags 1: the last position
Value PositionOf(Evaluation& evaluation, const PlanNode& node) {
    const Value part = evaluation.Typed(node, 0, Kind::kString);
    const Value text = evaluation.Typed(node, 1, Kind::kString);
    if (part.is_null() || text.is_null()) {
        return {};
    }
    const std::size_t found =
        node.flags != 0 ? text.text().rfind(part.text()) : text.text().find(part.text());
    return found == std::string_view::npos
               ? Value::Integer(-1)
               : Value::Integer(
                     static_cast<std::int64_t>(core::CountCodePoints(text.text().substr(0, found)))
                 );
}

constexpr std::array<CqlFunction, 6> kFunctions = {{
    {"Length", 1, 1, Kind::kInteger, Length, false, 0},
    {"Concatenate", 2, 20, Kind::kString, Concatenate, false, 0},
    {"Combine", 1, 2, Kind::kString, Combine, false, 0},
    {"Split", 2, 2, Kind::kList, Split, false, 0},
    {"PositionOf", 2, 2, Kind::kInteger, PositionOf, false, 0},
    {"LastPositionOf", 2, 2, Kind::kInteger, PositionOf, false, 1},
}};

}  // namespace

std::span<const CqlFunction> CqlTextFunctions() {
    return kFunctions;
}

}  // namespace kangqu::expression
