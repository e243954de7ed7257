#pragma once

#include "kangqu/api/server.hpp"

#include "work_pools.hpp"
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_set>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>

namespace kangqu::api {

class Connection;

// What all connections of a server share. Outlives them all.
struct Shared {
    Shared(const Dispatcher& the_dispatcher, const Limits& the_limits, WorkPools& the_pools)
        : dispatcher(the_dispatcher), limits(the_limits), pools(the_pools) {}
    const Dispatcher& dispatcher;
    const Limits limits;
    WorkPools& pools;
    std::atomic<std::size_t> body_memory{0};
    std::atomic<bool> draining{false};  // answer what was asked, then close
    std::atomic<bool> stopping{false};  // give up

    void Opened(Peer peer);
    void Closed(Peer peer);
    // Waits until no connection is left or the time is over.
    bool WaitUntilClosed(int timeout_ms);
    int Open() const;
    int OpenTcp() const;

private:
    mutable std::mutex mutex_;
    std::condition_variable none_left_;
    int open_ = 0;
    int open_tcp_ = 0;
};

// One event loop with the thread that runs it. Its connections are touched by that thread only, so
// nothing here needs a strand or a lock.
struct Loop {
    std::unordered_set<Connection*> connections;  // outlives the context and what it still holds
    boost::asio::io_context context{1};
    std::thread thread;
};

using StreamSocket = boost::asio::basic_stream_socket<
    boost::asio::generic::stream_protocol,
    boost::asio::io_context::executor_type>;

// Takes over an accepted socket of `loop`, already counted by Shared::Opened. Called on the loop's
// thread.
void StartConnection(
    StreamSocket socket,
    Loop& loop,
    Shared& shared,
    Peer peer,
    std::string remote
);
// On the loop's thread: closes idle connections, marks the others to close after their answer.
void DrainConnections(Loop& loop);
// On the loop's thread: breaks off every connection.
void AbortConnections(Loop& loop);

}  // namespace kangqu::api
