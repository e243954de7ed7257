// Texts, counted in characters (code points).
#include "kangqu/core/utf8.hpp"

#include "functions/lambda.hpp"
#include "functions/registry.hpp"
#include "letters.hpp"
#include "navigate.hpp"
#include <array>

namespace kangqu::expression {

namespace {

// Byte offset of character `index`, or the size of `text`.
std::size_t OffsetOf(std::string_view text, std::size_t index) {
    return core::PrefixCodePoints(text, index).size();
}

Value IndexOfText(std::string_view text, std::size_t found) {
    return found == std::string_view::npos
               ? Value::Integer(-1)
               : Value::Integer(
                     static_cast<std::int64_t>(core::CountCodePoints(text.substr(0, found)))
                 );
}

Value IndexOf(Evaluation& evaluation, const PlanNode& node) {
    const Value text = evaluation.Typed(node, 0, Kind::kString);
    const Value part = evaluation.Typed(node, 1, Kind::kString);
    if (text.is_null() || part.is_null()) {
        return {};
    }
    return IndexOfText(text.text(), text.text().find(part.text()));
}

Value LastIndexOf(Evaluation& evaluation, const PlanNode& node) {
    const Value text = evaluation.Typed(node, 0, Kind::kString);
    const Value part = evaluation.Typed(node, 1, Kind::kString);
    if (text.is_null() || part.is_null()) {
        return {};
    }
    return IndexOfText(text.text(), text.text().rfind(part.text()));
}

Value Substring(Evaluation& evaluation, const PlanNode& node) {
    const Value text = evaluation.Typed(node, 0, Kind::kString);
    const Value start = evaluation.Typed(node, 1, Kind::kInteger);
    if (text.is_null() || start.is_null() || start.integer() < 0) {
        return {};
    }
    const std::size_t from = OffsetOf(text.text(), static_cast<std::size_t>(start.integer()));
    const bool empty_text =
        text.text().empty() && start.integer() == 0 && evaluation.plan().dialect == Dialect::kCql;
    if (from >= text.text().size()) {
        return empty_text ? text : Value();
    }
    const std::string_view rest = text.text().substr(from);
    if (node.count < 3) {
        return Value::String(rest);
    }
    const Value length = evaluation.Typed(node, 2, Kind::kInteger);
    if (length.is_null()) {
        return Value::String(rest);
    }
    const auto count = static_cast<std::size_t>(length.integer() < 0 ? 0 : length.integer());
    return Value::String(core::PrefixCodePoints(rest, count));
}

template <class Test>
Value TestTexts(Evaluation& evaluation, const PlanNode& node, Test test) {
    const Value text = evaluation.Typed(node, 0, Kind::kString);
    const Value part = evaluation.Typed(node, 1, Kind::kString);
    if (text.is_null() || part.is_null()) {
        return {};
    }
    return Value::Boolean(test(text.text(), part.text()));
}

Value StartsWith(Evaluation& evaluation, const PlanNode& node) {
    return TestTexts(evaluation, node, [](auto text, auto part) { return text.starts_with(part); });
}

Value EndsWith(Evaluation& evaluation, const PlanNode& node) {
    return TestTexts(evaluation, node, [](auto text, auto part) { return text.ends_with(part); });
}

Value Contains(Evaluation& evaluation, const PlanNode& node) {
    return TestTexts(evaluation, node, [](auto text, auto part) {
        return text.find(part) != std::string_view::npos;
    });
}

Value Upper(Evaluation& evaluation, const PlanNode& node) {
    const Value text = evaluation.Typed(node, 0, Kind::kString);
    return text.is_null() ? Value() : Value::String(evaluation.Text(UpperCase(text.text())));
}

Value Lower(Evaluation& evaluation, const PlanNode& node) {
    const Value text = evaluation.Typed(node, 0, Kind::kString);
    return text.is_null() ? Value() : Value::String(evaluation.Text(LowerCase(text.text())));
}

Value Replace(Evaluation& evaluation, const PlanNode& node) {
    const Value text = evaluation.Typed(node, 0, Kind::kString);
    const Value from = evaluation.Typed(node, 1, Kind::kString);
    const Value to = evaluation.Typed(node, 2, Kind::kString);
    if (text.is_null() || from.is_null() || to.is_null()) {
        return {};
    }
    std::string out;
    std::string_view rest = text.text();
    const std::string_view pattern = from.text();
    while (!rest.empty() && out.size() < evaluation.environment().limits.text_bytes) {
        if (pattern.empty()) {
            const std::string_view one = core::PrefixCodePoints(rest, 1);
            out.append(to.text()).append(one);
            rest.remove_prefix(one.size());
            continue;
        }
        const std::size_t found = std::min(rest.find(pattern), rest.size());
        out.append(rest.substr(0, found));
        rest.remove_prefix(found);
        if (!rest.empty()) {
            out.append(to.text());
            rest.remove_prefix(pattern.size());
        }
    }
    out.append(pattern.empty() ? to.text() : std::string_view());
    if (out.size() > evaluation.environment().limits.text_bytes) {
        return evaluation.FailLimit("text of " + std::to_string(out.size()) + " bytes");
    }
    return Value::String(evaluation.Text(std::move(out)));
}

Value Length(Evaluation& evaluation, const PlanNode& node) {
    const Value text = evaluation.Typed(node, 0, Kind::kString);
    return text.is_null()
               ? text
               : Value::Integer(static_cast<std::int64_t>(core::CountCodePoints(text.text())));
}

Value ToChars(Evaluation& evaluation, const PlanNode& node) {
    const Value text = evaluation.Typed(node, 0, Kind::kString);
    ListBuilder out(evaluation);
    if (!text.is_null()) {
        for (std::string_view rest = text.text(); !rest.empty();) {
            const std::string_view one = core::PrefixCodePoints(rest, 1);
            out.Add(Value::String(one));
            rest.remove_prefix(one.size());
        }
    }
    return out.Collection();
}

Value Trim(Evaluation& evaluation, const PlanNode& node) {
    const Value text = evaluation.Typed(node, 0, Kind::kString);
    if (text.is_null()) {
        return {};
    }
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t from = text.text().find_first_not_of(kSpace);
    if (from == std::string_view::npos) {
        return Value::String({});
    }
    const std::size_t to = text.text().find_last_not_of(kSpace);
    return Value::String(text.text().substr(from, to - from + 1));
}

Value Split(Evaluation& evaluation, const PlanNode& node) {
    const Value text = evaluation.Typed(node, 0, Kind::kString);
    const Value separator = evaluation.Typed(node, 1, Kind::kString);
    if (text.is_null() || separator.is_null() || separator.text().empty()) {
        return text;
    }
    ListBuilder out(evaluation);
    std::string_view rest = text.text();
    for (;;) {
        const std::size_t found = rest.find(separator.text());
        out.Add(Value::String(rest.substr(0, found)));
        if (found == std::string_view::npos) {
            return out.Collection();
        }
        rest.remove_prefix(found + separator.text().size());
    }
}

Value Join(Evaluation& evaluation, const PlanNode& node) {
    const Value input = evaluation.Arg(node, 0);
    const Value separator =
        node.count > 1 ? evaluation.Typed(node, 1, Kind::kString) : Value::String({});
    std::string out;
    bool first = true;
    for (const Value& item : ItemsOf(input)) {
        const Value text = ToSystem(evaluation, item);
        if (!text.is(Kind::kString)) {
            return evaluation.Fail(node, "texts are needed here, found " + TypeNameOf(item));
        }
        out.append(first || separator.is_null() ? std::string_view() : separator.text());
        out.append(text.text());
        first = false;
        if (!evaluation.FitsText(out.size())) {
            return {};
        }
    }
    return first ? Value() : Value::String(evaluation.Text(std::move(out)));
}

constexpr std::array<Method, 14> kMethods = {{
    {"indexOf", 1, 1, 0, ResultRule::kInteger, IndexOf},
    {"lastIndexOf", 1, 1, 0, ResultRule::kInteger, LastIndexOf},
    {"substring", 1, 2, 0, ResultRule::kString, Substring},
    {"startsWith", 1, 1, 0, ResultRule::kBoolean, StartsWith},
    {"endsWith", 1, 1, 0, ResultRule::kBoolean, EndsWith},
    {"contains", 1, 1, 0, ResultRule::kBoolean, Contains},
    {"upper", 0, 0, 0, ResultRule::kString, Upper},
    {"lower", 0, 0, 0, ResultRule::kString, Lower},
    {"replace", 2, 2, 0, ResultRule::kString, Replace},
    {"length", 0, 0, 0, ResultRule::kInteger, Length},
    {"toChars", 0, 0, 0, ResultRule::kString, ToChars},
    {"trim", 0, 0, 0, ResultRule::kString, Trim},
    {"split", 1, 1, 0, ResultRule::kString, Split},
    {"join", 0, 1, 0, ResultRule::kString, Join},
}};

}  // namespace

std::span<const Method> StringMethods() {
    return kMethods;
}

}  // namespace kangqu::expression
