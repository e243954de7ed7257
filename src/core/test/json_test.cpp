#include "kangqu/core/json.hpp"

#include <string>

#include <gtest/gtest.h>

namespace kangqu::core {
namespace {

std::unique_ptr<const JsonDocument> Parsed(std::string text) {
    auto document = JsonDocument::Parse(std::move(text));
    EXPECT_TRUE(document.ok()) << (document.ok() ? "" : document.error().Line());
    return document.ok() ? std::move(document).value() : nullptr;
}

ErrorCode Refused(std::string text) {
    const auto document = JsonDocument::Parse(std::move(text));
    EXPECT_FALSE(document.ok());
    return document.ok() ? ErrorCode::kInternal : document.error().code;
}

TEST(Json, WalksAndKeepsNumberText) {
    const auto document =
        Parsed(R"({ "a": [1.00, -0.5e10, {"b": "x"}], "c": "康\u8862\n", "d": null, "e": true })");
    const JsonNode root = document->root();
    EXPECT_EQ(root.size(), 4U);
    EXPECT_EQ(root["a"][0].text(), "1.00");
    EXPECT_EQ(root["a"][1].text(), "-0.5e10");
    EXPECT_EQ(root["a"][2]["b"].text(), "x");
    EXPECT_EQ(root["c"].text(), "康衢\n");
    EXPECT_EQ(root["d"].kind(), JsonKind::kNull);
    EXPECT_FALSE(root["d"].missing());
    EXPECT_TRUE(root["e"].boolean());
    EXPECT_TRUE(root["nothing"]["at"][7]["all"].missing());
    EXPECT_EQ(root["a"].raw(), R"([1.00, -0.5e10, {"b": "x"}])");
    EXPECT_EQ(root["a"][2].raw(), R"({"b": "x"})");
    EXPECT_EQ(root.raw(), document->source());
}

TEST(Json, RawOfNestedEmptyAndTrailing) {
    const auto document = Parsed("[ [ ] , { } , {\"a\" : [ {} ] } ]  \n");
    EXPECT_EQ(document->root()[0].raw(), "[ ]");
    EXPECT_EQ(document->root()[1].raw(), "{ }");
    EXPECT_EQ(document->root()[2].raw(), "{\"a\" : [ {} ] }");
    EXPECT_EQ(document->root()[2]["a"].raw(), "[ {} ]");
    EXPECT_EQ(Minified(document->root()), "[[],{},{\"a\":[{}]}]");
}

TEST(Json, MinifiesWithoutTouchingNumbersAndEscapes) {
    const auto document = Parsed("{ \"a\" : [ 1.00 , 1E+2 ] , \"b\\u0041\" : \"\\u0041\" }");
    EXPECT_EQ(Minified(document->root()), R"({"a":[1.00,1E+2],"bA":"\u0041"})");
}

TEST(Json, Refuses) {
    EXPECT_EQ(Refused(R"({"a":1,"a":2})"), ErrorCode::kJsonDuplicateKey);
    EXPECT_EQ(Refused(R"({"a":1,"\u0061":2})"), ErrorCode::kJsonDuplicateKey);
    EXPECT_EQ(Refused("{\"a\":01}"), ErrorCode::kJsonSyntax);
    EXPECT_EQ(Refused("{\"a\":1.}"), ErrorCode::kJsonSyntax);
    EXPECT_EQ(Refused("{\"a\":+1}"), ErrorCode::kJsonSyntax);
    EXPECT_EQ(Refused("{\"a\":tru}"), ErrorCode::kJsonSyntax);
    EXPECT_EQ(Refused("{\"a\":nul}"), ErrorCode::kJsonSyntax);
    EXPECT_EQ(Refused("{\"a\":\"\\x\"}"), ErrorCode::kJsonSyntax);
    EXPECT_EQ(Refused("{\"a\":1} x"), ErrorCode::kJsonSyntax);
    EXPECT_EQ(Refused("{\"a\":1"), ErrorCode::kJsonSyntax);
    EXPECT_EQ(Refused("{\"a\" 1}"), ErrorCode::kJsonSyntax);
    EXPECT_EQ(Refused("[1,]"), ErrorCode::kJsonSyntax);
    EXPECT_EQ(Refused(""), ErrorCode::kJsonSyntax);
    EXPECT_EQ(Refused("17"), ErrorCode::kJsonSyntax);
    EXPECT_EQ(Refused("{\"a\":\"\xC0\x80\"}"), ErrorCode::kNotUtf8);
    EXPECT_EQ(Refused("{\"a\":\"line\nbreak\"}"), ErrorCode::kJsonSyntax);
    EXPECT_EQ(
        Refused(std::string(kJsonMaxDepth + 2, '[') + std::string(kJsonMaxDepth + 2, ']')),
        ErrorCode::kJsonTooDeep
    );
}

TEST(Json, AcceptsNumbersNoDoubleHolds) {
    const auto document =
        Parsed(R"({"a":123456789012345678901234567890,"b":1e999,"c":0.12345678901234567890})");
    EXPECT_EQ(document->root()["a"].text(), "123456789012345678901234567890");
    EXPECT_EQ(document->root()["b"].text(), "1e999");
    EXPECT_FALSE(document->root()["a"].integer().has_value());
}

TEST(JsonWriter, EscapesAtEveryPlaceOfAWord) {
    // Strings are scanned eight bytes at a time: what needs an escape may stand anywhere.
    const std::string_view hostile[] = {"\"", "\\", "\n", "\t", "\x01", "\x1f"};
    for (const std::string_view bad : hostile) {
        for (std::size_t before = 0; before < 20; ++before) {
            for (std::size_t after = 0; after < 20; ++after) {
                std::string text(before, 'x');
                text.append(bad).append(after, '\x7f').append("桂𠮷");
                std::string json;
                AppendJsonString(text, json);
                const auto document = JsonDocument::Parse(json);
                ASSERT_TRUE(document.ok()) << json;
                ASSERT_EQ((*document)->root().text(), text);
                ASSERT_EQ(json.find('\n'), std::string::npos);
            }
        }
    }
    std::string clean;
    AppendJsonString("居民 resident 1990000", clean);
    EXPECT_EQ(clean, "\"居民 resident 1990000\"");
}

TEST(JsonWriter, EscapesAndSeparates) {
    std::string out;
    JsonWriter writer(out);
    writer.BeginObject()
        .Field("a", "\"\\\n\x01")
        .Key("b")
        .BeginArray()
        .Int(-3)
        .Double(0.1)
        .Null()
        .EndArray();
    writer.Field("c", true).EndObject();
    EXPECT_EQ(out, R"({"a":"\"\\\n\u0001","b":[-3,0.1,null],"c":true})");
}

}  // namespace
}  // namespace kangqu::core
