#include "kangqu/subscription/engine.hpp"

#include "kangqu/fhir/resource.hpp"
#include "kangqu/records/query_text.hpp"
#include "kangqu/search/query.hpp"

#include "notification.hpp"
#include <algorithm>
#include <chrono>
#include <set>

namespace kangqu::subscription {

using core::ErrorCode;
using core::MakeError;

namespace {

constexpr int kFeedPage = 500;
constexpr int kWaitMs = 300;
constexpr int kPage = 500;
constexpr int kSenders = 2;

}  // namespace

Engine::Engine(Services services) : services_(std::move(services)) {}

Engine::~Engine() {
    Stop();
}

core::Status Engine::Start() {
    KQ_TRY(LoadAll());
    KQ_TRY(OpenFeed());
    feed_ = std::thread([this] { FollowFeed(); });
    for (int i = 0; i < kSenders; ++i) {
        senders_.emplace_back([this] { Deliver(); });
    }
    return {};
}

void Engine::Stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (feed_.joinable()) {
        feed_.join();
    }
    for (std::thread& sender : senders_) {
        sender.join();
    }
    senders_.clear();
}

// Where the last run ended; the first one begins at the end of the feed and says so, so that the
// next begins there too.
core::Status Engine::OpenFeed() {
    std::optional<store::Position> kept;
    {
        KQ_ASSIGN(const auto reader, services_.records.store().Read());
        KQ_ASSIGN(kept, FeedPosition(*reader));
    }
    feed_position_ = kept.value_or(services_.records.store().position());
    taken_ = feed_position_;
    if (!kept) {
        KQ_TRY(services_.records.store().Write([&](store::Writer& writer) {
            return SetFeedPosition(writer, feed_position_);
        }));
    }
    return {};
}

core::Status Engine::LoadAll() {
    std::string cursor;
    do {
        KQ_ASSIGN(const auto reader, services_.records.store().Read());
        std::vector<std::pair<std::string, std::string>> parameters = {
            {"_count", std::to_string(kPage)}};
        if (!cursor.empty()) {
            parameters.emplace_back("_cursor", cursor);
        }
        KQ_ASSIGN(
            const auto search,
            search::Compile("Subscription", parameters, search::Restriction::System())
        );
        KQ_ASSIGN(const auto page, search.Run(*reader));
        for (const auto& [home, key] : page.hits) {
            KQ_ASSIGN(const auto version, reader->Current(home, key));
            if (version) {
                KQ_TRY(Reload(version->id));
            }
        }
        cursor = page.next;
    } while (!cursor.empty());
    return {};
}

// Reads a Subscription and its rows anew; what is no longer there, or switched off, is forgotten.
core::Status Engine::Reload(const std::string& id) {
    const auto record = services_.records.Read(search::Restriction::System(), "Subscription", id);
    std::optional<Entry> loaded;
    std::string problem;
    if (record.ok()) {
        KQ_ASSIGN(const auto document, core::JsonDocument::Parse(record->json));
        auto channel = ReadChannel(document->root(), services_.topics);
        // A Subscription with a search as its criteria is not one of topics: it is a record like
        // any other.
        const std::string_view status = document->root()["status"].text();
        const bool of_topics = document->root()["criteria"].text().find('?') == std::string::npos;
        const bool wanted = of_topics && status != "off" && status != "error";
        if (channel.ok()) {
            KQ_ASSIGN(const auto reader, services_.records.store().Read());
            loaded.emplace();
            loaded->channel = std::move(channel).value();
            KQ_ASSIGN(loaded->standing, StandingOf(*reader, id));
            KQ_ASSIGN(loaded->owner, OwnerOf(*reader, id));
        } else if (wanted) {
            problem = channel.error().Line(core::Language::kZh);
        }
    }
    {
        const std::lock_guard lock(mutex_);
        const auto known = entries_.find(id);
        if (!loaded || loaded->channel.status == "off") {
            entries_.erase(id);
        } else if (known != entries_.end()) {
            // The numbers in memory are those of the rows or newer.
            known->second.channel = loaded->channel;
            known->second.owner = loaded->owner;
            if (loaded->channel.status == "requested") {
                known->second.standing.failures = 0;
                known->second.standing.next_try = 0;
            }
        } else if (entries_.size() < kMaxSubscriptions) {
            entries_.emplace(id, std::move(*loaded));
        } else {
            problem = "busy";
        }
    }
    wake_.notify_all();
    return problem.empty() ? core::Status{} : SetStatus(id, "error", problem);
}

core::Status
Engine::SetStatus(const std::string& id, const std::string& status, const std::string& error) {
    records::Change change;
    change.kind = records::Change::Kind::kPatch;
    change.type = "Subscription";
    change.id = id;
    change.patch = [&](core::JsonNode current) -> core::Result<std::string> {
        std::string text;
        core::JsonWriter writer(text);
        writer.BeginObject();
        for (core::JsonNode member = current.first(); member; member = member.next()) {
            if (member.key() != "status" && member.key() != "error") {
                writer.Key(member.key()).Node(member);
            }
        }
        writer.Field("status", status);
        if (!error.empty()) {
            writer.Field("error", error);
        }
        writer.EndObject();
        return text;
    };
    KQ_TRY(services_.records.Apply(search::Restriction::System(), change));
    return {};
}

core::Status Engine::Own(std::string_view id, std::string_view owner) {
    KQ_TRY(services_.records.store().Write([&](store::Writer& writer) {
        return SetOwner(writer, id, owner);
    }));
    return Reload(std::string(id));
}

void Engine::FollowFeed() {
    store::Position position = feed_position_;
    while (true) {
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) {
                return;
            }
        }
        const core::Status status = TakeChanges(position);
        if (!status.ok()) {
            services_.log("subscriptions: " + status.error().Line());
            std::this_thread::sleep_for(std::chrono::milliseconds(kWaitMs));
            continue;
        }
        services_.records.store().WaitForChange(position, kWaitMs);
    }
}

// One page of the feed: numbers the events and moves the bookmark, both or neither.
core::Status Engine::TakeChanges(store::Position& position) {
    std::vector<store::Version> versions;
    {
        KQ_ASSIGN(const auto reader, services_.records.store().Read());
        KQ_ASSIGN(versions, reader->Feed(position, kFeedPage));
    }
    if (versions.empty()) {
        return {};
    }
    KQ_ASSIGN(const auto found, Match(versions));
    KQ_TRY(Keep(found, versions.back().change));
    position = versions.back().change;
    std::set<std::string> changed;
    for (const store::Version& version : versions) {
        if (version.type == "Subscription") {
            changed.insert(version.id);
        }
    }
    for (const std::string& id : changed) {
        KQ_TRY(Reload(id));
    }
    if (!found.empty()) {
        wake_.notify_all();
    }
    return {};
}

core::Result<std::vector<Engine::Found>> Engine::Match(const std::vector<store::Version>& versions
) {
    std::map<std::string, Entry> begun;
    {
        const std::lock_guard lock(mutex_);
        taken_ = versions.back().change;
        for (const auto& [id, entry] : entries_) {
            if (entry.standing.start > 0 && !entry.owner.empty()) {
                begun.emplace(id, entry);
            }
        }
    }
    std::vector<Found> found;
    if (begun.empty()) {
        return found;
    }
    KQ_ASSIGN(const auto reader, services_.records.store().Read());
    for (const store::Version& version : versions) {
        for (const auto& [id, entry] : begun) {
            KQ_ASSIGN(const bool concerned, Concerns(*reader, entry, version));
            if (concerned) {
                found.push_back(
                    {id,
                     {0,
                      version.type,
                      version.id,
                      version.version,
                      version.updated,
                      version.method}}
                );
            }
        }
    }
    return found;
}

core::Result<bool>
Engine::Concerns(store::Reader& reader, const Entry& entry, const store::Version& version) const {
    if (version.change < entry.standing.start) {
        return false;
    }
    const auto topic =
        std::find_if(services_.topics.begin(), services_.topics.end(), [&](const Topic& one) {
            return one.url == entry.channel.topic;
        });
    if (topic == services_.topics.end()) {
        return false;
    }
    KQ_ASSIGN(const auto restriction, services_.restriction(entry.owner));
    const bool deleted = version.method == store::Method::kDelete;
    for (const Trigger& trigger : topic->triggers) {
        const bool fires = deleted                                    ? trigger.on_delete
                           : version.method == store::Method::kCreate ? trigger.on_create
                                                                      : trigger.on_update;
        if (trigger.type != version.type || !fires) {
            continue;
        }
        const bool filtered = !trigger.criteria.empty() || !entry.channel.filters.empty();
        if (deleted && filtered) {
            continue;  // what is gone meets no criteria
        }
        KQ_ASSIGN(
            const bool seen,
            search::Admits(
                reader, restriction, search::Action::kRead, version.type, version.home, version.key
            )
        );
        if (!seen) {
            return false;
        }
        bool meets = true;
        const auto check = [&](const std::string& query) -> core::Status {
            auto parameters = records::QueryPairs(query);
            parameters.emplace_back("_id", version.id);
            KQ_ASSIGN(const auto search, search::Compile(version.type, parameters, restriction));
            KQ_ASSIGN(const auto page, search.Run(reader));
            meets = meets && !page.hits.empty();
            return {};
        };
        if (!trigger.criteria.empty()) {
            KQ_TRY(check(trigger.criteria));
        }
        for (const auto& [type, query] : entry.channel.filters) {
            if (type == version.type && meets) {
                KQ_TRY(check(query));
            }
        }
        if (meets) {
            return true;
        }
    }
    return false;
}

core::Status Engine::Keep(const std::vector<Found>& found, store::Position position) {
    std::map<std::string, std::int64_t> counts;
    const auto kept = services_.records.store().Write([&](store::Writer& writer) -> core::Status {
        counts.clear();
        std::map<std::string, Standing> standings;
        for (const Found& one : found) {
            auto at = standings.find(one.id);
            if (at == standings.end()) {
                KQ_ASSIGN(Standing standing, StandingOf(writer, one.id));
                at = standings.emplace(one.id, std::move(standing)).first;
            }
            KQ_TRY(AddEvent(writer, one.id, at->second, one.event));
        }
        for (const auto& [id, standing] : standings) {
            KQ_TRY(SetStanding(writer, id, standing));
            counts[id] = standing.events;
        }
        return SetFeedPosition(writer, position);
    });
    KQ_TRY(kept);
    const std::lock_guard lock(mutex_);
    for (const auto& [id, events] : counts) {
        const auto known = entries_.find(id);
        if (known != entries_.end()) {
            known->second.standing.events = events;
        }
    }
    return {};
}

core::Result<Engine::Entry> Engine::Snapshot(std::string_view id) const {
    const std::lock_guard lock(mutex_);
    const auto known = entries_.find(id);
    if (known == entries_.end()) {
        return MakeError(ErrorCode::kNotFound, "Subscription/" + std::string(id));
    }
    return known->second;
}

core::Result<std::string> Engine::Status(std::string_view id, std::string_view base) {
    KQ_ASSIGN(const Entry entry, Snapshot(id));
    return NoticeBundle(
        services_.records,
        search::Restriction(),
        {"query-status", entry.channel, entry.standing, base, Content::kEmpty, {}},
        services_.clock.Now()
    );
}

core::Result<std::string> Engine::Events(
    const search::Restriction& restriction,
    std::string_view id,
    std::int64_t from,
    std::int64_t to,
    std::optional<Content> content,
    std::string_view base
) {
    KQ_ASSIGN(const Entry entry, Snapshot(id));
    const std::int64_t last = std::min(to, entry.standing.events);
    const std::int64_t first = std::max<std::int64_t>({1, from, last - kKeptEvents});
    std::vector<Event> events;
    {
        KQ_ASSIGN(const auto reader, services_.records.store().Read());
        KQ_ASSIGN(
            events, EventsOf(*reader, id, first, last, static_cast<std::size_t>(kKeptEvents))
        );
    }
    return NoticeBundle(
        services_.records,
        restriction,
        {"query-event",
         entry.channel,
         entry.standing,
         base,
         content.value_or(entry.channel.content),
         std::move(events)},
        services_.clock.Now()
    );
}

}  // namespace kangqu::subscription
