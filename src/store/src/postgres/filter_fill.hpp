#pragma once

#include "kangqu/core/result.hpp"

#include "presence_filter.hpp"
#include <atomic>
#include <memory>
#include <string>
#include <thread>

namespace kangqu::store::postgres {

// Reads every interned text and every id into a filter, on a session and a thread of its own. What
// is added meanwhile is added by the writer. A failure leaves the filter incomplete, which is
// slower and nothing else.
class FilterFill {
public:
    FilterFill(std::string url, std::size_t capacity);
    ~FilterFill();
    FilterFill(const FilterFill&) = delete;
    FilterFill& operator=(const FilterFill&) = delete;

    PresenceFilter& filter() { return filter_; }

private:
    core::Status Fill();

    std::string url_;
    PresenceFilter filter_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace kangqu::store::postgres
