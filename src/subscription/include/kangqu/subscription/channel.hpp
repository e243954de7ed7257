#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/json.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/subscription/topic.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::subscription {

// Bounds of what a Subscription may ask for.
constexpr std::int64_t kLeastHeartbeatS = 5;
constexpr std::int64_t kLongestTimeoutS = 60;
constexpr std::int64_t kMostEventsAtOnce = 100;
constexpr std::size_t kMaxFilters = 20;

enum class Content : std::uint8_t { kEmpty, kIdOnly, kFull };

// What a Subscription record asks for.
struct Channel {
    std::string id;
    std::string status;  // requested, active, error, off
    std::string topic;   // canonical
    // Type and search query a record must meet besides the topic's.
    std::vector<std::pair<std::string, std::string>> filters;
    std::string endpoint;  // of the rest-hook
    std::vector<std::pair<std::string, std::string>> headers;
    Content content = Content::kEmpty;
    std::int64_t heartbeat_s = 0;  // 0: none
    std::int64_t timeout_s = 10;
    std::int64_t max_count = 1;
    core::InstantMs end = 0;  // 0: none
};

// Reads a Subscription of the backport guide. kNotSupported and kInvalidArgument name the element.
core::Result<Channel> ReadChannel(core::JsonNode resource, const std::vector<Topic>& topics);

}  // namespace kangqu::subscription
