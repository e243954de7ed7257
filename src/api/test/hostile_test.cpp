#include "support.hpp"

#include <gtest/gtest.h>

namespace kangqu::api::testing {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kHost = "Host: localhost\r\n";

std::string Status(const std::string& answer) {
    return answer.substr(0, 12);
}

class Hostile : public ::testing::Test {
protected:
    void SetUp() override {
        test_.options.limits.header_ms = 300;
        test_.options.limits.idle_ms = 400;
        test_.options.limits.silence_ms = 300;
        Route small = Open(Method::kPost, "/api/small", "small", [](const Request& request) {
            return core::Result<Response>(
                Response::Text(std::to_string(request.body.size()), "text/plain")
            );
        });
        small.body_limit = 1000;
        small.request = {{"*/*", Schema::Any()}};
        test_.registry.Add(std::move(small));
        Route guarded = Open(Method::kPost, "/api/guarded", "guarded", [](const Request&) {
            return core::Result<Response>(Response::NoContent());
        });
        guarded.needs = Needs::kSession;
        guarded.request = {{"*/*", Schema::Any()}};
        test_.registry.Add(std::move(guarded));
        test_.Start();
    }
    std::string Exchange(std::string_view bytes) const {
        const RawSocket socket(test_.port());
        socket.Send(bytes);
        return socket.ReadAll();
    }
    TestServer test_;
};

TEST_F(Hostile, HeaderBeyondItsLimit) {
    const std::string fits = "GET /api/hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX: " +
                             std::string(15'000, 'x') + "\r\n\r\n";
    EXPECT_EQ(Status(Exchange(fits)), "HTTP/1.1 200");
    const std::string large =
        "GET /api/hello HTTP/1.1\r\nHost: a\r\nX: " + std::string(17'000, 'x') + "\r\n\r\n";
    EXPECT_EQ(Status(Exchange(large)), "HTTP/1.1 431");
    const std::string endless = "GET /" + std::string(200'000, 'a');
    EXPECT_EQ(Status(Exchange(endless)), "HTTP/1.1 431");
    std::string many = "GET /api/hello HTTP/1.1\r\nHost: a\r\n";
    for (int index = 0; index < 5000; ++index) {
        many += "a: b\r\n";
    }
    EXPECT_EQ(Status(Exchange(many + "\r\n")), "HTTP/1.1 431");
}

TEST_F(Hostile, MalformedRequests) {
    using namespace std::string_literals;
    const std::vector<std::string> requests = {
        "hello\r\n\r\n",
        "GET\r\n\r\n",
        "GET /api/hello HTTP/9.9\r\nHost: a\r\n\r\n",
        "GET /api/hello HTTP/1.1\r\nHost a\r\n\r\n",
        "GET /api/hello HTTP/1.1\r\nHost: a\r\nX\0Y: 1\r\n\r\n"s,
        "GET /api/hello HTTP/1.1\r\nHost: a\r\nX: 1\0 2\r\n\r\n"s,
        "GET /api/\0hello HTTP/1.1\r\nHost: a\r\n\r\n"s,
        "GET /api/%00hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /api/%zz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /api/%4 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /api/%ff%fe HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /api/hello?a=%c0%80 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET ftp://a/b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /api/hello HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET /api/hello HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
        "POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\n",
        "POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: "
        "chunked\r\n\r\n0\r\n\r\n",
        "POST /api/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "POST /api/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n",
        "POST /api/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcdef\r\n",
        "POST /api/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
        "chunked\r\n\r\nffffffffffffffffff\r\nabc\r\n",
    };
    for (const std::string& request : requests) {
        EXPECT_EQ(Status(Exchange(request)), "HTTP/1.1 400") << request;
    }
    EXPECT_EQ(test_.NewClient()->Get("/healthz").value().status, 200);
}

TEST_F(Hostile, ChunkedBodiesAreReadAndBounded) {
    const std::string head =
        "POST /api/small HTTP/1.1\r\nHost: a\r\nConnection: "
        "close\r\nTransfer-Encoding: chunked\r\n\r\n";
    const std::string good = Exchange(head + "3\r\nabc\r\n4;ext=1\r\ndefg\r\n0\r\nX-T: 1\r\n\r\n");
    EXPECT_EQ(good.substr(good.size() - 1), "7");
    EXPECT_EQ(Status(Exchange(head + "3e9\r\n" + std::string(1001, 'a'))), "HTTP/1.1 413");
    std::string drip = head;
    for (int index = 0; index < 1001; ++index) {
        drip += "1\r\na\r\n";
    }
    EXPECT_EQ(Status(Exchange(drip + "0\r\n\r\n")), "HTTP/1.1 413");
    const std::string extension = head + "1;" + std::string(200'000, 'e');
    EXPECT_NE(Status(Exchange(extension)), "HTTP/1.1 200");
}

TEST_F(Hostile, BodyBeyondTheRoutesLimitIsRefusedUnread) {
    const RawSocket socket(test_.port());
    socket.Send("POST /api/small HTTP/1.1\r\nHost: a\r\nContent-Length: 1001\r\n\r\n");
    const std::string answer = socket.ReadAll();
    EXPECT_EQ(Status(answer), "HTTP/1.1 413");
    EXPECT_NE(answer.find("Connection: close"), std::string::npos);
    const std::string huge =
        Exchange("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999\r\n\r\n");
    EXPECT_EQ(Status(huge), "HTTP/1.1 413");
}

TEST_F(Hostile, NoCredentialsNoBody) {
    const std::string answer =
        Exchange("POST /api/guarded HTTP/1.1\r\nHost: a\r\nContent-Length: 60000000\r\n\r\n");
    EXPECT_EQ(Status(answer), "HTTP/1.1 401");
    EXPECT_NE(answer.find("WWW-Authenticate: Test"), std::string::npos);
}

TEST_F(Hostile, SlowHeadersSilentBodiesAndIdleConnectionsEnd) {
    const auto start = Clock::now();
    const RawSocket slow(test_.port());
    std::string sent = "GET /api/hello HTTP/1.1\r\n";
    while (slow.Send(sent) && Clock::now() - start < 5s) {
        sent = "X: y\r\n";
        std::this_thread::sleep_for(50ms);
    }
    EXPECT_LT(Clock::now() - start, 3s);

    const RawSocket silent(test_.port());
    silent.Send("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nab");
    EXPECT_EQ(silent.ReadAll(), "");

    const RawSocket idle(test_.port());
    EXPECT_EQ(idle.ReadAll(), "");
    EXPECT_LT(Clock::now() - start, 6s);
}

TEST_F(Hostile, DrippedBodyEnds) {
    const auto start = Clock::now();
    const RawSocket drip(test_.port());
    drip.Send("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");
    while (drip.Send("a") && Clock::now() - start < 5s) {
        std::this_thread::sleep_for(20ms);
    }
    EXPECT_LT(Clock::now() - start, 3s);
}

TEST_F(Hostile, ExpectContinueIsAnsweredBeforeTheBody) {
    const RawSocket socket(test_.port());
    socket.Send(
        "POST /api/small HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: "
        "100-continue\r\nConnection: close\r\n\r\n"
    );
    EXPECT_EQ(Status(socket.ReadUntil("\r\n\r\n")), "HTTP/1.1 100");
    socket.Send("abc");
    EXPECT_EQ(Status(socket.ReadAll()), "HTTP/1.1 200");
    // A body that will not be taken is not asked for.
    const RawSocket large(test_.port());
    large.Send(
        "POST /api/small HTTP/1.1\r\nHost: a\r\nContent-Length: 3000\r\nExpect: "
        "100-continue\r\n\r\n"
    );
    EXPECT_EQ(Status(large.ReadAll()), "HTTP/1.1 413");
    EXPECT_EQ(
        Status(Exchange("POST /api/small HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: "
                        "tea\r\n\r\nabc")),
        "HTTP/1.1 417"
    );
}

TEST_F(Hostile, BodiesTogetherAreBounded) {
    TestServer tight;
    tight.options.limits.body_memory = 10'000;
    tight.Start();
    const RawSocket holder(tight.port());
    holder.Send(
        "POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\nExpect: "
        "100-continue\r\n\r\n"
    );
    ASSERT_EQ(Status(holder.ReadUntil("\r\n\r\n")), "HTTP/1.1 100");  // now it has its share
    const RawSocket second(tight.port());
    second.Send("POST /api/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n");
    EXPECT_EQ(Status(second.ReadAll()), "HTTP/1.1 503");
    holder.Send(std::string(9000, 'y'));
    EXPECT_NE(holder.ReadUntil("yyyy").find("200"), std::string::npos);
    EXPECT_EQ(
        tight.NewClient()->Post("/api/echo", "text/plain", std::string(5000, 'a')).value().status,
        200
    );
}

TEST_F(Hostile, OldVersionAndAbsoluteForm) {
    const std::string old = Exchange("GET /api/hello HTTP/1.0\r\nHost: a\r\n\r\n");
    EXPECT_EQ(Status(old), "HTTP/1.0 200");
    EXPECT_EQ(
        Status(Exchange(
            "GET http://a/api/hello HTTP/1.1\r\n" + std::string(kHost) + "Connection: close\r\n\r\n"
        )),
        "HTTP/1.1 200"
    );
}

TEST_F(Hostile, GarbageNeverStopsTheServer) {
    for (int seed = 0; seed < 200; ++seed) {
        std::string bytes(static_cast<std::size_t>(1 + seed * 7), '\0');
        core::FillRandom(bytes.data(), bytes.size());
        const RawSocket socket(test_.port());
        socket.Send(bytes);
    }
    EXPECT_EQ(test_.NewClient()->Get("/healthz").value().status, 200);
}

}  // namespace
}  // namespace kangqu::api::testing
