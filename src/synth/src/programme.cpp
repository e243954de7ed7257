#include "programme.hpp"

#include "kangqu/core/check.hpp"

#include <algorithm>

namespace kangqu::synth {
namespace {

// One column of a table whose rows are keys.
class Column {
public:
    Column(const std::vector<Row>& rows, std::size_t at) : rows_(rows), at_(at) {}
    std::string_view operator[](std::string_view key) const {
        const auto found = std::find_if(rows_.begin(), rows_.end(), [key](const Row& row) {
            return row[0] == key;
        });
        KQ_CHECK(found != rows_.end(), "a programme lacks a row");
        return (*found)[at_];
    }
    int Number(std::string_view key) const { return NumberOf((*this)[key]); }

private:
    const std::vector<Row>& rows_;
    std::size_t at_;
};

Norm NormOf(const Column& column) {
    return {
        column.Number("minimum-age"),
        column.Number("months-per-follow-up"),
        column.Number("fewest-follow-ups"),
        column.Number("months-for-exam"),
        column.Number("months-before-judged"),
        column.Number("enrolled-per-mille"),
        column.Number("standard-per-mille"),
        column.Number("standard-rise-per-mille"),
        column.Number("late-per-mille"),
        column.Number("digit-preference-per-mille"),
        column.Number("lost-per-mille"),
        column.Number("refused-per-mille")};
}

Controlled ControlledOf(const Column& column, std::string_view prefix) {
    const auto key = [prefix](std::string_view name) {
        return std::string(prefix).append("-").append(name);
    };
    Controlled controlled;
    controlled.observation = column[key("observation")];
    controlled.mean = column.Number(key("mean"));
    controlled.between = column.Number(key("between"));
    controlled.within = column.Number(key("within"));
    controlled.fall_per_decade = column.Number(key("fall-per-decade"));
    controlled.low = column.Number(key("low"));
    controlled.high = column.Number(key("high"));
    controlled.target = column.Number(key("target"));
    controlled.target_old = column.Number(key("target-old"));
    controlled.round_to = column.Number(key("round-to"));
    return controlled;
}

}  // namespace

std::string_view CodeOf(EndReason reason) noexcept {
    switch (reason) {
        case EndReason::kMoved:
            return "moved";
        case EndReason::kDied:
            return "died";
        case EndReason::kLost:
            return "lost";
        case EndReason::kRefused:
            break;
    }
    return "refused";
}

Programmes::Programmes() {
    const std::vector<Row> rows = RowsOf("programmes");
    const std::vector<Row> ages = RowsOf("programme-ages");
    for (std::size_t at = 1; at < rows[0].size(); ++at) {
        const Column column(rows, at);
        Programme& programme = all_.emplace_back();
        programme.key = column["key"];
        programme.episode_text = column["episode-text"];
        programme.follow_up = column["follow-up"];
        programme.follow_up_text = column["follow-up-text"];
        programme.condition = column["condition"];
        programme.condition_text = column["condition-text"];
        programme.panel = column["panel"];
        programme.drugs = column["drugs"];
        programme.core = column.Number("core") == 1;
        programme.norm = NormOf(column);
        programme.first = ControlledOf(column, "first");
        programme.second = ControlledOf(column, "second");
        for (const Row& row : ages) {
            if (row[0] == programme.key) {
                const int from = NumberOf(row[1]);
                const int to = NumberOf(row[2]);
                programme.diagnosed[1].Add({from, to, NumberOf(row[3])});
                programme.diagnosed[0].Add({from, to, NumberOf(row[4])});
            }
        }
    }
}

int MonthsBetween(Day from, Day to) {
    const core::CivilDate a = core::CivilOf(from);
    const core::CivilDate b = core::CivilOf(to);
    return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day ? 1 : 0);
}

int FollowUpsDue(const Norm& norm, Day from, Day day_after) {
    return std::max(
        MonthsBetween(from, day_after) / norm.months_per_follow_up, norm.fewest_follow_ups
    );
}

}  // namespace kangqu::synth
