#pragma once

#include "kangqu/api/services.hpp"
#include "kangqu/app/platform.hpp"
#include "kangqu/measure/populations.hpp"
#include "kangqu/timeline/organizations.hpp"
#include "kangqu/timeline/residents.hpp"

#include <atomic>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace kangqu::app {

// The periods the screens offer on a day: this year so far, the last twelve months, and the four
// years before. Newest first.
std::vector<api::PeriodChoice> PeriodsOn(core::CivilDate today);

// What is derived from the records, kept current by one thread that waits for the feed.
class Engines {
public:
    // `log` takes one line for the operator; `catalogue` gives the value sets measures know. All
    // references outlive this object.
    Engines(
        Platform& platform,
        std::vector<measure::Pack> packs,
        std::function<void(std::string_view)> log,
        measure::Populations::CatalogueSource catalogue = {}
    );
    ~Engines();
    Engines(const Engines&) = delete;
    Engines& operator=(const Engines&) = delete;

    void Start();
    // Returns when the thread has ended.
    void Stop();

    timeline::Residents& residents() noexcept { return residents_; }
    timeline::Organizations& organizations() noexcept { return organizations_; }
    measure::Populations& populations() noexcept { return populations_; }
    // Of today.
    std::vector<api::PeriodChoice> Periods() const {
        return PeriodsOn(core::ChinaDate(platform_.clock().Now()));
    }

private:
    void Run();
    core::Status Refresh();

    Platform& platform_;
    std::function<void(std::string_view)> log_;
    timeline::Residents residents_;
    timeline::Organizations organizations_;
    measure::Populations populations_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace kangqu::app
