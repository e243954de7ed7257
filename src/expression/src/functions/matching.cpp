// Regular expressions, by ICU: matches, matchesFull, replaceMatches, splitOnMatches.
#include "functions/registry.hpp"
#include "navigate.hpp"
#include <array>
#include <memory>

#include <unicode/regex.h>
#include <unicode/unistr.h>

namespace kangqu::expression {

namespace {

// Steps one match may take, so that a pattern that backtracks ends.
constexpr std::int32_t kMatchMs = 200;

icu::UnicodeString Wide(std::string_view text) {
    return icu::UnicodeString::fromUTF8(
        icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size()))
    );
}

// A matcher of argument 1 on the input, both kept in `text`; null when either is empty.
std::unique_ptr<icu::RegexMatcher>
MakeMatcher(Evaluation& evaluation, const PlanNode& node, icu::UnicodeString& text) {
    const Value input = evaluation.Typed(node, 0, Kind::kString);
    const Value pattern = evaluation.Typed(node, 1, Kind::kString);
    if (input.is_null() || pattern.is_null()) {
        return nullptr;
    }
    text = Wide(input.text());
    UErrorCode status = U_ZERO_ERROR;
    auto matcher = std::make_unique<icu::RegexMatcher>(Wide(pattern.text()), UREGEX_DOTALL, status);
    if (U_FAILURE(status) != 0) {
        evaluation.Fail(node, "'" + std::string(pattern.text()) + "' is no regular expression");
        return nullptr;
    }
    matcher->setTimeLimit(kMatchMs, status);
    matcher->reset(text);
    return matcher;
}

Value FromStatus(
    Evaluation& evaluation,
    const PlanNode& node,
    UErrorCode status,
    const Value& value
) {
    return U_FAILURE(status) != 0 ? evaluation.Fail(node, "the regular expression takes too long")
                                  : value;
}

Value Matches(Evaluation& evaluation, const PlanNode& node) {
    icu::UnicodeString text;
    const auto matcher = MakeMatcher(evaluation, node, text);
    if (matcher == nullptr) {
        return {};
    }
    UErrorCode status = U_ZERO_ERROR;
    const bool found = matcher->find(0, status) != 0;
    return FromStatus(evaluation, node, status, Value::Boolean(found));
}

Value MatchesFull(Evaluation& evaluation, const PlanNode& node) {
    icu::UnicodeString text;
    const auto matcher = MakeMatcher(evaluation, node, text);
    if (matcher == nullptr) {
        return {};
    }
    UErrorCode status = U_ZERO_ERROR;
    const bool found = matcher->matches(status) != 0;
    return FromStatus(evaluation, node, status, Value::Boolean(found));
}

std::string_view Narrow(Evaluation& evaluation, const icu::UnicodeString& text) {
    std::string out;
    text.toUTF8String(out);
    return evaluation.Text(std::move(out));
}

Value ReplaceMatches(Evaluation& evaluation, const PlanNode& node) {
    const Value replacement = evaluation.Typed(node, 2, Kind::kString);
    const Value pattern = evaluation.Typed(node, 1, Kind::kString);
    icu::UnicodeString text;
    const auto matcher = MakeMatcher(evaluation, node, text);
    if (matcher == nullptr || replacement.is_null()) {
        return {};
    }
    if (pattern.text().empty()) {
        return evaluation.System(node, 0);
    }
    UErrorCode status = U_ZERO_ERROR;
    const icu::UnicodeString out = matcher->replaceAll(Wide(replacement.text()), status);
    if (U_FAILURE(status) != 0) {
        return evaluation.Fail(
            node, "'" + std::string(replacement.text()) + "' cannot stand for a match"
        );
    }
    return Value::String(Narrow(evaluation, out));
}

Value SplitOnMatches(Evaluation& evaluation, const PlanNode& node) {
    icu::UnicodeString text;
    const auto matcher = MakeMatcher(evaluation, node, text);
    if (matcher == nullptr) {
        return {};
    }
    ListBuilder out(evaluation);
    UErrorCode status = U_ZERO_ERROR;
    std::int32_t from = 0;
    while (matcher->find(status) != 0 && U_SUCCESS(status) != 0 && !evaluation.failed()) {
        const std::int32_t at = matcher->start(status);
        out.Add(Value::String(Narrow(evaluation, text.tempSubStringBetween(from, at))));
        from = matcher->end(status);
    }
    out.Add(Value::String(Narrow(evaluation, text.tempSubString(from))));
    return FromStatus(evaluation, node, status, out.List());
}

constexpr std::array<Method, 4> kMethods = {{
    {"matches", 1, 1, 0, ResultRule::kBoolean, Matches},
    {"matchesFull", 1, 1, 0, ResultRule::kBoolean, MatchesFull},
    {"replaceMatches", 2, 2, 0, ResultRule::kString, ReplaceMatches},
    {"splitOnMatches", 1, 1, 0, ResultRule::kString, SplitOnMatches},
}};

}  // namespace

std::span<const Method> MatchingMethods() {
    return kMethods;
}

}  // namespace kangqu::expression
