#include "kangqu/core/json.hpp"

#include "support.hpp"
#include <condition_variable>
#include <future>
#include <mutex>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace kangqu::api::testing {
namespace {

// A handler that holds its worker until the test lets go.
class Valve {
public:
    void Enter() {
        std::unique_lock lock(mutex_);
        ++inside_;
        changed_.notify_all();
        changed_.wait(lock, [this] { return open_; });
    }
    void WaitInside(int count) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return inside_ >= count; });
    }
    void Release() {
        const std::lock_guard lock(mutex_);
        open_ = true;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int inside_ = 0;
    bool open_ = false;
};

TEST(Server, AnswersOnTcpAndUnixSocketWithThePeerKind) {
    const TempFolder folder;
    TestServer test;
    test.options.socket_path = folder / "kangqu.sock";
    test.registry.Add(Open(Method::kGet, "/api/peer", "peer", [](const Request& request) {
        const char* kind = request.peer == Peer::kUnix ? "unix " : "tcp ";
        return core::Result<Response>(Response::Text(kind + request.remote, "text/plain"));
    }));
    test.Start();
    EXPECT_EQ(test.NewClient()->Get("/api/peer").value().body, "tcp 127.0.0.1");
    const auto local = Client::ForSocket(test.options.socket_path);
    EXPECT_EQ(local->Get("/api/peer").value().body, "unix ");
    struct stat facts {};
    ASSERT_EQ(::stat(test.options.socket_path.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 0777U, 0600U);
    test.server->Stop();
    EXPECT_NE(::stat(test.options.socket_path.c_str(), &facts), 0);
}

TEST(Server, RefusesAPortOrSocketInUseAndReplacesAStaleSocket) {
    const TempFolder folder;
    TestServer first;
    first.options.socket_path = folder / "kangqu.sock";
    first.Start();
    ServerOptions same_port;
    same_port.listen = {"127.0.0.1:" + std::to_string(first.port())};
    EXPECT_EQ(
        Server::Start(same_port, *first.dispatcher).error().code, core::ErrorCode::kListenFailed
    );
    ServerOptions same_socket;
    same_socket.socket_path = first.options.socket_path;
    EXPECT_EQ(
        Server::Start(same_socket, *first.dispatcher).error().code, core::ErrorCode::kListenFailed
    );

    const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string stale = folder / "stale.sock";
    std::copy(stale.begin(), stale.end(), address.sun_path);
    ASSERT_EQ(::bind(left, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    ::close(left);
    ServerOptions over_stale;
    over_stale.socket_path = stale;
    EXPECT_TRUE(Server::Start(over_stale, *first.dispatcher).ok());
}

TEST(Server, ReadsListenAddresses) {
    EXPECT_TRUE(ParseListen("127.0.0.1:8080").value().loopback);
    EXPECT_EQ(ParseListen("[::1]:8080").value().host, "::1");
    EXPECT_TRUE(ParseListen("[::1]:8080").value().loopback);
    EXPECT_EQ(ParseListen("localhost:1").value().host, "127.0.0.1");
    EXPECT_FALSE(ParseListen("0.0.0.0:80").value().loopback);
    for (const char* bad : {"8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "host:1", ":1"}) {
        EXPECT_FALSE(ParseListen(bad).ok()) << bad;
    }
}

TEST(Server, KeepsConnectionsAndServesManyAtOnce) {
    TestServer test;
    test.Start();
    constexpr int kClients = 16;
    constexpr int kRequests = 100;
    std::atomic<int> good{0};
    std::vector<std::thread> threads;
    for (int client = 0; client < kClients; ++client) {
        threads.emplace_back([&test, &good, client] {
            const auto connection = test.NewClient();
            for (int index = 0; index < kRequests; ++index) {
                const std::string text = std::to_string(client * 1000 + index);
                const auto answer = connection->Post("/api/echo", "text/plain", text);
                if (answer.ok() && answer->status == 200 && answer->body == text) {
                    ++good;
                }
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(good, kClients * kRequests);
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
    TestServer test;
    test.Start();
    const RawSocket socket(test.port());
    std::string all;
    for (int index = 0; index < 20; ++index) {
        const std::string body = "body-" + std::to_string(index);
        all += "POST /api/echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
               std::to_string(body.size()) + (index == 19 ? "\r\nConnection: close" : "") +
               "\r\n\r\n" + body;
    }
    ASSERT_TRUE(socket.Send(all));
    const std::string answers = socket.ReadAll();
    std::size_t at = 0;
    for (int index = 0; index < 20; ++index) {
        const std::size_t found = answers.find("body-" + std::to_string(index), at);
        ASSERT_NE(found, std::string::npos) << index << "\n" << answers;
        at = found;
    }
}

TEST(Server, FullQueueIsBusyWithRetryAfter) {
    Valve valve;
    TestServer test;
    test.options.pools = {{{1, 1}, {1, 1}, {1, 1}, {1, 1}}};
    test.registry.Add(Open(Method::kGet, "/api/wait", "wait", [&valve](const Request&) {
        valve.Enter();
        return core::Result<Response>(Response::Text("done", "text/plain"));
    }));
    test.Start();
    const auto ask = [&test] {
        return test.NewClient()->Get("/api/wait").value().status;
    };
    auto running = std::async(std::launch::async, ask);
    valve.WaitInside(1);
    // Whoever comes second waits in the queue of one; everybody else is turned away.
    auto queued = std::async(std::launch::async, [&ask] {
        int status = ask();
        while (status == 503) {
            status = ask();
        }
        return status;
    });
    Response busy;
    for (int attempt = 0; attempt < 100 && busy.status != 503; ++attempt) {
        const auto socket = Client::ForTcp("127.0.0.1", test.port(), 200);
        const auto answer = socket->Get("/api/wait");
        busy = answer.ok() ? answer.value() : Response{};
    }
    EXPECT_EQ(busy.status, 503);
    EXPECT_NE(busy.Find("retry-after"), nullptr);
    // Other classes and the health check are not held up.
    EXPECT_EQ(test.NewClient()->Get("/healthz").value().status, 200);
    EXPECT_EQ(test.NewClient()->Post("/api/echo", "text/plain", "x").value().status, 200);
    valve.Release();
    EXPECT_EQ(running.get(), 200);
    EXPECT_EQ(queued.get(), 200);
}

TEST(Server, DrainsRunningRequestsAndTakesNoNewOnes) {
    Valve valve;
    TestServer test;
    test.registry.Add(Open(Method::kGet, "/api/wait", "wait", [&valve](const Request&) {
        valve.Enter();
        return core::Result<Response>(Response::Text("done", "text/plain"));
    }));
    test.Start();
    const std::uint16_t port = test.port();
    const RawSocket idle(port);
    auto running = std::async(std::launch::async, [port] {
        return Client::ForTcp("127.0.0.1", port)->Get("/api/wait").value();
    });
    valve.WaitInside(1);
    auto stopped = std::async(std::launch::async, [&test] { test.server->Stop(); });
    EXPECT_EQ(idle.ReadAll(), "");  // closed although a request is running
    EXPECT_EQ(stopped.wait_for(100ms), std::future_status::timeout);
    EXPECT_FALSE(RawSocket(port).connected());
    valve.Release();
    const Response answer = running.get();
    EXPECT_EQ(answer.body, "done");
    EXPECT_EQ(*answer.Find("connection"), "close");
    stopped.get();
    EXPECT_EQ(test.server->connections(), 0);
}

TEST(Server, BreaksOffWhatOutlastsTheDrain) {
    std::atomic<bool> inside{false};
    TestServer test;
    test.options.limits.drain_ms = 100;
    test.registry.Add(Open(Method::kGet, "/api/long", "long", [&](const Request& request) {
        inside = true;
        core::Status status;
        while (status.ok()) {
            std::this_thread::sleep_for(1ms);
            status = request.CheckTime();
        }
        return core::Result<Response>(status.error());
    }));
    test.Start();
    const RawSocket socket(test.port());
    ASSERT_TRUE(socket.Send("GET /api/long HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    while (!inside) {
        std::this_thread::sleep_for(1ms);
    }
    test.server->Stop();
    EXPECT_EQ(test.server->connections(), 0);
}

TEST(Server, DeadlineIsMeasuredFromTheRequestNotFromTheWorker) {
    TestServer test;
    Route route = Open(Method::kGet, "/api/slow", "slow", [](const Request& request) {
        std::this_thread::sleep_for(50ms);
        const auto status = request.CheckTime();
        return status.ok() ? core::Result<Response>(Response::NoContent())
                           : core::Result<Response>(status.error());
    });
    route.deadline_ms = 20;
    test.registry.Add(std::move(route));
    test.Start();
    const Response answer = test.NewClient()->Get("/api/slow").value();
    EXPECT_EQ(answer.status, 503);
    EXPECT_NE(answer.body.find("urn:kangqu:error:timeout"), std::string::npos);
    EXPECT_NE(answer.body.find("20"), std::string::npos);
}

TEST(Server, OneTooManyConnectionsIsTurnedAwayButNotTheOperator) {
    const TempFolder folder;
    TestServer test;
    test.options.limits.connections = 3;
    test.options.socket_path = folder / "s";
    test.Start();
    const RawSocket one(test.port());
    const RawSocket two(test.port());
    const auto client = test.NewClient();
    ASSERT_EQ(client->Get("/healthz").value().status, 200);
    const RawSocket extra(test.port());
    const std::string answer = extra.ReadAll();
    EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 503");
    EXPECT_NE(answer.find("Retry-After"), std::string::npos);
    EXPECT_EQ(client->Get("/healthz").value().status, 200);
    EXPECT_EQ(Client::ForSocket(folder / "s")->Get("/healthz").value().status, 200);
}

TEST(Server, CountsRequestsByRouteAndStatus) {
    TestServer test;
    test.Start();
    const auto client = test.NewClient();
    client->Get("/api/hello").value();
    client->Get("/api/hello").value();
    client->Get("/api/nowhere").value();
    MetricsText text;
    test.metrics.WriteTo(text);
    EXPECT_NE(
        text.text().find(
            R"(kangqu_http_requests_total{route="/api/hello",method="GET",status="200"} 2)"
        ),
        std::string::npos
    ) << text.text();
    EXPECT_NE(text.text().find(R"(route="none",method="",status="404"} 1)"), std::string::npos);
    EXPECT_NE(
        text.text().find(R"(kangqu_http_request_seconds_count{route="/api/hello",method="GET"} 2)"),
        std::string::npos
    );
}

}  // namespace
}  // namespace kangqu::api::testing
