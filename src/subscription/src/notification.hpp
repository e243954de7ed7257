#pragma once

#include "kangqu/records/records.hpp"
#include "kangqu/subscription/channel.hpp"
#include "kangqu/subscription/ledger.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kangqu::subscription {

// What a notification bundle is made of.
struct Notice {
    std::string_view kind;  // handshake, heartbeat, event-notification, query-status, query-event
    const Channel& channel;
    const Standing& standing;
    std::string_view base;  // "http://host/fhir"
    Content content = Content::kEmpty;
    std::vector<Event> events = {};
};

// The Bundle of the backport guide for R4: a Parameters as status, then the events' records as
// `restriction` lets them be seen now; of records it does not admit nothing but the number is told.
core::Result<std::string> NoticeBundle(
    records::Records& records,
    const search::Restriction& restriction,
    const Notice& notice,
    core::InstantMs now
);

}  // namespace kangqu::subscription
