#pragma once

#include "kangqu/api/client.hpp"
#include "kangqu/api/server.hpp"
#include "kangqu/api/system_routes.hpp"
#include "kangqu/core/ids.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace kangqu::api::testing {

using namespace std::chrono_literals;

// A folder that goes when the test ends.
class TempFolder {
public:
    TempFolder() : path_(std::filesystem::temp_directory_path() / ("kq" + core::RandomToken(9))) {
        std::filesystem::create_directories(path_);
    }
    ~TempFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    std::string operator/(const std::string& name) const { return (path_ / name).string(); }
    std::string path() const { return path_.string(); }
    void Write(const std::string& name, std::string_view bytes) const {
        std::filesystem::create_directories((path_ / name).parent_path());
        std::ofstream(path_ / name, std::ios::binary) << bytes;
    }

private:
    std::filesystem::path path_;
};

// Knows one person, by the header "x-user: ada".
class HeaderGate final : public Gate {
public:
    core::Status Precheck(const Request& request, const Route& route) const override {
        if (route.needs == Needs::kSession && request.Header("x-user").empty()) {
            return core::MakeError(core::ErrorCode::kUnauthenticated);
        }
        return {};
    }
    core::Result<std::shared_ptr<const access::Principal>>
    Admit(const Request& request, const Route&) override {
        if (request.Header("x-user") != "ada") {
            return std::shared_ptr<const access::Principal>();
        }
        auto principal = std::make_shared<access::Principal>();
        principal->name = "ada";
        return std::shared_ptr<const access::Principal>(principal);
    }
    std::string Challenge(const Route&) const override { return "Test"; }
};

inline Route Open(Method method, std::string path, std::string id, Route::Handler handler) {
    Route route;
    route.method = method;
    route.path = std::move(path);
    route.id = std::move(id);
    route.summary = {"测试", "test"};
    route.needs = Needs::kNothing;
    route.handler = std::move(handler);
    return route;
}

// Bytes in, bytes out, no HTTP understanding.
class RawSocket {
public:
    explicit RawSocket(std::uint16_t port) : descriptor_(::socket(AF_INET, SOCK_STREAM, 0)) {
        timeval limit{};
        limit.tv_sec = 10;
        ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        connected_ =
            ::connect(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
            0;
    }
    ~RawSocket() { ::close(descriptor_); }
    RawSocket(const RawSocket&) = delete;
    RawSocket& operator=(const RawSocket&) = delete;

    bool connected() const { return connected_; }
    // False when the other side has closed.
    bool Send(std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) {
                return false;
            }
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    // Everything until the other side closes (or 10 s of silence).
    std::string ReadAll() const {
        std::string all;
        std::string more = ReadSome();
        while (!more.empty()) {
            all += more;
            more = ReadSome();
        }
        return all;
    }
    // Until `mark` has been seen.
    std::string ReadUntil(std::string_view mark) const {
        std::string all;
        while (all.find(mark) == std::string::npos) {
            const std::string more = ReadSome();
            if (more.empty()) {
                break;
            }
            all += more;
        }
        return all;
    }
    std::string ReadSome() const {
        std::string bytes(65536, '\0');
        const ssize_t got = ::recv(descriptor_, bytes.data(), bytes.size(), 0);
        bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        return bytes;
    }

private:
    int descriptor_;
    bool connected_ = false;
};

// A server on a free port with the routes a test adds before Start.
class TestServer {
public:
    TestServer() {
        options.listen = {"127.0.0.1:0"};
        options.limits.drain_ms = 3'000;
        RegisterSystemRoutes(registry, metrics, {});
        registry.Add(Open(Method::kGet, "/api/hello", "hello", [](const Request&) {
            return core::Result<Response>(Response::Json("{\"hello\":true}"));
        }));
        Route echo = Open(Method::kPost, "/api/echo", "echo", [](const Request& request) {
            return core::Result<Response>(Response::Text(request.body, "text/plain"));
        });
        echo.request = {{"*/*", Schema::Any()}};
        echo.cost = Cost::kWrite;
        registry.Add(std::move(echo));
    }
    void Start() {
        dispatcher = std::make_unique<Dispatcher>(registry, gate, metrics, dispatcher_options);
        auto started = Server::Start(options, *dispatcher);
        KQ_CHECK(started.ok(), "the test server starts");
        server = std::move(started).value();
    }
    std::uint16_t port() const { return server->port(); }
    std::unique_ptr<Client> NewClient() const { return Client::ForTcp("127.0.0.1", port()); }

    Registry registry;
    RequestMetrics metrics;
    HeaderGate gate;
    DispatcherOptions dispatcher_options;
    ServerOptions options;
    std::unique_ptr<Dispatcher> dispatcher;
    std::unique_ptr<Server> server;
};

}  // namespace kangqu::api::testing
