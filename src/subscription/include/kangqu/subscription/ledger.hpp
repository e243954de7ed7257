#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/result.hpp"
#include "kangqu/store/store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::subscription {

// Events of one subscription that are kept for $events after they were acknowledged.
constexpr std::int64_t kKeptEvents = 1'000;
// Events that may wait for one receiver; the oldest beyond that are dropped and their numbers are
// missing, which the receiver sees.
constexpr std::int64_t kMaxWaiting = 100'000;

// One numbered event: a version of a record.
struct Event {
    std::int64_t number = 0;
    std::string type;
    std::string id;
    std::int64_t version = 0;
    core::InstantMs at = 0;
    store::Method method = store::Method::kUpdate;
};

// How far one subscription has come.
struct Standing {
    store::Position start = 0;   // changes behind this one are its events; 0: not begun
    std::int64_t events = 0;     // number of the last event
    std::int64_t delivered = 0;  // number of the last acknowledged one
    std::int64_t failures = 0;   // sends that failed in a row
    core::InstantMs next_try = 0;
    core::InstantMs last_sent = 0;
    std::string endpoint;  // that answered the handshake
};

// The rows behind it, in the store's private values. Inside units of work.
core::Result<std::string> OwnerOf(store::Reader& reader, std::string_view id);
core::Status SetOwner(store::Writer& writer, std::string_view id, std::string_view owner);
core::Result<Standing> StandingOf(store::Reader& reader, std::string_view id);
core::Status SetStanding(store::Writer& writer, std::string_view id, const Standing& standing);
// Gives the event the next number and keeps it; drops what is too old.
core::Status
AddEvent(store::Writer& writer, std::string_view id, Standing& standing, const Event& event);
// Events numbered from..to, both included, that are still kept; at most `limit`.
core::Result<std::vector<Event>> EventsOf(
    store::Reader& reader,
    std::string_view id,
    std::int64_t from,
    std::int64_t to,
    std::size_t limit
);
// Nothing before the engine ran for the first time.
core::Result<std::optional<store::Position>> FeedPosition(store::Reader& reader);
core::Status SetFeedPosition(store::Writer& writer, store::Position position);

}  // namespace kangqu::subscription
