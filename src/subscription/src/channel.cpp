#include "kangqu/subscription/channel.hpp"

#include "kangqu/records/query_text.hpp"
#include "kangqu/search/query.hpp"

#include <algorithm>

namespace kangqu::subscription {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

namespace {

constexpr std::string_view kGuide =
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-";

// The extension of the guide with this name, or missing.
JsonNode Extension(JsonNode element, std::string_view name) {
    const std::string url = std::string(kGuide) + std::string(name);
    for (JsonNode one = element["extension"].first(); one; one = one.next()) {
        if (one["url"].text() == url) {
            return one;
        }
    }
    return {};
}

core::Error Bad(std::string where, std::string what) {
    return core::At(MakeError(ErrorCode::kInvalidArgument, where, std::move(what)), where);
}

core::Status ReadFilters(JsonNode criteria, const Topic& topic, Channel& channel) {
    const std::string url = std::string(kGuide) + "filter-criteria";
    for (JsonNode one = criteria["extension"].first(); one; one = one.next()) {
        if (one["url"].text() != url) {
            continue;
        }
        const std::string_view text = one["valueString"].text();
        const std::size_t mark = text.find('?');
        if (mark == std::string_view::npos || channel.filters.size() == kMaxFilters) {
            return Bad("Subscription.criteria", std::string(text));
        }
        const std::string type(text.substr(0, mark));
        const std::string query(text.substr(mark + 1));
        for (const auto& [name, value] : records::QueryPairs(query)) {
            if (!topic.MayFilterBy(type, std::string_view(name).substr(0, name.find(':')))) {
                return Bad("Subscription.criteria", type + "?" + name);
            }
        }
        KQ_TRY(search::Compile(type, records::QueryPairs(query), search::Restriction()));
        channel.filters.emplace_back(type, query);
    }
    return {};
}

core::Status ReadHeaders(JsonNode list, Channel& channel) {
    for (JsonNode one = list.first(); one; one = one.next()) {
        const std::string_view text = one.text();
        const std::size_t colon = text.find(':');
        const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
            return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F;
        });
        if (colon == std::string_view::npos || colon == 0 || !plain) {
            return Bad("Subscription.channel.header", "Name: value");
        }
        std::string_view value = text.substr(colon + 1);
        value.remove_prefix(std::min(value.size(), value.find_first_not_of(' ')));
        channel.headers.emplace_back(text.substr(0, colon), value);
    }
    return {};
}

core::Status ReadPayload(JsonNode channel_node, Channel& channel) {
    const std::string_view mime = channel_node["payload"].text();
    if (!mime.empty() && mime != "application/fhir+json" && mime != "application/json") {
        return MakeError(
            ErrorCode::kNotSupported, "Subscription.channel.payload " + std::string(mime)
        );
    }
    const std::string_view content =
        Extension(channel_node["_payload"], "payload-content")["valueCode"].text();
    if (content == "id-only") {
        channel.content = Content::kIdOnly;
    } else if (content == "full-resource") {
        channel.content = Content::kFull;
    } else if (!content.empty() && content != "empty") {
        return Bad("Subscription.channel.payload", std::string(content));
    }
    return {};
}

std::int64_t
Number(JsonNode extension, std::int64_t fallback, std::int64_t least, std::int64_t most) {
    for (const std::string_view name : {"valueUnsignedInt", "valuePositiveInt", "valueInteger"}) {
        if (const auto number = extension[name].integer()) {
            return *number == 0 ? 0 : std::clamp(*number, least, most);
        }
    }
    return fallback;
}

core::Status ReadKind(JsonNode channel_node, Channel& channel) {
    const std::string_view type = channel_node["type"].text();
    channel.endpoint = channel_node["endpoint"].text();
    if (type != "rest-hook") {
        return MakeError(
            ErrorCode::kNotSupported, "Subscription.channel.type " + std::string(type)
        );
    }
    if (!channel.endpoint.starts_with("http://") && !channel.endpoint.starts_with("https://")) {
        return Bad("Subscription.channel.endpoint", "http(s)://...");
    }
    return {};
}

}  // namespace

core::Result<Channel> ReadChannel(JsonNode resource, const std::vector<Topic>& topics) {
    constexpr std::int64_t kDayS = 86'400;
    Channel channel;
    channel.id = resource["id"].text();
    channel.status = resource["status"].text();
    channel.topic = resource["criteria"].text();
    const auto topic = std::find_if(topics.begin(), topics.end(), [&](const Topic& one) {
        return one.url == channel.topic;
    });
    if (topic == topics.end()) {
        return Bad("Subscription.criteria", channel.topic);
    }
    const JsonNode node = resource["channel"];
    KQ_TRY(ReadFilters(resource["_criteria"], *topic, channel));
    KQ_TRY(ReadKind(node, channel));
    KQ_TRY(ReadHeaders(node["header"], channel));
    KQ_TRY(ReadPayload(node, channel));
    channel.heartbeat_s = Number(Extension(node, "heartbeat-period"), 0, kLeastHeartbeatS, kDayS);
    channel.timeout_s =
        std::max<std::int64_t>(1, Number(Extension(node, "timeout"), 10, 1, kLongestTimeoutS));
    channel.max_count =
        std::max<std::int64_t>(1, Number(Extension(node, "max-count"), 1, 1, kMostEventsAtOnce));
    channel.end = core::ParseInstant(resource["end"].text()).value_or(0);
    return channel;
}

}  // namespace kangqu::subscription
