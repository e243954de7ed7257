#pragma once

#include "kangqu/api/dispatcher.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::api {

// Limits of the transport. A client that breaks one is answered where HTTP has an answer and
// disconnected.
struct Limits {
    // Request line and fields together. Browsers send under 4 KiB; tokens need some more.
    std::size_t header_bytes = std::size_t{16} << 10U;
    // Bodies being received at one time, all connections together.
    std::size_t body_memory = std::size_t{1} << 30U;
    // From the first byte of a request to the end of its header: ends slow-loris clients.
    int header_ms = 10'000;
    // Between two requests of one connection. Longer than the 60 s of usual proxies.
    int idle_ms = 75'000;
    // Longest silence inside a body, and the least speed of body and answer as a whole.
    int silence_ms = 15'000;
    std::size_t bytes_per_second = std::size_t{16} << 10U;
    // TCP connections at one time; the Unix socket stays open to the operator.
    int connections = 2'048;
    // How long a stop waits for running requests.
    int drain_ms = 20'000;
};

struct PoolSize {
    int threads = 1;
    std::size_t queue = 64;  // jobs that may wait; one more is refused with kBusy
};

// In the order of Cost: read, write, heavy, sign-in.
constexpr std::array<PoolSize, kCostClasses> kDefaultPools = {
    {{4, 1'024}, {4, 1'024}, {1, 32}, {1, 64}}};

struct ServerOptions {
    std::vector<std::string> listen;  // "127.0.0.1:8080", "[::1]:8080", "localhost:0"
    std::string socket_path;          // Unix socket, made with mode 0600; empty: none
    int io_threads = 2;
    Limits limits;
    std::array<PoolSize, kCostClasses> pools = kDefaultPools;
};

struct ListenAddress {
    std::string host;  // numeric address
    std::uint16_t port = 0;
    bool loopback = false;
};
// kInvalidArgument when `text` is not "address:port"; names other than localhost are not resolved.
core::Result<ListenAddress> ParseListen(std::string_view text);

// The HTTP/1.1 server. I/O threads move bytes and never run handlers (but Cost::kInline ones);
// workers run handlers and never touch a socket.
class Server {
public:
    virtual ~Server() = default;

    // Listens when it returns. kListenFailed names the address and the reason. The dispatcher
    // outlives the server.
    static core::Result<std::unique_ptr<Server>>
    Start(const ServerOptions& options, const Dispatcher& dispatcher);

    // Takes no new connection, closes idle ones, lets running requests finish for
    // Limits::drain_ms, then breaks the rest off. Returns when every thread has ended. The
    // destructor does the same. Not from a handler.
    virtual void Stop() = 0;
    // "http://127.0.0.1:8080", one for each listen address, with the ports really bound.
    virtual std::vector<std::string> addresses() const = 0;
    virtual std::uint16_t port() const = 0;  // of the first listen address
    virtual int connections() const = 0;     // open now
};

// The bytes a server would send for the bytes of one connection, without sockets or threads:
// requests one after another until the input ends or breaks. For tests and fuzzing.
std::string
ExchangeBytes(const Dispatcher& dispatcher, const Limits& limits, std::string_view input);

}  // namespace kangqu::api
