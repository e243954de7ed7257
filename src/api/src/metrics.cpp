#include "kangqu/api/metrics.hpp"

#include "kangqu/core/check.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace kangqu::api {

namespace {

std::string Number(double value) {
    std::array<char, 32> buffer{};
    const bool whole = std::floor(value) == value && std::fabs(value) < 1e15;
    std::snprintf(buffer.data(), buffer.size(), whole ? "%.0f" : "%.9g", value);
    return buffer.data();
}

}  // namespace

void MetricsText::Begin(std::string_view name, std::string_view help, std::string_view type) {
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n");
    text_.append("# TYPE ").append(name).append(" ").append(type).append("\n");
}

void MetricsText::Sample(std::string_view name, std::string_view labels, double value) {
    text_.append(name);
    if (!labels.empty()) {
        text_.append("{").append(labels).append("}");
    }
    text_.append(" ").append(Number(value)).append("\n");
}

void MetricsText::Gauge(std::string_view name, std::string_view help, double value) {
    Begin(name, help, "gauge");
    Sample(name, {}, value);
}

void MetricsText::Counter(std::string_view name, std::string_view help, double value) {
    Begin(name, help, "counter");
    Sample(name, {}, value);
}

std::string MetricsText::Escape(std::string_view value) {
    std::string out;
    for (const char c : value) {
        if (c == '\n') {
            out += "\\n";
            continue;
        }
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    return out;
}

void RequestMetrics::Prepare(const Registry& registry) {
    KQ_CHECK(registry_ == nullptr, "metrics are prepared once");
    registry_ = &registry;
    for (std::size_t index = 0; index < registry.routes().size() + 2; ++index) {
        slots_.emplace_back();
    }
}

void RequestMetrics::Count(std::size_t slot, int status, std::int64_t duration_us) noexcept {
    KQ_CHECK(slot < slots_.size(), "the registry was complete when the metrics were prepared");
    Slot& counters = slots_[slot];
    if (status >= kFirstStatus && status < kFirstStatus + kStatuses) {
        counters.by_status[static_cast<std::size_t>(status - kFirstStatus)].fetch_add(
            1, std::memory_order_relaxed
        );
    }
    std::size_t bucket = 0;
    while (bucket < kDurationBoundsUs.size() && duration_us > kDurationBoundsUs[bucket]) {
        ++bucket;
    }
    counters.by_duration[bucket].fetch_add(1, std::memory_order_relaxed);
    counters.total_us.fetch_add(duration_us, std::memory_order_relaxed);
}

std::string RequestMetrics::LabelOf(std::size_t slot) const {
    if (slot == static_slot()) {
        return R"(route="static",method="GET")";
    }
    if (slot == unknown_slot()) {
        return R"(route="none",method="")";
    }
    const Route& route = registry_->routes()[slot];
    return "route=\"" + MetricsText::Escape(route.path) + "\",method=\"" +
           std::string(NameOf(route.method)) + "\"";
}

void RequestMetrics::WriteTo(MetricsText& out) const {
    constexpr std::string_view kRequests = "kangqu_http_requests_total";
    constexpr std::string_view kSeconds = "kangqu_http_request_seconds";
    out.Begin(kRequests, "Requests answered, by route and status.", "counter");
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
        for (std::size_t status = 0; status < kStatuses; ++status) {
            const auto count = slots_[slot].by_status[status].load(std::memory_order_relaxed);
            if (count != 0) {
                const std::string code = std::to_string(status + kFirstStatus);
                out.Sample(
                    kRequests,
                    LabelOf(slot) + ",status=\"" + code + "\"",
                    static_cast<double>(count)
                );
            }
        }
    }
    out.Begin(kSeconds, "Time from a request's header to its answer.", "histogram");
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
        const Slot& counters = slots_[slot];
        double total = 0;
        MetricsText buckets;
        for (std::size_t bucket = 0; bucket <= kDurationBoundsUs.size(); ++bucket) {
            const auto count = counters.by_duration[bucket].load(std::memory_order_relaxed);
            total += static_cast<double>(count);
            const std::string bound =
                bucket < kDurationBoundsUs.size()
                    ? Number(static_cast<double>(kDurationBoundsUs[bucket]) / 1e6)
                    : "+Inf";
            buckets.Sample(
                std::string(kSeconds) + "_bucket", LabelOf(slot) + ",le=\"" + bound + "\"", total
            );
        }
        if (total > 0) {
            out.Append(buckets.text());
            const auto us = counters.total_us.load(std::memory_order_relaxed);
            out.Sample(
                std::string(kSeconds) + "_sum", LabelOf(slot), static_cast<double>(us) / 1e6
            );
            out.Sample(std::string(kSeconds) + "_count", LabelOf(slot), total);
        }
    }
}

}  // namespace kangqu::api
