// Hostile expressions end in an error value, and soon.
#include "kangqu/expression/batch.hpp"
#include "kangqu/expression/cql.hpp"
#include "kangqu/expression/fhirpath.hpp"

#include <chrono>
#include <string>

#include <gtest/gtest.h>

namespace kangqu::expression {
namespace {

std::string Repeat(std::string_view text, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) {
        out += text;
    }
    return out;
}

core::ErrorCode FhirPathError(const std::string& text, const Limits& limits = {}) {
    const auto path = FhirPath::Compile(text, fhir::kNoType);
    if (!path.ok()) {
        return path.error().code;
    }
    Environment environment;
    environment.limits = limits;
    Arena arena;
    const auto items = path->Evaluate(Value::Integer(1), environment, arena);
    EXPECT_FALSE(items.ok()) << text.substr(0, 80);
    return items.ok() ? core::ErrorCode::kInternal : items.error().code;
}

core::ErrorCode CqlError(const std::string& text, const Limits& limits = {}) {
    const auto library = CompileCqlExpression(text);
    if (!library.ok()) {
        return library.error().code;
    }
    class NoRecords final : public DataSource {
    public:
        void Retrieve(fhir::TypeNumber, const CodeFilter&, const Visitor&) const override {}
    };
    Environment environment;
    environment.limits = limits;
    CqlSession session(**library, environment);
    const NoRecords records;
    session.Begin({}, records);
    const auto value = session.Evaluate(0);
    EXPECT_FALSE(value.ok()) << text.substr(0, 80);
    return value.ok() ? core::ErrorCode::kInternal : value.error().code;
}

TEST(Limits, DeepTextsAreRefusedBothWays) {
    for (const auto& [open, close] :
         {std::pair("(", ")"), std::pair("-", ""), std::pair("iif(true,", ")")}) {
        const std::string text = Repeat(open, 10'000) + "1" + Repeat(close, 10'000);
        EXPECT_EQ(FhirPathError(text), core::ErrorCode::kExpressionSyntax) << open;
    }
    for (const auto& [open, close] :
         {std::pair("(", ")"),
          std::pair("{", "}"),
          std::pair("not ", ""),
          std::pair("Interval[", ",2]"),
          std::pair("if true then ", " else 1"),
          std::pair("List<Integer>{", "}"),
          std::pair("distinct ", "")}) {
        const std::string text = Repeat(open, 10'000) + "1" + Repeat(close, 10'000);
        EXPECT_EQ(CqlError(text), core::ErrorCode::kExpressionSyntax) << open;
    }
}

TEST(Limits, LongChainsAreRefusedBeforeTheStackEnds) {
    EXPECT_EQ(FhirPathError("1" + Repeat(" + 1", 100'000)), core::ErrorCode::kExpressionLimit);
    EXPECT_EQ(FhirPathError("a" + Repeat(".a", 100'000)), core::ErrorCode::kExpressionLimit);
    EXPECT_EQ(FhirPathError("a" + Repeat("[0]", 100'000)), core::ErrorCode::kExpressionLimit);
    EXPECT_EQ(CqlError("1" + Repeat(" + 1", 100'000)), core::ErrorCode::kExpressionLimit);
    EXPECT_EQ(
        CqlError("Tuple { a: 1 }" + Repeat(".a", 100'000)), core::ErrorCode::kExpressionLimit
    );
    EXPECT_EQ(
        FhirPathError(std::string(kMaxSourceBytes + 1, ' ') + "1"), core::ErrorCode::kTooLarge
    );
}

TEST(Limits, StepsMemoryTimeListsAndTextsEndAnEvaluation) {
    const std::string ten = "(0|1|2|3|4|5|6|7|8|9)";
    std::string loops = "1";
    for (int i = 0; i < 9; ++i) {
        loops = ten + ".select(" + loops + ")";
    }
    Limits few;
    few.steps = 10'000;
    EXPECT_EQ(FhirPathError(loops, few), core::ErrorCode::kExpressionLimit);
    Limits little;
    little.memory_bytes = 100'000;
    EXPECT_EQ(FhirPathError(loops, little), core::ErrorCode::kExpressionLimit);
    Limits soon;
    soon.milliseconds = 20;
    soon.steps = 1'000'000'000'000;
    soon.list_items = 1'000'000'000;
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(FhirPathError(loops, soon), core::ErrorCode::kExpressionLimit);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
    Limits short_lists;
    short_lists.list_items = 50;
    EXPECT_EQ(FhirPathError(loops, short_lists), core::ErrorCode::kExpressionLimit);
    EXPECT_EQ(
        CqlError("expand Interval[1, 2000000000]", short_lists), core::ErrorCode::kExpressionLimit
    );
    const std::string twice =
        ten + ".aggregate($total & $total & $total & $total & $total, 'abcdefghij')";
    Limits short_texts;
    short_texts.text_bytes = 10'000;
    EXPECT_EQ(FhirPathError(twice, short_texts), core::ErrorCode::kExpressionLimit);
    EXPECT_EQ(
        FhirPathError("'aaaaaaaaaa'.replace('', '" + std::string(5000, 'x') + "')", short_texts),
        core::ErrorCode::kExpressionLimit
    );
    EXPECT_EQ(
        FhirPathError(
            "'aaaaaaaaaa'.replaceMatches('a', '" + std::string(5000, 'x') + "')", short_texts
        ),
        core::ErrorCode::kExpressionLimit
    );
    EXPECT_EQ(
        FhirPathError("(1).repeatAll($this)", short_lists), core::ErrorCode::kExpressionLimit
    );
}

TEST(Limits, RegularExpressionsAreLinear) {
    const std::string text(50'000, 'a');
    for (const std::string pattern : {"(a+)+$", "(a|aa)+b", "(.*a){20}b", "(a*)*b"}) {
        const auto path =
            FhirPath::Compile("'" + text + "!'.matches('" + pattern + "')", fhir::kNoType);
        ASSERT_TRUE(path.ok());
        Arena arena;
        const auto start = std::chrono::steady_clock::now();
        const auto items = path->Evaluate(Value::Integer(1), Environment{}, arena);
        EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10)) << pattern;
        ASSERT_TRUE(items.ok()) << pattern;
        EXPECT_FALSE((*items)[0].boolean()) << pattern;
    }
    EXPECT_EQ(FhirPathError("'a'.matches('(')"), core::ErrorCode::kExpressionRuntime);
    EXPECT_EQ(FhirPathError("'a'.matches('(?=a)')"), core::ErrorCode::kExpressionRuntime);
}

TEST(Limits, FunctionsThatCallThemselvesEnd) {
    const auto library = CompileCql(
        "define function f(n Integer): if n = 0 then 0 else f(n - 1) + 1\n"
        "define Small: f(20)\n"
        "define Endless: f(-1)"
    );
    ASSERT_TRUE(library.ok()) << library.error().Line();
    class NoRecords final : public DataSource {
    public:
        void Retrieve(fhir::TypeNumber, const CodeFilter&, const Visitor&) const override {}
    };
    const Environment environment;
    CqlSession session(**library, environment);
    const NoRecords records;
    session.Begin({}, records);
    const auto small = session.Evaluate(*(*library)->Find("Small"));
    ASSERT_TRUE(small.ok()) << small.error().Line();
    EXPECT_EQ(small->integer(), 20);
    const auto endless = session.Evaluate(*(*library)->Find("Endless"));
    ASSERT_FALSE(endless.ok());
    EXPECT_EQ(endless.error().code, core::ErrorCode::kExpressionLimit);
}

}  // namespace
}  // namespace kangqu::expression
