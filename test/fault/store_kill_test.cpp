#include "crash_load.hpp"
#include "rounds.hpp"
#include <csignal>
#include <random>
#include <sstream>

#include <sys/wait.h>
#include <unistd.h>

namespace kangqu::fault {
namespace {

constexpr int kWriters = 8;
// Numbers of different rounds do not meet.
constexpr int kRoundNumbers = 100'000;

class Victim {
public:
    Victim(const std::string& folder, int first) {
        int ends[2];
        EXPECT_EQ(::pipe(ends), 0);
        process_ = ::fork();
        if (process_ == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            ::close(ends[0]);
            ::close(ends[1]);
            const std::string number = std::to_string(first);
            ::execl(
                KANGQU_CRASH_WRITER, KANGQU_CRASH_WRITER, folder.c_str(), number.c_str(), nullptr
            );
            ::_exit(127);
        }
        ::close(ends[1]);
        output_ = ends[0];
    }
    ~Victim() { ::close(output_); }
    Victim(const Victim&) = delete;
    Victim& operator=(const Victim&) = delete;

    // Lets it write until `units` are acknowledged, kills it, and gives all it acknowledged.
    std::string KillAfter(std::size_t units) {
        std::string text;
        bool killed = false;
        char bytes[4096];
        for (;;) {
            const ssize_t size = ::read(output_, bytes, sizeof(bytes));
            if (size <= 0) {
                break;
            }
            text.append(bytes, static_cast<std::size_t>(size));
            const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
            if (!killed && lines >= units) {
                ::kill(process_, SIGKILL);
                killed = true;
            }
        }
        int status = 0;
        ::waitpid(process_, &status, 0);
        EXPECT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself: " << status;
        return text;
    }

private:
    pid_t process_ = 0;
    int output_ = -1;
};

// Nothing acknowledged may be lost, whenever the process is killed.
TEST(StoreKill, NothingAcknowledgedIsLost) {
    const store::TestFolder folder;
    const store::TurnableClock clock;
    std::mt19937 random(20'261'122);
    std::vector<std::pair<int, int>> all;
    for (int round = 0; round < Rounds(6); ++round) {
        Victim victim(folder.path(), round * kRoundNumbers);
        std::istringstream lines(victim.KillAfter(1 + random() % 2'000));
        std::vector<std::pair<int, int>> acknowledged;
        for (int name = 0, number = 0; lines >> name >> number;) {
            ASSERT_LT(name, kWriters);
            acknowledged.emplace_back(name, number);
        }
        all.insert(all.end(), acknowledged.begin(), acknowledged.end());
        auto opened = store::Store::Open(store::TestOptions(folder.path(), clock));
        ASSERT_TRUE(opened.ok()) << opened.error().Line();
        store::Store& store = *opened.value();
        ExpectAllThere(store, {});
        const auto reader = std::move(store.Read()).value();
        for (const auto& [name, number] : round % 5 == 0 ? all : acknowledged) {
            const auto place = reader->Find("Observation", CrashId(name, number)).value();
            ASSERT_TRUE(place && place->version == 1) << CrashId(name, number) << " is lost";
            ASSERT_EQ(
                reader->Current(place->home, place->key).value()->body, CrashBody(name, number)
            );
        }
    }
    EXPECT_FALSE(all.empty());
}

}  // namespace
}  // namespace kangqu::fault
