#include "kangqu/plan/resource.hpp"

#include "base64.hpp"
#include "sample.hpp"
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace kangqu::plan {
namespace {

std::string Demo() {
    std::ifstream in(
        std::filesystem::path(KANGQU_SOURCE_DIR) / "packs/demo-district/plan/plan.txt",
        std::ios::binary
    );
    return {std::istreambuf_iterator<char>(in), {}};
}

core::Result<PlanDocument> Back(const std::string& json) {
    auto parsed = core::JsonDocument::Parse(json);
    EXPECT_TRUE(parsed.ok());
    return FromPlanDefinition((*parsed)->root());
}

TEST(PlanDefinition, BringsTheDocumentBack) {
    const std::string traditional =
        "一、行動任務\n1.淨水。農村飲水實現全覆蓋。(責任單位:市水利局)\n1."
        "淨水。農村飲水實現全覆蓋。(責任單位:市水利局)\n"
        "2.別事。新設5-10個站點,打造5-10個站點。(市甲局、乙局按照職責分別負責)\n";
    for (const std::string& text : {Demo(), std::string(kSmallPlan), traditional}) {
        const auto plan = ReadPlan(text);
        ASSERT_TRUE(plan.ok());
        const auto back = Back(ToPlanDefinition(*plan, "plan-1"));
        ASSERT_TRUE(back.ok()) << back.error().Line();
        EXPECT_EQ(*back, *plan);
    }
}

TEST(PlanDefinition, KeepsTargetsOfTheWholeDocument) {
    PlanDocument plan;
    Indicator first;
    first.name = "乙率";
    first.value = ValueRange{1.5, 2};
    first.comparator = Comparator::kBetween;
    first.attribute = "预期性";
    Indicator second = first;
    second.name = "甲率";
    second.value = std::string("自然平衡");
    second.comparator = Comparator::kInRange;
    second.doubts = {{"composed-name", "词"}};
    plan.indicators = {first, second, first};
    plan.indicators[2].year = 2030;
    const auto back = Back(ToPlanDefinition(plan, "x"));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(*back, plan);
}

TEST(PlanDefinition, HasTheElementsOfR4) {
    const auto plan = ReadPlan(kSmallPlan);
    ASSERT_TRUE(plan.ok());
    const auto parsed =
        core::JsonDocument::Parse(ToPlanDefinition(*plan, "plan-1", "DocumentReference/text-1"));
    ASSERT_TRUE(parsed.ok());
    const core::JsonNode root = (*parsed)->root();
    EXPECT_EQ(root["resourceType"].text(), "PlanDefinition");
    EXPECT_EQ(root["status"].text(), "draft");
    EXPECT_EQ(root["publisher"].text(), "云澜区人民政府办公室");
    EXPECT_EQ(root["identifier"][0]["value"].text(), "云政办〔2025〕7号");
    const core::JsonNode chapter = root["action"][0];
    EXPECT_EQ(chapter["title"].text(), "一、人人动手,养成健康习惯");
    const core::JsonNode task = chapter["action"][0]["action"][0]["action"][0];
    EXPECT_EQ(task["title"].text(), "办好健康课堂");
    EXPECT_EQ(task["goalId"][0].text(), "goal-1-1");
    const core::JsonNode target = root["goal"][0]["target"][1];
    EXPECT_EQ(target["measure"]["text"].text(), "居民健康素养水平");
    EXPECT_EQ(target["detailQuantity"]["value"].text(), "45");
    EXPECT_EQ(target["detailQuantity"]["comparator"].text(), ">=");
    EXPECT_EQ(target["due"]["value"].text(), "10");
}

TEST(PlanDefinition, ReadsForeignOnesAndRefusesWrongOnes) {
    const auto foreign = Back(
        R"({"resourceType":"PlanDefinition","status":"draft","action":[{"title":"A"},{"title":"B","goalId":["g"]}],)"
        R"("goal":[{"id":"g","description":{"text":"Rate"},"target":[{"detailQuantity":{"value":5,"comparator":">","unit":"%"}}]}]})"
    );
    ASSERT_TRUE(foreign.ok()) << foreign.error().Line();
    ASSERT_EQ(foreign->tasks.size(), 2U);
    EXPECT_EQ(foreign->tasks[1].no, 2);
    EXPECT_EQ(foreign->tasks[1].indicators[0].comparator, Comparator::kAbove);
    EXPECT_EQ(Back(R"({"resourceType":"Patient"})").error().code, core::ErrorCode::kFhirWrongKind);
    const auto bad = Back(
        R"({"resourceType":"PlanDefinition","goal":[{"id":"g","target":[{"detailQuantity":{"value":"x"}}]}]})"
    );
    EXPECT_EQ(bad.error().code, core::ErrorCode::kFhirBadValue);
    const auto mode = Back(
        R"({"resourceType":"PlanDefinition","action":[{"extension":[{"url":"urn:kangqu:task","extension":[{"url":"mode","valueString":"all"}]}]}]})"
    );
    EXPECT_EQ(mode.error().code, core::ErrorCode::kFhirBadValue);
    std::string deep = R"({"resourceType":"PlanDefinition")";
    for (int i = 0; i < 40; ++i) {
        deep += R"(,"action":[{"title":"x")";
    }
    for (int i = 0; i < 40; ++i) {
        deep += "}]";
    }
    EXPECT_EQ(Back(deep + "}").error().code, core::ErrorCode::kTooLarge);
}

TEST(SourceText, IsKeptByteForByte) {
    const std::string text = Demo() + "\r\n尾";
    const auto plan = ReadPlan(text);
    ASSERT_TRUE(plan.ok());
    const auto parsed =
        core::JsonDocument::Parse(ToDocumentReference(*plan, text, "text-1", "plan-1"));
    ASSERT_TRUE(parsed.ok());
    const core::JsonNode root = (*parsed)->root();
    EXPECT_EQ(root["context"]["related"][0]["reference"].text(), "PlanDefinition/plan-1");
    EXPECT_EQ(SourceTextOf(root).value(), text);
    const auto none = core::JsonDocument::Parse(R"({"content":[{"attachment":{"data":"a?=="}}]})");
    EXPECT_EQ(SourceTextOf((*none)->root()).error().code, core::ErrorCode::kFhirBadValue);
    EXPECT_EQ(
        SourceTextOf((*none)->root()["x"]).error().code, core::ErrorCode::kFhirMissingElement
    );
}

TEST(Base64, KnowsTheVectorsOfItsNorm) {
    EXPECT_EQ(EncodeBase64(""), "");
    EXPECT_EQ(EncodeBase64("f"), "Zg==");
    EXPECT_EQ(EncodeBase64("fo"), "Zm8=");
    EXPECT_EQ(EncodeBase64("foo"), "Zm9v");
    EXPECT_EQ(EncodeBase64("foobar"), "Zm9vYmFy");
    EXPECT_EQ(DecodeBase64("Zm9v\nYmE="), "fooba");
    for (const char* const wrong : {"Zg=", "Zg", "Z===", "=Zg=", "Zg==Zg==", "Zm9v!"}) {
        EXPECT_FALSE(DecodeBase64(wrong).has_value()) << wrong;
    }
}

RC_GTEST_PROP(Base64, RoundTrips, (const std::string& bytes)) {
    RC_ASSERT(DecodeBase64(EncodeBase64(bytes)) == bytes);
}

}  // namespace
}  // namespace kangqu::plan
