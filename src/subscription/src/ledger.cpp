#include "kangqu/subscription/ledger.hpp"

#include "kangqu/core/json.hpp"

#include <algorithm>
#include <charconv>

namespace kangqu::subscription {

namespace {

using core::JsonNode;
using core::JsonWriter;

constexpr std::string_view kOwners = "subscription-owner";
constexpr std::string_view kStandings = "subscription";
constexpr std::string_view kEvents = "subscription-event";
constexpr std::string_view kFeed = "subscription-feed";

// Keys of one subscription's events lie side by side in their order.
std::string EventKey(std::string_view id, std::int64_t number) {
    constexpr std::size_t kDigits = 12;
    std::string digits = std::to_string(number);
    digits.insert(0, kDigits - std::min(kDigits, digits.size()), '0');
    return std::string(id) + "/" + digits;
}

std::int64_t Number(JsonNode node) {
    return node.integer().value_or(0);
}

}  // namespace

core::Result<std::string> OwnerOf(store::Reader& reader, std::string_view id) {
    KQ_ASSIGN(auto owner, reader.GetValue(kOwners, id));
    return owner.value_or("");
}

core::Status SetOwner(store::Writer& writer, std::string_view id, std::string_view owner) {
    return writer.PutValue(kOwners, id, owner);
}

core::Result<Standing> StandingOf(store::Reader& reader, std::string_view id) {
    Standing standing;
    KQ_ASSIGN(const auto text, reader.GetValue(kStandings, id));
    if (!text) {
        return standing;
    }
    KQ_ASSIGN(const auto document, core::JsonDocument::Parse(*text));
    const JsonNode root = document->root();
    standing.start = Number(root["start"]);
    standing.events = Number(root["events"]);
    standing.delivered = Number(root["delivered"]);
    standing.failures = Number(root["failures"]);
    standing.next_try = Number(root["nextTry"]);
    standing.last_sent = Number(root["lastSent"]);
    standing.endpoint = root["endpoint"].text();
    return standing;
}

core::Status SetStanding(store::Writer& writer, std::string_view id, const Standing& standing) {
    std::string text;
    JsonWriter json(text);
    json.BeginObject().Field("start", standing.start).Field("events", standing.events);
    json.Field("delivered", standing.delivered).Field("failures", standing.failures);
    json.Field("nextTry", standing.next_try).Field("lastSent", standing.last_sent);
    json.Field("endpoint", standing.endpoint).EndObject();
    return writer.PutValue(kStandings, id, text);
}

core::Status
AddEvent(store::Writer& writer, std::string_view id, Standing& standing, const Event& event) {
    ++standing.events;
    std::string text;
    JsonWriter json(text);
    json.BeginObject().Field("type", event.type).Field("id", event.id);
    json.Field("version", event.version).Field("at", event.at);
    json.Field("method", static_cast<std::int64_t>(event.method)).EndObject();
    KQ_TRY(writer.PutValue(kEvents, EventKey(id, standing.events), text));
    const std::int64_t old = standing.events - kKeptEvents;
    const std::int64_t lost = standing.events - kMaxWaiting;
    if (old > 0 && old <= standing.delivered) {
        KQ_TRY(writer.RemoveValue(kEvents, EventKey(id, old)));
    }
    if (lost > standing.delivered) {
        KQ_TRY(writer.RemoveValue(kEvents, EventKey(id, lost)));
    }
    return {};
}

core::Result<std::vector<Event>> EventsOf(
    store::Reader& reader,
    std::string_view id,
    std::int64_t from,
    std::int64_t to,
    std::size_t limit
) {
    std::vector<Event> events;
    for (std::int64_t number = from; number <= to && events.size() < limit; ++number) {
        KQ_ASSIGN(const auto text, reader.GetValue(kEvents, EventKey(id, number)));
        if (!text) {
            continue;
        }
        KQ_ASSIGN(const auto document, core::JsonDocument::Parse(*text));
        const JsonNode root = document->root();
        events.push_back(
            {number,
             std::string(root["type"].text()),
             std::string(root["id"].text()),
             Number(root["version"]),
             Number(root["at"]),
             static_cast<store::Method>(Number(root["method"]))}
        );
    }
    return events;
}

core::Result<std::optional<store::Position>> FeedPosition(store::Reader& reader) {
    KQ_ASSIGN(const auto text, reader.GetValue(kFeed, "position"));
    if (!text) {
        return std::optional<store::Position>();
    }
    store::Position position = 0;
    std::from_chars(text->data(), text->data() + text->size(), position);
    return std::optional<store::Position>(position);
}

core::Status SetFeedPosition(store::Writer& writer, store::Position position) {
    return writer.PutValue(kFeed, "position", std::to_string(position));
}

}  // namespace kangqu::subscription
