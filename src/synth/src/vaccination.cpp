#include "vaccination.hpp"

#include "kangqu/core/check.hpp"

#include <algorithm>
#include <map>

namespace kangqu::synth {
namespace {

constexpr Day kBetweenLive = 28;
constexpr int kCaughtUpPerMille = 640;

Day DayOr(std::string_view text, Day otherwise) {
    if (text == "-") {
        return otherwise;
    }
    const auto date = core::ParseDate(text);
    KQ_CHECK(date.has_value(), "a table holds no date");
    return core::DaysOf(*date);
}

// How a family keeps appointments: days a dose is late at most, usually.
int DrawPromptness(Random& random) {
    const int kind = random.Between(0, 99);
    return kind < 70 ? 9 : kind < 92 ? 45 : kind < 98 ? 240 : 900;
}

// When a dose that is due on a day is given; nothing when never.
std::optional<Day> DrawDay(Random& random, const VaccineRow& row, Day due, int promptness) {
    const int usual = random.Between(0, promptness);
    const bool given = random.PerMille(row.coverage_per_mille);
    const bool caught_up = random.PerMille(kCaughtUpPerMille);
    const int catch_up = random.Between(120, 700);
    if (given) {
        return due + (row.due == 0 ? usual / 30 : usual);
    }
    return caught_up && row.due > 0 ? std::optional<Day>(due + catch_up) : std::nullopt;
}

// The day itself, or the first one after it that keeps the distance to every other live vaccine.
Day FreeOfLive(Day day, const std::vector<Day>& live) {
    const auto near = [&day](Day other) {
        return day != other && day - other < kBetweenLive && other - day < kBetweenLive;
    };
    for (auto at = std::find_if(live.begin(), live.end(), near); at != live.end();
         at = std::find_if(live.begin(), live.end(), near)) {
        day = *at + kBetweenLive;
    }
    return day;
}

}  // namespace

Vaccination::Vaccination() {
    for (const Row& row : RowsOf("immunizations")) {
        VaccineRow& made = rows_.emplace_back();
        made.code = row[0];
        made.name = row[1];
        made.series = row[2];
        made.dose = NumberOf(row[3]);
        made.yearly = row[4] == "yearly";
        made.due = NumberOf(row[5]);
        made.minimum_interval = NumberOf(row[6]);
        made.complete_before = NumberOf(row[7]);
        made.from = DayOr(row[8], core::DaysOf({1900, 1, 1}));
        made.to = DayOr(row[9], core::DaysOf({2200, 1, 1}));
        made.sex = row[10];
        made.coverage_per_mille = NumberOf(row[11]);
        made.live = row[12] == "live";
        made.route = row[13];
        made.site = row[14];
    }
}

void Vaccination::DrawYearly(
    Random& random,
    const Resident& resident,
    std::size_t row,
    std::vector<Dose>& doses
) const {
    const int first = core::CivilOf(resident.first_day).year;
    const int last = core::CivilOf(resident.last_day).year;
    for (int year = first; year <= last; ++year) {
        const Day day = core::DaysOf({year, 9, 15}) + random.Between(0, 75);
        const int age = AgeOn(resident.birth, day);
        const bool given = random.PerMille(rows_[row].coverage_per_mille);
        if (given && resident.Here(day) && age >= rows_[row].due &&
            age <= rows_[row].complete_before) {
            doses.push_back({day, row, false});
        }
    }
}

void Vaccination::Draw(Random& random, const Resident& resident, std::vector<Dose>& doses) const {
    const int promptness = DrawPromptness(random);
    struct Last {
        Day day;
        int dose;
    };
    std::map<std::string_view, Last> series;
    std::vector<Day> live;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const VaccineRow& row = rows_[i];
        if (row.yearly) {
            DrawYearly(random, resident, i, doses);
            continue;
        }
        const Day due = resident.birth + row.due;
        if (due > resident.last_day || due < row.from || due > row.to ||
            (row.sex != "-" && (row.sex == "m") != resident.male)) {
            continue;
        }
        auto day = DrawDay(random, row, due, promptness);
        // Of two schedules the one that comes first gives the dose; none is left out in a series.
        const auto before = series.find(row.series);
        if (!day || row.dose != (before == series.end() ? 1 : before->second.dose + 1)) {
            continue;
        }
        if (before != series.end()) {
            day = std::max(*day, before->second.day + row.minimum_interval);
        }
        if (row.live) {
            day = FreeOfLive(*day, live);
            live.push_back(*day);
        }
        series[row.series] = {*day, row.dose};
        if (resident.Here(*day)) {
            doses.push_back({*day, i, *day >= resident.birth + row.complete_before});
        }
    }
}

}  // namespace kangqu::synth
