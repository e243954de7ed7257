#include "kangqu/plan/board.hpp"

#include <gtest/gtest.h>

namespace kangqu::plan {
namespace {

PlanDocument TwoTasks() {
    PlanDocument document;
    Task first;
    first.no = 1;
    first.units = {"甲局", "乙局"};
    first.lead_unit = "甲局";
    first.mode = ResponsibilityMode::kLeadFirst;
    Indicator rate;
    rate.name = "管理率";
    rate.comparator = Comparator::kAtLeast;
    rate.value = 80.0;
    rate.unit = "%";
    rate.year = 2030;
    rate.words = "达到";
    first.indicators.push_back(rate);
    Task second;
    second.no = 2;
    second.units = {"乙局"};
    second.lead_unit = "乙局";
    second.mode = ResponsibilityMode::kLeadFirst;
    Indicator smoking = rate;
    smoking.name = "吸烟率";
    smoking.comparator = Comparator::kAtMost;
    smoking.value = 20.0;
    second.indicators.push_back(smoking);
    document.tasks = {first, second};
    return document;
}

const std::vector<Binding> kBindings = {
    {"管理率", "rate", "", KnownValue{2025, 60}, "x"},
    {"吸烟率", "", "reported-by-unit", std::nullopt, ""},
};

MeasuredBy Answering(double value) {
    return [value](std::string_view, std::string_view period) {
        if (period == "2025") {
            return MeasuredAnswer{Measured{61, 61, 100}, ""};
        }
        return MeasuredAnswer{Measured{value, static_cast<std::int64_t>(value), 100}, ""};
    };
}

TEST(Board, JudgesBoundTargetsAndSaysWhyNotForOthers) {
    const Board board = MakeBoard(
        TwoTasks(), kBindings, Answering(70), {"2026", {2026, 1.0}}, {{"2025", {2025, 1.0}}}
    );
    ASSERT_EQ(board.targets.size(), 2U);
    // From 60 in 2025 to 80 in 2030 the line stands at 64 at the end of 2026.
    EXPECT_EQ(board.targets[0].state.state, State::kOnTrack);
    EXPECT_DOUBLE_EQ(board.targets[0].state.expected.value(), 64);
    EXPECT_EQ(board.targets[0].history.size(), 1U);
    EXPECT_EQ(board.targets[1].state.state, State::kNotComputable);
    EXPECT_EQ(board.targets[1].state.reason, "reported-by-unit");
    EXPECT_EQ(board.states.on_track, 1);
    EXPECT_EQ(board.states.not_computable, 1);
}

TEST(Board, BehindTheLineAndMet) {
    const auto state = [](double value) {
        return MakeBoard(TwoTasks(), kBindings, Answering(value), {"2026", {2026, 1.0}}, {})
            .targets[0]
            .state.state;
    };
    EXPECT_EQ(state(63), State::kBehind);
    EXPECT_EQ(state(80), State::kMet);
}

TEST(Board, CountsUnitsByWhatTheyLead) {
    const Board board = MakeBoard(TwoTasks(), kBindings, Answering(70), {"2026", {2026, 1.0}}, {});
    ASSERT_EQ(board.units.size(), 2U);
    EXPECT_EQ(board.units[0].name, "甲局");
    EXPECT_EQ(board.units[1].lead, 1);
    EXPECT_EQ(board.units[1].assist, 1);
    EXPECT_EQ(board.units[1].targets, 1);
    EXPECT_EQ(board.units[1].states.not_computable, 1);
}

TEST(Board, AMeasureThatIsNotReadySaysSo) {
    const MeasuredBy silent = [](std::string_view, std::string_view) {
        return MeasuredAnswer{std::nullopt, "measure-not-ready"};
    };
    const Board board = MakeBoard(TwoTasks(), kBindings, silent, {"2026", {2026, 1.0}}, {});
    EXPECT_EQ(board.targets[0].state.reason, "measure-not-ready");
}

}  // namespace
}  // namespace kangqu::plan
