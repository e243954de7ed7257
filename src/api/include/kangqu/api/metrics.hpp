#pragma once

#include "kangqu/api/route.hpp"

#include <array>
#include <atomic>
#include <deque>
#include <string>
#include <string_view>

namespace kangqu::api {

// Upper bounds of the duration histogram, in microseconds: 1 ms to 10 s.
constexpr std::array<std::int64_t, 12> kDurationBoundsUs = {
    1'000,
    2'500,
    5'000,
    10'000,
    25'000,
    50'000,
    100'000,
    250'000,
    500'000,
    1000'000,
    2500'000,
    10'000'000};

// Writes lines of the Prometheus text format.
class MetricsText {
public:
    void Gauge(std::string_view name, std::string_view help, double value);
    void Counter(std::string_view name, std::string_view help, double value);
    void Begin(std::string_view name, std::string_view help, std::string_view type);
    // `labels` is the text between the braces, escaped with Escape().
    void Sample(std::string_view name, std::string_view labels, double value);
    // Lines made by another MetricsText.
    void Append(std::string_view lines) { text_ += lines; }
    static std::string Escape(std::string_view value);
    const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

// Requests by route and status, and how long they took. Any thread; never blocks.
class RequestMetrics {
public:
    // Makes the slots: one a route, then one for static files, then one for addresses that do not
    // exist. Called once, when the registry is complete and before anything is counted; the
    // registry must outlive this object.
    void Prepare(const Registry& registry);
    std::size_t static_slot() const noexcept { return slots_.size() - 2; }
    std::size_t unknown_slot() const noexcept { return slots_.size() - 1; }

    void Count(std::size_t slot, int status, std::int64_t duration_us) noexcept;
    void WriteTo(MetricsText& out) const;

private:
    static constexpr int kFirstStatus = 100;
    static constexpr int kStatuses = 500;
    struct Slot {
        std::array<std::atomic<std::uint64_t>, kStatuses> by_status{};
        std::array<std::atomic<std::uint64_t>, kDurationBoundsUs.size() + 1> by_duration{};
        std::atomic<std::int64_t> total_us{0};
    };
    std::string LabelOf(std::size_t slot) const;
    const Registry* registry_ = nullptr;
    std::deque<Slot> slots_;
};

}  // namespace kangqu::api
