#pragma once

#include "kangqu/records/records.hpp"
#include "kangqu/subscription/channel.hpp"
#include "kangqu/subscription/ledger.hpp"
#include "kangqu/subscription/topic.hpp"

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace kangqu::subscription {

// A failed send is repeated after one second, twice as long each time up to the longest pause;
// after this many in a row the subscription is in error.
constexpr std::int64_t kFirstPauseMs = 1'000;
constexpr std::int64_t kLongestPauseMs = 300'000;
constexpr std::int64_t kMaxFailures = 10;
// Subscriptions served at one time.
constexpr std::size_t kMaxSubscriptions = 10'000;

// One notification on its way out.
struct Delivery {
    std::string endpoint;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::int64_t timeout_s = 10;
};

// Tells subscribers what happens. Thread-safe.
class Engine {
public:
    struct Services {
        records::Records& records;
        const core::Clock& clock;
        std::vector<Topic> topics;
        // What a subscription's owner may see at this moment.
        std::function<core::Result<search::Restriction>(const std::string& owner)> restriction;
        // Sends and gives the HTTP status of the answer; an error where there was none.
        std::function<core::Result<int>(const Delivery&)> send;
        // The FHIR base in what is sent.
        std::function<std::string()> base;
        std::function<void(std::string_view)> log;
        // Between a failed send and the next; tests make it short.
        std::int64_t first_pause_ms = kFirstPauseMs;
    };
    explicit Engine(Services services);
    // Stops.
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    // Takes up where the last run ended.
    core::Status Start();
    // Returns when what is being sent is sent.
    void Stop();

    const std::vector<Topic>& topics() const noexcept { return services_.topics; }
    // Keeps who wrote a Subscription: it is told what that owner may see. Without an owner it stays
    // silent.
    core::Status Own(std::string_view id, std::string_view owner);

    // $status and $events of a Subscription its reader may see: the caller has checked that, and
    // passes what that reader may see of the events.
    core::Result<std::string> Status(std::string_view id, std::string_view base);
    core::Result<std::string> Events(
        const search::Restriction& restriction,
        std::string_view id,
        std::int64_t from,
        std::int64_t to,
        std::optional<Content> content,
        std::string_view base
    );

private:
    // One subscription as the threads see it.
    struct Entry {
        Channel channel;
        Standing standing;
        std::string owner;
        bool busy = false;  // one thread at a time sends for it
    };
    struct Found {
        std::string id;
        Event event;
    };

    void FollowFeed();
    core::Status TakeChanges(store::Position& position);
    core::Result<std::vector<Found>> Match(const std::vector<store::Version>& versions);
    core::Result<bool>
    Concerns(store::Reader& reader, const Entry& entry, const store::Version& version) const;
    core::Status Keep(const std::vector<Found>& found, store::Position position);
    core::Status Reload(const std::string& id);
    core::Status LoadAll();
    core::Status OpenFeed();

    void Deliver();
    std::string NextDue(core::InstantMs now);
    void Serve(const std::string& id);
    core::Status Handshake(Entry& entry);
    core::Status BeginEvents(Entry& entry);
    core::Status Notify(Entry& entry, std::string_view kind, std::vector<Event> events);
    core::Status SendPending(Entry& entry);
    core::Status Settle(const std::string& id, Entry entry, const core::Status& outcome);
    core::Status
    SetStatus(const std::string& id, const std::string& status, const std::string& error);
    core::Result<Entry> Snapshot(std::string_view id) const;

    Services services_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::map<std::string, Entry, std::less<>> entries_;
    bool stopping_ = false;
    store::Position feed_position_ = 0;  // of the start
    // The last change the feed's thread has taken in hand, with the subscriptions begun by then.
    store::Position taken_ = 0;
    std::thread feed_;
    std::vector<std::thread> senders_;
};

}  // namespace kangqu::subscription
