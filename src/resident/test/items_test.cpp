#include "kangqu/resident/chart.hpp"

#include <gtest/gtest.h>

namespace kangqu::resident {
namespace {

TimelineItem Item(const std::string& text) {
    const auto document = core::JsonDocument::Parse(text);
    EXPECT_TRUE(document.ok());
    auto item = ItemOf((*document)->root());
    EXPECT_TRUE(item.has_value());
    return item.value_or(TimelineItem{});
}

TEST(ItemOf, ObservationWithComponentsKeepsDigitsAndFlags) {
    const TimelineItem item = Item(
        R"({"resourceType":"Observation","code":{"text":"血压"},"effectiveDateTime":"2026-03-04",)"
        R"("component":[{"code":{"text":"收缩压"},"valueQuantity":{"value":150.0,"unit":"mmHg"},)"
        R"("interpretation":[{"coding":[{"code":"H"}]}]},{"code":{"text":"舒张压"},"valueQuantity":{"value":82,"code":"mm[Hg]"}}]})"
    );
    EXPECT_EQ(item.kind, "observation");
    EXPECT_EQ(item.title, "血压");
    EXPECT_EQ(item.date, "2026-03-04");
    ASSERT_EQ(item.values.size(), 2U);
    EXPECT_EQ(item.values[0].value, "150.0");
    EXPECT_EQ(item.values[0].flag, Value::Flag::kHigh);
    EXPECT_EQ(item.values[1].unit, "mm[Hg]");
    EXPECT_EQ(item.values[1].flag, Value::Flag::kNone);
}

TEST(ItemOf, EncounterSaysWhatWhereAndWhy) {
    const TimelineItem item = Item(
        R"({"resourceType":"Encounter","class":{"code":"AMB","display":"门诊"},"type":[{"coding":[{"display":"随访"}]}],)"
        R"("reasonCode":[{"text":"头晕"}],"period":{"start":"2026-01-02T09:00:00+08:00"},)"
        R"("serviceProvider":{"reference":"Organization/o1"}})"
    );
    EXPECT_EQ(item.title, "随访");
    EXPECT_EQ(item.detail, "门诊 · 头晕");
    EXPECT_EQ(item.organization, "o1");
}

struct Kind {
    const char* text;
    const char* kind;
    const char* title;
    const char* date;
};

TEST(ItemOf, EveryTypeHasAKindATitleAndItsDate) {
    const Kind kKinds[] = {
        {R"({"resourceType":"Condition","code":{"coding":[{"code":"I10"}]},"recordedDate":"2020-01-01"})",
         "condition",
         "I10",
         "2020-01-01"},
        {R"({"resourceType":"EpisodeOfCare","type":[{"text":"管理"}],"period":{"start":"2020-02-01"}})",
         "episode",
         "管理",
         "2020-02-01"},
        {R"({"resourceType":"Immunization","vaccineCode":{"text":"流感"},"occurrenceDateTime":"2020-03-01"})",
         "immunization",
         "流感",
         "2020-03-01"},
        {R"({"resourceType":"Procedure","code":{"text":"拔牙"},"performedPeriod":{"start":"2020-04-01"}})",
         "procedure",
         "拔牙",
         "2020-04-01"},
        {R"({"resourceType":"MedicationRequest","medicationCodeableConcept":{"text":"药"},"authoredOn":"2020-05-01"})",
         "medication",
         "药",
         "2020-05-01"},
        {R"({"resourceType":"DiagnosticReport","code":{"text":"报告"},"effectiveDateTime":"2020-06-01"})",
         "document",
         "报告",
         "2020-06-01"},
        {R"({"resourceType":"Goal","startDate":"2020-07-01"})", "other", "Goal", ""},
    };
    for (const Kind& one : kKinds) {
        const TimelineItem item = Item(one.text);
        EXPECT_EQ(item.kind, one.kind) << one.text;
        EXPECT_EQ(item.title, one.title) << one.text;
        EXPECT_EQ(item.date, one.date) << one.text;
    }
}

TEST(ItemOf, PatientAndProvenanceAreNoEvents) {
    for (const char* text : {R"({"resourceType":"Patient"})", R"({"resourceType":"Provenance"})"}) {
        const auto document = core::JsonDocument::Parse(text);
        EXPECT_FALSE(ItemOf((*document)->root()).has_value());
    }
}

}  // namespace
}  // namespace kangqu::resident
