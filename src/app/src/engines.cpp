#include "kangqu/app/engines.hpp"

#include <algorithm>
#include <chrono>

namespace kangqu::app {

namespace {

constexpr int kPastYears = 4;
// How long the thread sleeps at the most: bounds how late a new day or a stop is noticed.
constexpr int kWaitMs = 500;
// After a failed refresh, before the next try.
constexpr int kRetryMs = 2'000;

api::PeriodChoice Year(int year, core::CivilDate today) {
    api::PeriodChoice choice;
    const bool current = year == today.year;
    const core::CivilDate end = current ? today : core::CivilDate{year, 12, 31};
    const std::string id = std::to_string(year);
    choice.named = {id, {{year, 1, 1}, end}};
    choice.complete = !current;
    choice.text = current ? api::BothLanguages{id + "年（至今）", id + " to date"}
                          : api::BothLanguages{id + "年", id};
    const auto days = static_cast<double>(core::DaysOf(end) - core::DaysOf({year, 1, 1}) + 1);
    const auto whole =
        static_cast<double>(core::DaysOf({year, 12, 31}) - core::DaysOf({year, 1, 1}) + 1);
    choice.end = {year, days / whole};
    return choice;
}

}  // namespace

std::vector<api::PeriodChoice> PeriodsOn(core::CivilDate today) {
    std::vector<api::PeriodChoice> choices;
    choices.push_back(Year(today.year, today));
    api::PeriodChoice twelve = choices.front();
    twelve.named.id = "12m";
    // From the day after the same day last year; the 29th of February has no such day.
    core::CivilDate last_year{today.year - 1, today.month, today.day};
    last_year.day = std::min(last_year.day, core::DaysInMonth(last_year.year, last_year.month));
    twelve.named.period.from = core::CivilOf(core::DaysOf(last_year) + 1);
    twelve.text = {"近12个月", "Last 12 months"};
    choices.push_back(std::move(twelve));
    for (int back = 1; back <= kPastYears; ++back) {
        choices.push_back(Year(today.year - back, today));
    }
    return choices;
}

Engines::Engines(
    Platform& platform,
    std::vector<measure::Pack> packs,
    std::function<void(std::string_view)> log,
    measure::Populations::CatalogueSource catalogue
)
    : platform_(platform),
      log_(std::move(log)),
      populations_(std::move(packs), platform.clock(), std::move(catalogue)) {}

Engines::~Engines() {
    Stop();
}

void Engines::Start() {
    thread_ = std::thread([this] { Run(); });
}

void Engines::Stop() {
    stopping_ = true;
    if (thread_.joinable()) {
        thread_.join();
    }
}

core::Status Engines::Refresh() {
    {
        KQ_ASSIGN(const auto reader, platform_.store().Read());
        KQ_TRY(organizations_.Refresh(*reader));
        KQ_TRY(residents_.Refresh(*reader));
    }
    std::vector<measure::NamedPeriod> periods;
    for (const api::PeriodChoice& choice : Periods()) {
        periods.push_back(choice.named);
    }
    const auto threads = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    return populations_.Refresh(
        platform_.store(),
        periods,
        [this] {
            std::vector<store::Home> homes;
            residents_.Visit([&homes](const timeline::Resident& one) { homes.push_back(one.home); }
            );
            return homes;
        },
        threads
    );
}

void Engines::Run() {
    while (!stopping_) {
        const core::Status status = Refresh();
        if (!status.ok()) {
            log_("engines: " + status.error().Line());
            std::this_thread::sleep_for(std::chrono::milliseconds(kRetryMs));
            continue;
        }
        platform_.store().WaitForChange(populations_.position(), kWaitMs);
    }
}

}  // namespace kangqu::app
