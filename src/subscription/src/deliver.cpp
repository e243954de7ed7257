#include "kangqu/subscription/engine.hpp"

#include "notification.hpp"
#include <algorithm>
#include <chrono>

namespace kangqu::subscription {

using core::ErrorCode;
using core::MakeError;

namespace {

constexpr std::int64_t kMsASecond = 1'000;
constexpr std::chrono::milliseconds kLookEvery{250};

bool Ended(const Channel& channel, core::InstantMs now) {
    return channel.end != 0 && now >= channel.end;
}

// A subscription that was never begun, whose client asked anew, or whose address changed must show
// that its receiver answers.
bool NeedsHandshake(const Channel& channel, const Standing& standing) {
    return channel.status == "requested" || standing.start == 0 ||
           standing.endpoint != channel.endpoint;
}

}  // namespace

// The id of a subscription that has something to send now, marked as busy; empty for none.
std::string Engine::NextDue(core::InstantMs now) {
    for (auto& [id, entry] : entries_) {
        const Channel& channel = entry.channel;
        const Standing& standing = entry.standing;
        const bool able = !entry.busy && !entry.owner.empty() &&
                          (channel.status == "requested" || channel.status == "active") &&
                          standing.next_try <= now;
        if (!able) {
            continue;
        }
        const bool beats =
            channel.heartbeat_s > 0 && now - standing.last_sent >= channel.heartbeat_s * kMsASecond;
        const bool due = Ended(channel, now) || NeedsHandshake(channel, standing) ||
                         standing.delivered < standing.events || beats;
        if (due) {
            entry.busy = true;
            return id;
        }
    }
    return {};
}

void Engine::Deliver() {
    while (true) {
        std::string id;
        {
            std::unique_lock lock(mutex_);
            if (stopping_) {
                return;
            }
            id = NextDue(services_.clock.Now());
            if (id.empty()) {
                wake_.wait_for(lock, kLookEvery);
                continue;
            }
        }
        Serve(id);
    }
}

void Engine::Serve(const std::string& id) {
    auto entry = Snapshot(id);
    if (!entry.ok()) {
        return;
    }
    core::Status outcome;
    if (Ended(entry->channel, services_.clock.Now())) {
        outcome = SetStatus(id, "off", {});
        if (outcome.ok()) {
            const std::lock_guard lock(mutex_);
            entries_.erase(id);
            return;
        }
    } else if (NeedsHandshake(entry->channel, entry->standing)) {
        outcome = Handshake(*entry);
    } else if (entry->standing.delivered < entry->standing.events) {
        outcome = SendPending(*entry);
    } else {
        outcome = Notify(*entry, "heartbeat", {});
    }
    const core::Status settled = Settle(id, std::move(*entry), outcome);
    if (!settled.ok()) {
        services_.log("subscription " + id + ": " + settled.error().Line());
    }
}

core::Status Engine::Handshake(Entry& entry) {
    entry.channel.status = "requested";
    KQ_TRY(Notify(entry, "handshake", {}));
    entry.standing.endpoint = entry.channel.endpoint;
    KQ_TRY(BeginEvents(entry));
    entry.channel.status = "active";
    return SetStatus(entry.channel.id, "active", {});
}

// From here on changes are its events, or those since it first began. The feed's thread knows it
// before the record says that it is active, so that no change behind that is missed.
core::Status Engine::BeginEvents(Entry& entry) {
    {
        const std::lock_guard lock(mutex_);
        if (entry.standing.start == 0) {
            entry.standing.start = taken_ + 1;
        }
        const auto known = entries_.find(entry.channel.id);
        if (known != entries_.end()) {
            known->second.standing.start = entry.standing.start;
        }
    }
    const auto kept = services_.records.store().Write([&](store::Writer& writer) -> core::Status {
        KQ_ASSIGN(Standing standing, StandingOf(writer, entry.channel.id));
        standing.start = entry.standing.start;
        standing.endpoint = entry.standing.endpoint;
        return SetStanding(writer, entry.channel.id, standing);
    });
    KQ_TRY(kept);
    return {};
}

core::Status Engine::SendPending(Entry& entry) {
    std::vector<Event> events;
    {
        KQ_ASSIGN(const auto reader, services_.records.store().Read());
        KQ_ASSIGN(
            events,
            EventsOf(
                *reader,
                entry.channel.id,
                entry.standing.delivered + 1,
                entry.standing.events,
                static_cast<std::size_t>(entry.channel.max_count)
            )
        );
    }
    const std::int64_t last = events.empty() ? entry.standing.events : events.back().number;
    if (!events.empty()) {
        KQ_TRY(Notify(entry, "event-notification", std::move(events)));
    }
    entry.standing.delivered = last;
    return {};
}

core::Status Engine::Notify(Entry& entry, std::string_view kind, std::vector<Event> events) {
    KQ_ASSIGN(const auto restriction, services_.restriction(entry.owner));
    const core::InstantMs now = services_.clock.Now();
    const std::string base = services_.base();
    KQ_ASSIGN(
        std::string body,
        NoticeBundle(
            services_.records,
            restriction,
            {kind, entry.channel, entry.standing, base, entry.channel.content, std::move(events)},
            now
        )
    );
    KQ_ASSIGN(
        const int status,
        services_.send(
            {entry.channel.endpoint,
             entry.channel.headers,
             std::move(body),
             entry.channel.timeout_s}
        )
    );
    if (status < 200 || status > 299) {
        return MakeError(
            ErrorCode::kConnectionFailed, entry.channel.endpoint, "HTTP " + std::to_string(status)
        );
    }
    entry.standing.last_sent = now;
    return {};
}

// Writes what a send came to, in the rows and in memory.
core::Status Engine::Settle(const std::string& id, Entry entry, const core::Status& outcome) {
    bool given_up = false;
    if (outcome.ok()) {
        entry.standing.failures = 0;
        entry.standing.next_try = 0;
    } else {
        const std::int64_t doubled = std::min<std::int64_t>(entry.standing.failures, 20);
        const std::int64_t pause = std::min(kLongestPauseMs, services_.first_pause_ms << doubled);
        ++entry.standing.failures;
        entry.standing.next_try = services_.clock.Now() + pause;
        given_up = entry.standing.failures >= kMaxFailures;
    }
    const core::Status written = services_.records.store()
                                         .Write([&](store::Writer& writer) -> core::Status {
                                             // Events may have been numbered while this was on its
                                             // way.
                                             KQ_ASSIGN(const Standing now, StandingOf(writer, id));
                                             entry.standing.events =
                                                 std::max(entry.standing.events, now.events);
                                             return SetStanding(writer, id, entry.standing);
                                         })
                                         .ok()
                                     ? core::Status{}
                                     : MakeError(ErrorCode::kBusy);
    {
        const std::lock_guard lock(mutex_);
        const auto known = entries_.find(id);
        if (known != entries_.end()) {
            const std::int64_t events = known->second.standing.events;
            known->second.standing = entry.standing;
            known->second.standing.events = std::max(events, entry.standing.events);
            known->second.busy = false;
            if (outcome.ok()) {
                known->second.channel.status = entry.channel.status;
            } else if (given_up) {
                known->second.channel.status = "error";
            }
        }
    }
    wake_.notify_all();
    KQ_TRY(written);
    if (given_up) {
        KQ_TRY(SetStatus(id, "error", outcome.error().Line(core::Language::kZh)));
    }
    return outcome.ok() ? core::Status{} : outcome;
}

}  // namespace kangqu::subscription
