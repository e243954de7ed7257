#include "kangqu/store/jobs.hpp"

#include "kangqu/store/bookmarks.hpp"

#include "job_row.hpp"
#include "store_fixture.hpp"
#include <set>
#include <thread>

namespace kangqu::store {
namespace {

constexpr std::string_view kExport[] = {"export"};
constexpr std::int64_t kMinute = 60'000;

class JobsTest : public StoreTest {
protected:
    void SetUp() override {
        StoreTest::SetUp();
        OpenJobs();
    }
    void OpenJobs() {
        auto opened = Jobs::Open(*store_, clock_);
        ASSERT_TRUE(opened.ok()) << opened.error().Line();
        jobs_ = std::move(opened).value();
    }
    // The program stops at once and starts again.
    void Restart() {
        jobs_.reset();
        Reopen();
        OpenJobs();
    }
    std::string Add(JobRequest request = {}) {
        if (request.kind.empty()) {
            request.kind = "export";
        }
        const auto id = jobs_->Add(std::move(request));
        EXPECT_TRUE(id.ok()) << id.error().Line();
        return id.ok() ? id.value() : "";
    }
    std::optional<ClaimedJob> Claim(std::int64_t lease_ms = kMinute) {
        auto claimed = jobs_->Claim(kExport, lease_ms);
        EXPECT_TRUE(claimed.ok()) << claimed.error().Line();
        return std::move(claimed).value();
    }
    JobState StateOf(const std::string& id) { return jobs_->Find(id).value().value().state; }

    std::unique_ptr<Jobs> jobs_;
};

TEST_F(JobsTest, AJobGoesFromWaitingToDone) {
    const std::string id = Add({.kind = "export", .owner = "lin", .input = "types"});
    EXPECT_EQ(StateOf(id), JobState::kWaiting);
    auto claimed = Claim();
    ASSERT_TRUE(claimed.has_value());
    EXPECT_EQ(claimed->job.id, id);
    EXPECT_EQ(claimed->job.request.input, "types");
    EXPECT_EQ(claimed->job.attempts, 1);
    EXPECT_FALSE(Claim().has_value());
    EXPECT_EQ(jobs_->Report(claimed->lease, {"page 3", 30, 100}).value(), JobSignal::kGoOn);
    const Job running = jobs_->Find(id).value().value();
    EXPECT_EQ(running.state, JobState::kRunning);
    EXPECT_EQ(running.progress, "page 3");
    EXPECT_EQ(running.done, 30);
    EXPECT_EQ(running.total, 100);
    ASSERT_TRUE(jobs_->Finish(claimed->lease, "files").ok());
    const Job done = jobs_->Find(id).value().value();
    EXPECT_EQ(done.state, JobState::kDone);
    EXPECT_EQ(done.result, "files");
    EXPECT_EQ(done.request.owner, "lin");
    EXPECT_EQ(jobs_->Finish(claimed->lease, "").error().code, core::ErrorCode::kJobLost);
}

TEST_F(JobsTest, OnlyItsKindsAreClaimedAndTheLongestWaitingFirst) {
    Add({.kind = "reindex"});
    const std::string later = Add({.kind = "export", .due = clock_.now + 10});
    const std::string soon = Add({.kind = "export", .due = clock_.now + 5});
    EXPECT_FALSE(Claim().has_value());
    clock_.now += 20;
    EXPECT_EQ(Claim()->job.id, soon);
    EXPECT_EQ(Claim()->job.id, later);
    EXPECT_FALSE(Claim().has_value());
}

TEST_F(JobsTest, GoesOnFromItsProgressAfterARestart) {
    const std::string id = Add();
    auto claimed = Claim();
    ASSERT_TRUE(jobs_->Report(claimed->lease, {"half", 5, 10}).ok());
    const JobLease old = claimed->lease;
    Restart();
    EXPECT_EQ(StateOf(id), JobState::kWaiting);
    EXPECT_EQ(jobs_->Finish(old, "").error().code, core::ErrorCode::kJobLost);
    claimed = Claim();
    ASSERT_TRUE(claimed.has_value());
    EXPECT_EQ(claimed->job.progress, "half");
    EXPECT_EQ(claimed->job.done, 5);
    EXPECT_EQ(claimed->job.attempts, 2);
}

TEST_F(JobsTest, AJobWhoseWorkersAllFallSilentEndsAsDeadLetter) {
    const std::string id = Add({.kind = "export", .max_attempts = 2});
    for (int i = 0; i < 2; ++i) {
        ASSERT_TRUE(Claim(10).has_value());
        clock_.now += 11;
    }
    EXPECT_FALSE(Claim().has_value());
    EXPECT_EQ(StateOf(id), JobState::kDead);
    ASSERT_TRUE(jobs_->Retry(id).ok());
    EXPECT_EQ(Claim()->job.attempts, 1);
}

TEST_F(JobsTest, AWorkerThatFellSilentLosesItsJob) {
    Add();
    auto first = Claim(1000);
    clock_.now += 1001;
    auto second = Claim(1000);
    ASSERT_TRUE(second.has_value());
    EXPECT_EQ(jobs_->Report(first->lease, {}).error().code, core::ErrorCode::kJobLost);
    clock_.now += 600;
    ASSERT_TRUE(jobs_->Report(second->lease, {"a", 1, 2}).ok());
    clock_.now += 600;
    EXPECT_FALSE(Claim().has_value()) << "the report renewed the lease";
    EXPECT_TRUE(jobs_->Finish(second->lease, "").ok());
}

TEST_F(JobsTest, FailuresAreRepeatedLaterAndThenGivenUp) {
    const std::string id = Add({.kind = "export", .max_attempts = 3});
    std::int64_t delay = kFirstRetryMs;
    for (int attempt = 1; attempt < 3; ++attempt, delay *= 2) {
        auto claimed = Claim();
        ASSERT_TRUE(claimed.has_value());
        ASSERT_TRUE(jobs_->Fail(claimed->lease, "no answer", true).ok());
        clock_.now += delay - 1;
        EXPECT_FALSE(Claim().has_value());
        clock_.now += 1;
    }
    ASSERT_TRUE(jobs_->Fail(Claim()->lease, "still none", true).ok());
    const Job dead = jobs_->Find(id).value().value();
    EXPECT_EQ(dead.state, JobState::kDead);
    EXPECT_EQ(dead.error, "still none");
    EXPECT_EQ(RetryDelay(100), kLongestRetryMs);

    const std::string hopeless = Add();
    ASSERT_TRUE(jobs_->Fail(Claim()->lease, "bad input", false).ok());
    EXPECT_EQ(StateOf(hopeless), JobState::kDead);
}

TEST_F(JobsTest, PauseAndCancelReachTheWorkerAndSurviveARestart) {
    const std::string id = Add();
    auto claimed = Claim();
    ASSERT_TRUE(jobs_->Pause(id).ok());
    EXPECT_EQ(jobs_->Report(claimed->lease, {"x", 1, 0}).value(), JobSignal::kPause);
    ASSERT_TRUE(jobs_->Release(claimed->lease).ok());
    EXPECT_EQ(StateOf(id), JobState::kPaused);
    EXPECT_FALSE(Claim().has_value());
    Restart();
    EXPECT_EQ(StateOf(id), JobState::kPaused);
    ASSERT_TRUE(jobs_->Resume(id).ok());
    claimed = Claim();
    EXPECT_EQ(claimed->job.attempts, 1) << "a pause is no failed attempt";
    EXPECT_EQ(claimed->job.progress, "x");
    ASSERT_TRUE(jobs_->Cancel(id).ok());
    EXPECT_EQ(jobs_->SignalOf(claimed->lease).value(), JobSignal::kCancel);
    Restart();
    EXPECT_EQ(StateOf(id), JobState::kCancelled);
    EXPECT_EQ(jobs_->Cancel(id).error().code, core::ErrorCode::kJobState);
    EXPECT_EQ(jobs_->Pause("nothing").error().code, core::ErrorCode::kNotFound);
    EXPECT_EQ(jobs_->Resume(Add()).error().code, core::ErrorCode::kJobState);
}

TEST_F(JobsTest, AKeyAllowsOneOpenJob) {
    const JobRequest request{.kind = "export", .owner = "", .input = "", .key = "all"};
    const std::string id = Add(request);
    EXPECT_EQ(Add(request), id);
    auto claimed = Claim();
    ASSERT_TRUE(jobs_->Finish(claimed->lease, "").ok());
    const std::string next = Add(request);
    EXPECT_NE(next, id);
    ASSERT_TRUE(jobs_->Cancel(next).ok());
    const std::string third = Add(request);
    EXPECT_EQ(jobs_->Retry(next).error().code, core::ErrorCode::kJobState);
    EXPECT_EQ(StateOf(third), JobState::kWaiting);
}

TEST_F(JobsTest, AScheduledJobComesBack) {
    const std::string often =
        Add({.kind = "export", .max_attempts = 1, .schedule = {.every_ms = kMinute}});
    ASSERT_TRUE(jobs_->Finish(Claim()->lease, "first").ok());
    EXPECT_EQ(StateOf(often), JobState::kWaiting);
    EXPECT_FALSE(Claim().has_value());
    clock_.now += kMinute;
    ASSERT_TRUE(jobs_->Fail(Claim()->lease, "once", true).ok());
    EXPECT_EQ(jobs_->Find(often).value()->error, "once");
    clock_.now += kMinute;
    EXPECT_TRUE(Claim().has_value());
}

TEST_F(JobsTest, TheMinuteOfTheDayIsThatOfChina) {
    JobSchedule nightly;
    nightly.minute_of_day = 2 * 60 + 30;
    const auto at = [](std::string_view text) {
        return core::ParseInstant(text).value();
    };
    EXPECT_EQ(NextRun(nightly, at("2026-11-22T02:29:59+08:00")), at("2026-11-22T02:30:00+08:00"));
    EXPECT_EQ(NextRun(nightly, at("2026-11-22T02:30:00+08:00")), at("2026-11-23T02:30:00+08:00"));
    EXPECT_EQ(NextRun(nightly, at("1969-12-31T23:00:00+08:00")), at("1970-01-01T02:30:00+08:00"));
}

TEST_F(JobsTest, AJobMadeInAUnitLivesAndDiesWithIt) {
    std::string kept;
    std::string dropped;
    ASSERT_TRUE(store_
                    ->Write([&](Writer& writer) -> core::Status {
                        KQ_ASSIGN(kept, jobs_->Stage(writer, {.kind = "export"}));
                        return {};
                    })
                    .ok());
    ASSERT_FALSE(store_
                     ->Write([&](Writer& writer) -> core::Status {
                         KQ_ASSIGN(dropped, jobs_->Stage(writer, {.kind = "export"}));
                         return core::MakeError(core::ErrorCode::kCancelled);
                     })
                     .ok());
    EXPECT_FALSE(Claim().has_value());
    ASSERT_TRUE(jobs_->Adopt(kept).ok());
    EXPECT_FALSE(jobs_->Adopt(dropped).ok());
    EXPECT_EQ(Claim()->job.id, kept);
}

TEST_F(JobsTest, ProgressSavedInAUnitIsThereWithWhatWasDone) {
    Add();
    const auto claimed = Claim();
    ASSERT_TRUE(store_
                    ->Write([&](Writer& writer) -> core::Status {
                        KQ_TRY(PutOne(writer, "Patient", "a", "body"));
                        return Jobs::SaveProgress(writer, claimed->lease, {"after a", 1, 2});
                    })
                    .ok());
    Restart();
    EXPECT_EQ(Claim()->job.progress, "after a");
}

TEST_F(JobsTest, RequestsHaveLimits) {
    EXPECT_FALSE(jobs_->Add({.kind = ""}).ok());
    EXPECT_FALSE(jobs_->Add({.kind = "export", .schedule = {.minute_of_day = 1440}}).ok());
    JobRequest large{.kind = "export"};
    large.input.assign(kMaxJobInputBytes + 1, 'x');
    EXPECT_EQ(jobs_->Add(large).error().code, core::ErrorCode::kTooLarge);
}

TEST_F(JobsTest, TooManyOpenJobsAreRefused) {
    ASSERT_TRUE(store_
                    ->Write([&](Writer& writer) -> core::Status {
                        for (std::size_t i = 0; i < kMaxOpenJobs; ++i) {
                            KQ_TRY(jobs_->Stage(writer, {.kind = "reindex"}));
                        }
                        return {};
                    })
                    .ok());
    OpenJobs();
    EXPECT_EQ(jobs_->Add({.kind = "export"}).error().code, core::ErrorCode::kBusy);
}

TEST_F(JobsTest, ListsNewestFirst) {
    const std::string a = Add({.kind = "export", .owner = "lin"});
    const std::string b = Add({.kind = "reindex", .owner = "lin"});
    const std::string c = Add({.kind = "export", .owner = "wu"});
    ASSERT_TRUE(jobs_->Cancel(a).ok());
    const auto all = jobs_->List("", "", 10).value();
    ASSERT_EQ(all.size(), 3U);
    EXPECT_EQ(all[0].id, c);
    EXPECT_EQ(all[2].id, a);
    EXPECT_EQ(jobs_->List("export", "lin", 10).value().at(0).id, a);
    EXPECT_EQ(jobs_->List("", "lin", 1).value().at(0).id, b);
    ASSERT_TRUE(jobs_->Remove(a).ok());
    EXPECT_FALSE(jobs_->Find(a).value().has_value());
    EXPECT_FALSE(jobs_->Remove(b).ok());
}

TEST_F(JobsTest, RacingWorkersDoEachJobOnce) {
    constexpr int kJobs = 40;
    for (int i = 0; i < kJobs; ++i) {
        Add();
    }
    std::mutex mutex;
    std::set<std::string> seen;
    std::vector<std::thread> workers;
    for (int i = 0; i < 4; ++i) {
        workers.emplace_back([&] {
            while (jobs_->WaitForWork(kExport, 10)) {
                auto claimed = jobs_->Claim(kExport, kMinute).value();
                if (!claimed) {
                    continue;
                }
                const std::lock_guard lock(mutex);
                EXPECT_TRUE(seen.insert(claimed->job.id).second);
                EXPECT_TRUE(jobs_->Finish(claimed->lease, "").ok());
            }
        });
    }
    for (std::thread& worker : workers) {
        worker.join();
    }
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(kJobs));
}

TEST_F(StoreTest, BookmarksMoveWithTheUnit) {
    EXPECT_EQ(BookmarkOf(*Read(), "timeline").value(), 0);
    ASSERT_TRUE(store_->Write([](Writer& writer) { return SetBookmark(writer, "timeline", 7); }
    ).ok());
    ASSERT_FALSE(store_
                     ->Write([](Writer& writer) -> core::Status {
                         KQ_TRY(SetBookmark(writer, "timeline", 9));
                         return core::MakeError(core::ErrorCode::kCancelled);
                     })
                     .ok());
    ASSERT_TRUE(store_->Write([](Writer& writer) { return SetBookmark(writer, "hook", 3); }).ok());
    Reopen();
    EXPECT_EQ(BookmarkOf(*Read(), "timeline").value(), 7);
    const std::vector<std::pair<std::string, Position>> all = {{"hook", 3}, {"timeline", 7}};
    EXPECT_EQ(Bookmarks(*Read()).value(), all);
    ASSERT_TRUE(store_->Write([](Writer& writer) { return RemoveBookmark(writer, "hook"); }).ok());
    EXPECT_EQ(BookmarkOf(*Read(), "hook").value(), 0);
}

}  // namespace
}  // namespace kangqu::store
