#include "postgres/connection.hpp"
#include "store_fixture.hpp"
#include <atomic>
#include <cstdlib>
#include <thread>

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

namespace kangqu::store {
namespace {

using postgres::Connection;
using postgres::Params;

class PostgresTest : public StoreTest {
protected:
    void SetUp() override {
        if (!TestsUsePostgres()) {
            GTEST_SKIP() << "runs as postgres.store, with a server";
        }
        StoreTest::SetUp();
    }
    // A session beside the store's own, in the same schema.
    std::unique_ptr<Connection> Beside() {
        auto opened = Connection::Open(database_, {});
        EXPECT_TRUE(opened.ok()) << opened.error().Line();
        return std::move(opened).value();
    }
    // Ends every other session of this schema's programs, as a restart of the server would.
    void EndSessions() {
        const auto done = Beside()->Execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'kangqu' AND pid <> pg_backend_pid()"
        );
        EXPECT_TRUE(done.ok()) << done.error().Line();
    }
};

TEST_F(PostgresTest, ValuesComeThroughTheWire) {
    const auto connection = Beside();
    const auto rows = connection->Run(
        "SELECT ?, ?, ?, ?, ?, true, 7::int2, -7::int4, 1.5::float4, 12345678901.75::numeric,"
        " -10000::numeric, NULL::text",
        Params()
            .Add(std::int64_t{-5})
            .Add(2.5)
            .Add(std::string_view("a\0b", 3))
            .AddBytes(std::string_view("\0\xFF", 2))
            .AddNull()
    );
    ASSERT_TRUE(rows.ok()) << rows.error().Line();
    EXPECT_EQ(rows->Integer(0, 0), -5);
    EXPECT_EQ(rows->Real(0, 1), 2.5);
    EXPECT_EQ(
        rows->Bytes(0, 2),
        "a\xEF\xBF\xBD"
        "b"
    );
    EXPECT_EQ(rows->Bytes(0, 3), std::string_view("\0\xFF", 2));
    EXPECT_TRUE(rows->IsNull(0, 4));
    EXPECT_EQ(std::get<std::int64_t>(rows->Value(0, 5)), 1);
    EXPECT_EQ(rows->Integer(0, 6), 7);
    EXPECT_EQ(rows->Integer(0, 7), -7);
    EXPECT_EQ(std::get<double>(rows->Value(0, 8)), 1.5);
    EXPECT_EQ(rows->Integer(0, 9), 12'345'678'901);
    EXPECT_EQ(rows->Integer(0, 10), -10'000);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(rows->Value(0, 11)));
}

TEST_F(PostgresTest, QuestionMarksBecomeNumbers) {
    EXPECT_EQ(
        postgres::WithDollars("a = ? AND b = '?' AND \"?\" = ?"),
        "a = $1 AND b = '?' AND \"?\" = $2"
    );
    EXPECT_EQ(postgres::WithDollars("a = ?2 OR b = ?1"), "a = $2 OR b = $1");
}

TEST_F(PostgresTest, ASecondProgramIsRefused) {
    const TestFolder other;
    const auto second = Store::Open(TestOptions(other.path(), clock_, database_));
    ASSERT_FALSE(second.ok());
    EXPECT_EQ(second.error().code, core::ErrorCode::kStoreTakenOver);
    EXPECT_NE(second.error().Line().find("postgresql://"), std::string::npos);
}

TEST_F(PostgresTest, ANewerSchemaIsRefused) {
    ASSERT_TRUE(Beside()->Execute("INSERT INTO schema_version VALUES (99)").ok());
    store_.reset();
    const auto opened = Store::Open(TestOptions(folder_.path(), clock_, database_));
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, core::ErrorCode::kStoreTooNew);
}

TEST_F(PostgresTest, NobodyThereIsSaidClearly) {
    const auto opened = Store::Open(
        TestOptions(folder_.path() + "/x", clock_, "postgresql://u:secret@127.0.0.1:9/none")
    );
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().code, core::ErrorCode::kStoreUnavailable);
    EXPECT_EQ(opened.error().Line().find("secret"), std::string::npos);
}

TEST_F(PostgresTest, GoesOnAfterItsSessionsWereEnded) {
    Put("Patient", "a", "1", {Token(1, 2)});
    { EXPECT_EQ(Read()->position(), 1); }
    EndSessions();
    EXPECT_EQ(Body("Patient", "a"), "1");
    // The first write may find the session dead, the next one finds a new session.
    const auto work = [](Writer& writer) -> core::Status {
        KQ_TRY(PutOne(writer, "Patient", "a", "2", {Token(1, 3)}));
        return {};
    };
    const auto first = store_->Write(work);
    if (!first.ok()) {
        EXPECT_EQ(first.error().code, core::ErrorCode::kStoreUnavailable);
        ASSERT_TRUE(store_->Write(work).ok());
    }
    EXPECT_EQ(Body("Patient", "a"), "2");
    ExpectSound();
}

TEST_F(PostgresTest, ASessionThatEndsInsideAUnitKeepsNothingOfIt) {
    Put("Patient", "a", "1");
    const auto cut = store_->Write([&](Writer& writer) -> core::Status {
        KQ_TRY(PutOne(writer, "Patient", "b", "1"));
        KQ_TRY(writer.Query("SELECT 1", {}, [](auto) { return true; }));
        EndSessions();
        KQ_TRY(PutOne(writer, "Patient", "c", "1"));
        return writer.Query("SELECT 1", {}, [](auto) { return true; });
    });
    ASSERT_FALSE(cut.ok());
    EXPECT_EQ(cut.error().code, core::ErrorCode::kStoreUnavailable);
    EXPECT_EQ(Put("Patient", "d", "1"), 2);
    EXPECT_EQ(Body("Patient", "b"), "(none)");
    EXPECT_EQ(Body("Patient", "d"), "1");
    ExpectSound();
}

TEST_F(PostgresTest, WhoeverLostTheRightToWriteCannotEndAGroup) {
    Put("Patient", "a", "1");
    ASSERT_TRUE(Beside()->Execute("UPDATE writer SET epoch = epoch + 1").ok());
    const auto fenced = store_->Write([](Writer& writer) -> core::Status {
        KQ_TRY(PutOne(writer, "Patient", "a", "2"));
        return {};
    });
    ASSERT_FALSE(fenced.ok());
    EXPECT_EQ(fenced.error().code, core::ErrorCode::kStoreTakenOver);
    EXPECT_EQ(Body("Patient", "a"), "1");
    // Nobody holds the lock, so the right is taken anew.
    EXPECT_EQ(Put("Patient", "a", "3"), 2);
    ExpectSound();
}

// Stands between the store and the server; when told, it lets a COMMIT through and then cuts the
// line before the answer comes back.
class CuttingProxy {
public:
    explicit CuttingProxy(const std::string& folder) : folder_(folder) {
        listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        socklen_t size = sizeof address;
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
        port_ = ntohs(address.sin_port);
        ::listen(listener_, 16);
        accepting_ = std::thread([this] { Accept(); });
    }
    ~CuttingProxy() {
        ::shutdown(listener_, SHUT_RDWR);
        accepting_.join();
        for (std::thread& one : lines_) {
            one.join();
        }
        ::close(listener_);
    }
    int port() const { return port_; }
    std::atomic<bool> cut_next_commit = false;

private:
    void Accept() {
        for (;;) {
            const int client = ::accept(listener_, nullptr, nullptr);
            if (client < 0) {
                return;
            }
            lines_.emplace_back([this, client] { Forward(client); });
        }
    }
    void Forward(int client) {
        const int server = ::socket(AF_UNIX, SOCK_STREAM, 0);
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        const std::string path = folder_ + "/.s.PGSQL.5432";
        path.copy(address.sun_path, sizeof address.sun_path - 1);
        EXPECT_EQ(::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        bool cutting = false;
        for (;;) {
            pollfd both[2] = {{client, POLLIN, 0}, {server, POLLIN, 0}};
            ::poll(both, 2, -1);
            const bool from_client = both[0].revents != 0;
            char bytes[65536];
            const auto got = ::read(from_client ? client : server, bytes, sizeof bytes);
            if (got <= 0 || (cutting && !from_client)) {
                break;
            }
            const std::string_view text(bytes, static_cast<std::size_t>(got));
            if (from_client && text.find("COMMIT") != text.npos &&
                cut_next_commit.exchange(false)) {
                cutting = true;
            }
            if (::write(from_client ? server : client, bytes, static_cast<std::size_t>(got)) !=
                got) {
                break;
            }
        }
        ::close(client);
        ::close(server);
    }

    std::string folder_;
    int listener_ = -1;
    int port_ = 0;
    std::thread accepting_;
    std::vector<std::thread> lines_;
};

TEST_F(PostgresTest, ACommitWhoseAnswerWasLostIsLookedUp) {
    const char* const server = std::getenv("KANGQU_TEST_SERVER");  // NOLINT(concurrency-mt-unsafe)
    ASSERT_NE(server, nullptr);
    CuttingProxy proxy(server);
    const std::string schema = database_.substr(database_.find("options="));
    const std::string url = "postgresql://kangqu@127.0.0.1:" + std::to_string(proxy.port()) +
                            "/postgres?sslmode=disable&gssencmode=disable&" + schema;
    store_.reset();
    auto opened = Store::Open(TestOptions(folder_.path(), clock_, url));
    ASSERT_TRUE(opened.ok()) << opened.error().Line();
    store_ = std::move(opened).value();
    EXPECT_EQ(Put("Patient", "a", "1"), 1);
    proxy.cut_next_commit = true;
    EXPECT_EQ(Put("Patient", "b", "1"), 2) << "committed, and told so";
    EXPECT_FALSE(proxy.cut_next_commit);
    EXPECT_EQ(Put("Patient", "c", "1"), 3);
    EXPECT_EQ(Body("Patient", "b"), "1");
    ExpectSound();
    store_.reset();
}

TEST_F(StoreTest, AQuestionThatTakesTooLongIsStopped) {
    store_.reset();
    StoreOptions options = TestOptions(folder_.path(), clock_, database_);
    options.statement_ms = 50;
    auto opened = Store::Open(std::move(options));
    ASSERT_TRUE(opened.ok());
    store_ = std::move(opened).value();
    const auto reader = Read();
    const auto done = reader->Query(
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000000000)"
        " SELECT count(*) FROM n",
        {},
        [](auto) { return true; }
    );
    ASSERT_FALSE(done.ok());
    EXPECT_EQ(done.error().code, core::ErrorCode::kTimeout);
    EXPECT_EQ(done.error().args.at(0), "50");
    // The store goes on.
    Put("Patient", "a", "1");
    EXPECT_EQ(Body("Patient", "a"), "1");
}

}  // namespace
}  // namespace kangqu::store
