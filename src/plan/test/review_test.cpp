#include "kangqu/plan/review.hpp"

#include "kangqu/plan/edition.hpp"
#include "kangqu/plan/live.hpp"
#include "kangqu/plan/resource.hpp"

#include "sample.hpp"
#include <string>

#include <gtest/gtest.h>

namespace kangqu::plan {
namespace {

const Reviewer kWho = {"李审核", "2026-05-01T09:00:00+08:00"};

PlanDocument Draft() {
    auto plan = ReadPlan(kSmallPlan);
    EXPECT_TRUE(plan.ok());
    return std::move(plan).value();
}

core::Status Step(PlanDocument& document, const std::string& json) {
    const auto parsed = core::JsonDocument::Parse(json);
    EXPECT_TRUE(parsed.ok()) << json;
    KQ_ASSIGN(const ReviewStep step, ReadStep((*parsed)->root()));
    return Apply(document, kSmallPlan, step, kWho);
}

core::ErrorCode Refused(PlanDocument& document, const std::string& json) {
    const PlanDocument before = document;
    const auto status = Step(document, json);
    EXPECT_FALSE(status.ok()) << json;
    EXPECT_EQ(document, before) << json;  // nothing half done
    return status.ok() ? core::ErrorCode::kInternal : status.error().code;
}

TEST(Review, AcceptsRejectsAndReopens) {
    PlanDocument plan = Draft();
    ASSERT_TRUE(Step(plan, R"({"op":"accept","item":"task:1"})").ok());
    EXPECT_EQ(plan.tasks[0].review.state, ReviewState::kAccepted);
    EXPECT_EQ(plan.tasks[0].review.by, "李审核");
    ASSERT_TRUE(Step(plan, R"({"op":"reject","item":"target:1/0"})").ok());
    EXPECT_EQ(plan.tasks[0].indicators[0].review.state, ReviewState::kRejected);
    ASSERT_TRUE(Step(plan, R"({"op":"reopen","item":"target:1/0"})").ok());
    EXPECT_EQ(plan.tasks[0].indicators[0].review, Review{});
}

TEST(Review, CorrectsTargetsAndTasks) {
    PlanDocument plan = Draft();
    ASSERT_TRUE(
        Step(
            plan,
            R"({"op":"correct","item":"target:1/0","set":{"name":"甲率","comparator":"between",
                        "value":[1,2.5],"unit":"%","year":null,"measure":"m1","baseline":3}})"
        )
            .ok()
    );
    const Indicator& target = plan.tasks[0].indicators[0];
    EXPECT_EQ(target.name, "甲率");
    EXPECT_EQ(target.value, TargetValue(ValueRange{1, 2.5}));
    EXPECT_FALSE(target.year);
    EXPECT_EQ(target.measure, "m1");
    EXPECT_EQ(target.baseline, 3.0);
    EXPECT_EQ(target.review.state, ReviewState::kCorrected);
    ASSERT_TRUE(Step(
                    plan,
                    R"({"op":"correct","item":"task:1","set":{"units":["区甲局","各街道"],
                        "unitIds":["o1"],"mode":"lead-first"}})"
    )
                    .ok());
    EXPECT_EQ(plan.tasks[0].lead_unit, "区甲局");
    EXPECT_TRUE(plan.tasks[0].collective);
    EXPECT_EQ(plan.tasks[0].unit_ids, (std::vector<std::string>{"o1", ""}));
}

TEST(Review, SplitsAndMergesTasksByTheText) {
    PlanDocument plan = Draft();
    const std::size_t tasks = plan.tasks.size();
    const std::string words = plan.tasks[0].text;
    const TextRange whole = plan.tasks[0].offset;
    const std::string at = std::to_string(whole.start + 10);
    ASSERT_TRUE(Step(plan, R"({"op":"split","item":"task:1","at":)" + at + "}").ok());
    ASSERT_EQ(plan.tasks.size(), tasks + 1);
    EXPECT_EQ(plan.tasks[1].no, 2);
    EXPECT_EQ(plan.tasks[0].text + plan.tasks[1].text, words);
    EXPECT_TRUE(plan.tasks[0].indicators.empty());
    EXPECT_FALSE(plan.tasks[1].indicators.empty());
    ASSERT_TRUE(Step(plan, R"({"op":"merge","item":"task:1","with":"task:2"})").ok());
    ASSERT_EQ(plan.tasks.size(), tasks);
    EXPECT_EQ(plan.tasks[0].text, words);
    EXPECT_EQ(plan.tasks[0].offset, whole);
}

TEST(Review, SplitsMergesAndAddsTargets) {
    PlanDocument plan = Draft();
    const std::size_t targets = plan.tasks[0].indicators.size();
    ASSERT_TRUE(Step(plan, R"({"op":"split","item":"target:1/0"})").ok());
    ASSERT_EQ(plan.tasks[0].indicators.size(), targets + 1);
    ASSERT_TRUE(Step(plan, R"({"op":"merge","item":"target:1/0","with":"target:1/1"})").ok());
    EXPECT_EQ(plan.tasks[0].indicators.size(), targets);
    ASSERT_TRUE(Step(
                    plan,
                    R"({"op":"add","item":"task:1","set":{"name":"乙率","comparator":">=",
                        "value":9,"unit":"%","year":2030}})"
    )
                    .ok());
    EXPECT_EQ(plan.tasks[0].indicators.back().name, "乙率");
}

TEST(Review, RefusesWhatMakesNoSense) {
    PlanDocument plan = Draft();
    using core::ErrorCode;
    for (const auto& [json, code] :
         {std::pair{R"({"op":"praise","item":"task:1"})", ErrorCode::kPlanStepInvalid},
          std::pair{R"({"op":"accept","item":"task:99"})", ErrorCode::kPlanItemUnknown},
          std::pair{R"({"op":"accept","item":"target:1/99"})", ErrorCode::kPlanItemUnknown},
          std::pair{R"({"op":"accept","item":"chapter:1"})", ErrorCode::kPlanStepInvalid},
          std::pair{R"({"op":"split","item":"task:1","at":0})", ErrorCode::kPlanStepInvalid},
          std::pair{R"({"op":"split","item":"task:1"})", ErrorCode::kPlanStepInvalid},
          std::pair{
              R"({"op":"merge","item":"task:1","with":"task:3"})", ErrorCode::kPlanStepInvalid},
          std::pair{
              R"({"op":"merge","item":"target:1/0","with":"target:1/0"})",
              ErrorCode::kPlanStepInvalid},
          std::pair{
              R"({"op":"correct","item":"target:1/0","set":{"comparator":"between"}})",
              ErrorCode::kPlanStepInvalid},
          std::pair{
              R"({"op":"correct","item":"target:1/0","set":{"year":17}})",
              ErrorCode::kPlanStepInvalid},
          std::pair{
              R"({"op":"correct","item":"target:1/0","set":{"value":[2,1]}})",
              ErrorCode::kPlanStepInvalid}}) {
        EXPECT_EQ(Refused(plan, json), code) << json;
    }
}

TEST(Review, NothingGoesLiveUnreviewed) {
    PlanDocument plan = Draft();
    const auto early = Live(plan);
    ASSERT_FALSE(early.ok());
    EXPECT_EQ(early.error().code, core::ErrorCode::kPlanNotReviewed);
    ASSERT_TRUE(Step(plan, R"({"op":"accept-sure"})").ok());
    ReviewCounts counts = CountsOf(plan);
    EXPECT_GT(counts.accepted, 0);
    EXPECT_EQ(counts.proposed, counts.unsure);  // what is doubtful waits for a person
    ASSERT_TRUE(Step(plan, R"({"op":"reject","item":"task:2"})").ok());
    for (const Task& task : plan.tasks) {
        const std::string no = std::to_string(task.no);
        if (task.no != 2) {
            ASSERT_TRUE(Step(plan, R"({"op":"accept","item":"task:)" + no + "\"}").ok());
        }
        for (std::size_t i = 0; i < task.indicators.size(); ++i) {
            ASSERT_TRUE(
                Step(
                    plan, R"({"op":"accept","item":"target:)" + no + "/" + std::to_string(i) + "\"}"
                )
                    .ok()
            );
        }
    }
    const auto live = Live(plan);
    ASSERT_TRUE(live.ok()) << live.error().Line();
    EXPECT_EQ(live->status, "active");
    EXPECT_EQ(live->tasks.size(), plan.tasks.size() - 1);
    EXPECT_EQ(live->tasks[1].no, 2);
    // A live plan is not reviewed any more.
    PlanDocument again = *live;
    EXPECT_EQ(
        Refused(again, R"({"op":"accept","item":"task:1"})"), core::ErrorCode::kPlanStepInvalid
    );
}

TEST(Review, StateComesBackFromTheRecord) {
    PlanDocument plan = Draft();
    ASSERT_TRUE(Step(plan, R"({"op":"accept-sure"})").ok());
    ASSERT_TRUE(
        Step(
            plan, R"({"op":"correct","item":"task:1","set":{"units":["区甲局"],"unitIds":["o1"]}})"
        )
            .ok()
    );
    plan.undo_version = 7;
    plan.edition_of = "former";
    const auto json = core::JsonDocument::Parse(ToPlanDefinition(plan, "p"));
    ASSERT_TRUE(json.ok());
    const auto back = FromPlanDefinition((*json)->root());
    ASSERT_TRUE(back.ok()) << back.error().Line();
    EXPECT_EQ(*back, plan);
}

TEST(Live, IsOneTransactionWithATaskAndAGoalEach) {
    PlanDocument plan = Draft();
    plan.tasks[0].unit_ids = {"o1", ""};
    LiveOptions options;
    options.plan_id = "p1";
    options.version = 4;
    options.former = Draft();
    plan.edition_of = "p0";
    const auto bundle = core::JsonDocument::Parse(LiveTransaction(plan, options));
    ASSERT_TRUE(bundle.ok());
    const core::JsonNode root = (*bundle)->root();
    EXPECT_EQ(root["type"].text(), "transaction");
    std::size_t tasks = 0;
    std::size_t goals = 0;
    for (core::JsonNode entry = root["entry"].first(); entry; entry = entry.next()) {
        const std::string_view type = entry["resource"]["resourceType"].text();
        tasks += type == "Task" ? 1U : 0U;
        goals += type == "Goal" ? 1U : 0U;
        EXPECT_EQ(entry["request"]["method"].text(), "PUT");
    }
    EXPECT_EQ(tasks, plan.tasks.size());
    EXPECT_GT(goals, 3U);
    EXPECT_EQ(root["entry"][0]["request"]["ifMatch"].text(), "W/\"4\"");
    const core::JsonNode task = root["entry"][1]["resource"];
    EXPECT_EQ(task["owner"]["reference"].text(), "Organization/o1");
    EXPECT_EQ(task["restriction"]["recipient"][0]["display"].text(), "区教育局");
}

TEST(Editions, ShowWhatANewOneChanges) {
    PlanDocument before = Draft();
    PlanDocument after = before;
    after.tasks.erase(after.tasks.begin() + 1);
    after.tasks[0].units.push_back("区丙局");
    after.tasks[0].units_full.push_back("区丙局");
    after.tasks[0].indicators[0].value = 99.0;
    Task fresh;
    fresh.no = 9;
    fresh.title = "全新的事项与众不同";
    fresh.text = fresh.title;
    after.tasks.push_back(fresh);
    const EditionChanges changes = Compare(before, after);
    ASSERT_EQ(changes.tasks.size(), 3U);
    EXPECT_EQ(changes.tasks[0].kind, ChangeKind::kChanged);
    EXPECT_EQ(changes.tasks[0].units_added, (std::vector<std::string>{"区丙局"}));
    EXPECT_EQ(changes.tasks[1].kind, ChangeKind::kAdded);
    EXPECT_EQ(changes.tasks[2].kind, ChangeKind::kRemoved);
    EXPECT_EQ(changes.tasks[2].before, 2);
    ASSERT_FALSE(changes.targets.empty());
    EXPECT_EQ(changes.targets[0].kind, ChangeKind::kChanged);
    EXPECT_EQ(changes.targets[0].after->value, TargetValue(99.0));
    const EditionChanges none = Compare(before, before);
    EXPECT_TRUE(none.tasks.empty());
    EXPECT_TRUE(none.targets.empty());
    EXPECT_EQ(none.same_tasks, static_cast<std::int64_t>(before.tasks.size()));
}

}  // namespace
}  // namespace kangqu::plan
