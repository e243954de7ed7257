#include "kangqu/bulk/export.hpp"

#include "kangqu/bulk/import.hpp"
#include "kangqu/bulk/jobs.hpp"

#include <atomic>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include <gtest/gtest.h>

namespace kangqu::bulk {
namespace {

using search::Restriction;

class BulkTest : public testing::Test {
protected:
    void SetUp() override {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "kangqu-bulk-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
        auto indexer = search::Indexer::Make();
        ASSERT_TRUE(indexer.ok());
        indexer_ = std::move(indexer).value();
        store::StoreOptions options;
        options.folder = folder_ + "/store";
        std::filesystem::create_directories(options.folder);
        options.index_tables = search::IndexTables();
        options.clock = &clock_;
        auto store = store::Store::Open(std::move(options));
        ASSERT_TRUE(store.ok());
        store_ = std::move(store).value();
        records_ = std::make_unique<records::Records>(*store_, *indexer_, ids_);
    }
    void TearDown() override {
        records_.reset();
        store_.reset();
        std::filesystem::remove_all(folder_);
    }
    void Put(const std::vector<std::string>& texts) {
        std::vector<records::LoadLine> lines;
        for (const std::string& text : texts) {
            lines.push_back({"test", 1, text});
        }
        const auto answers = records_->Load(Restriction::System(), lines);
        ASSERT_TRUE(answers.ok());
        for (const auto& answer : *answers) {
            ASSERT_FALSE(answer.refused) << answer.refused->Line();
        }
    }
    static std::string Patient(const std::string& id, const std::string& organization = "a") {
        return R"({"resourceType":"Patient","id":")" + id +
               R"(","managingOrganization":{"reference":"Organization/)" + organization + R"("}})";
    }
    static std::string Observation(const std::string& id, const std::string& subject) {
        return R"({"resourceType":"Observation","id":")" + id +
               R"(","status":"final","code":{"coding":[{"system":"s","code":")" + id.substr(0, 1) +
               R"("}]},"subject":{"reference":")" + subject + R"("}})";
    }
    // "Type/id" of every line of the files.
    std::multiset<std::string> Lines(const ExportState& state, const std::string& folder) const {
        std::multiset<std::string> out;
        for (const ExportFile& file : state.files) {
            std::ifstream in(folder + "/" + file.name);
            std::string line;
            std::int64_t count = 0;
            for (; std::getline(in, line); ++count) {
                const auto document = core::JsonDocument::Parse(line);
                EXPECT_TRUE(document.ok()) << line;
                const auto root = document.value()->root();
                out.insert(
                    file.deleted ? "-" + std::string(root["entry"][0]["request"]["url"].text())
                                 : std::string(root["resourceType"].text()) + "/" +
                                       std::string(root["id"].text())
                );
            }
            EXPECT_EQ(count, file.count) << file.name;
        }
        return out;
    }
    std::multiset<std::string>
    Export(ExportPlan plan, const Restriction& restriction = Restriction::System()) {
        plan.until = clock_.Now() + 10'000;
        const std::string folder = folder_ + "/out" + std::to_string(++exports_);
        ExportState state;
        const auto status = RunExport(
            *records_,
            restriction,
            plan,
            folder,
            state,
            [](const ExportState&) { return core::Status{}; },
            [] { return false; }
        );
        EXPECT_TRUE(status.ok()) << status.error().Line();
        EXPECT_TRUE(state.done);
        return Lines(state, folder);
    }

    core::SystemClock clock_;
    core::IdSource ids_{clock_};
    std::string folder_;
    int exports_ = 0;
    std::unique_ptr<const search::Indexer> indexer_;
    std::unique_ptr<store::Store> store_;
    std::unique_ptr<records::Records> records_;
};

using Names = std::multiset<std::string>;

TEST_F(BulkTest, LevelsTypesAndFilters) {
    Put(
        {Patient("p1"),
         Patient("p2", "b"),
         Observation("x1", "Patient/p1"),
         Observation("y1", "Patient/p2"),
         Observation("z1", "Device/d"),
         R"({"resourceType":"Organization","id":"a"})"}
    );
    const Names all = {
        "Patient/p1",
        "Patient/p2",
        "Observation/x1",
        "Observation/y1",
        "Observation/z1",
        "Organization/a"};
    ExportPlan plan;
    EXPECT_EQ(Export(plan), all);
    plan.types = {"Observation"};
    EXPECT_EQ(Export(plan), (Names{"Observation/x1", "Observation/y1", "Observation/z1"}));
    plan.filters = {{"Observation", "code=s%7Cx"}, {"Observation", "code=s%7Cx,s%7Cy"}};
    EXPECT_EQ(Export(plan), (Names{"Observation/x1", "Observation/y1"})) << "each once";
    plan = {};
    plan.level = ExportPlan::Level::kPatients;
    EXPECT_EQ(
        Export(plan), (Names{"Patient/p1", "Patient/p2", "Observation/x1", "Observation/y1"})
    );
    plan.level = ExportPlan::Level::kMembers;
    plan.patients = {"p2", "nobody"};
    EXPECT_EQ(Export(plan), (Names{"Patient/p2", "Observation/y1"}));
}

TEST_F(BulkTest, SinceTakesWhatChangedAndNamesWhatWent) {
    Put({Patient("p1"), Patient("p2")});
    std::this_thread::sleep_for(std::chrono::milliseconds(15));
    ExportPlan plan;
    plan.since = clock_.Now();
    std::this_thread::sleep_for(std::chrono::milliseconds(15));
    Put({Patient("p3"), Patient("p1", "b")});
    ASSERT_TRUE(records_->Delete(Restriction::System(), "Patient", "p2", {}).ok());
    EXPECT_EQ(Export(plan), (Names{"Patient/p1", "Patient/p3", "-Patient/p2"}));
}

TEST_F(BulkTest, WhatIsWrittenLaterIsLeftOut) {
    Put({Patient("p1")});
    ExportPlan plan;
    plan.until = clock_.Now();
    std::this_thread::sleep_for(std::chrono::milliseconds(15));
    Put({Patient("p1", "later"), Patient("p2")});
    ExportState state;
    ASSERT_TRUE(RunExport(
                    *records_,
                    Restriction::System(),
                    plan,
                    folder_ + "/out",
                    state,
                    [](const ExportState&) { return core::Status{}; },
                    [] { return false; }
    ).ok());
    EXPECT_EQ(Lines(state, folder_ + "/out"), (Names{"Patient/p1"}));
    std::ifstream in(folder_ + "/out/Patient.0001.ndjson");
    std::ostringstream text;
    text << in.rdbuf();
    EXPECT_EQ(text.str().find("later"), std::string::npos);
    EXPECT_NE(text.str().find("\"versionId\":\"1\""), std::string::npos);
}

TEST_F(BulkTest, ARestrictionHoldsAtEveryLevel) {
    Put(
        {Patient("p1", "a"),
         Patient("p2", "b"),
         Observation("x1", "Patient/p1"),
         Observation("y1", "Patient/p2")}
    );
    Restriction a;
    search::Grant grant;
    grant.actions = {search::Action::kRead};
    grant.scope = search::Scope::kOrganizations;
    grant.organizations = {"a"};
    a.grants.push_back(grant);
    a.masks = {{"Patient", {"managingOrganization"}, search::Mask::Style::kRemove}};
    const Names own = {"Patient/p1", "Observation/x1"};
    ExportPlan plan;
    EXPECT_EQ(Export(plan, a), own);
    plan.level = ExportPlan::Level::kPatients;
    EXPECT_EQ(Export(plan, a), own);
    plan.level = ExportPlan::Level::kMembers;
    plan.patients = {"p1", "p2"};
    EXPECT_EQ(Export(plan, a), own);
    EXPECT_TRUE(Export(plan, Restriction()).empty());
    std::ifstream in(folder_ + "/out3/Patient.0001.ndjson");
    std::string line;
    std::getline(in, line);
    EXPECT_EQ(line.find("managingOrganization"), std::string::npos) << "masked";
}

TEST_F(BulkTest, AnInterruptedExportGoesOnAndWritesEachOnce) {
    std::vector<std::string> texts;
    Names expected;
    for (int i = 0; i < 2'500; ++i) {
        texts.push_back(Patient("p" + std::to_string(i)));
        texts.push_back(Observation("o" + std::to_string(i), "Patient/p" + std::to_string(i)));
        expected.insert("Patient/p" + std::to_string(i));
        expected.insert("Observation/o" + std::to_string(i));
    }
    Put(texts);
    ExportPlan plan;
    plan.until = clock_.Now() + 1'000;
    std::string saved;
    int runs = 0;
    bool done = false;
    while (!done && runs < 1'000) {
        ExportState state;
        if (!saved.empty()) {
            state = ReadState(core::JsonDocument::Parse(saved).value()->root());
        }
        int looks = 0;
        ASSERT_TRUE(RunExport(
                        *records_,
                        Restriction::System(),
                        plan,
                        folder_ + "/out",
                        state,
                        [&](const ExportState& now) {
                            saved.clear();
                            core::JsonWriter writer(saved);
                            WriteState(writer, now);
                            return core::Status{};
                        },
                        // A little further each time, so that every place is cut.
                        [&] { return ++looks > 3 + runs; }
        ).ok());
        done = state.done;
        ++runs;
    }
    EXPECT_GT(runs, 3);
    const auto state = ReadState(core::JsonDocument::Parse(saved).value()->root());
    EXPECT_EQ(Lines(state, folder_ + "/out"), expected);
    for (const auto& entry : std::filesystem::directory_iterator(folder_ + "/out")) {
        EXPECT_EQ(entry.path().extension(), ".ndjson") << "nothing unfinished stays";
    }
}

TEST_F(BulkTest, PlansAreChecked) {
    ExportPlan plan;
    plan.types = {"Nothing"};
    EXPECT_FALSE(CheckPlan(plan).ok());
    plan.types = {};
    plan.filters = {{"Patient", "nonsense=1"}};
    EXPECT_FALSE(CheckPlan(plan).ok());
    plan.filters.assign(kMaxFilters + 1, {"Patient", "_id=1"});
    EXPECT_EQ(CheckPlan(plan).error().code, core::ErrorCode::kTooLarge);
    plan.filters = {};
    plan.patients.assign(kMaxPatients + 1, "p");
    EXPECT_EQ(CheckPlan(plan).error().code, core::ErrorCode::kTooLarge);
}

TEST_F(BulkTest, ImportKeepsTheGoodLinesAndGoesOn) {
    std::string text;
    for (int i = 0; i < 700; ++i) {
        text += Patient("p" + std::to_string(i)) + "\r\n\n";
    }
    text += "{broken\n" + Observation("x", "Patient/p1");
    ImportPlan plan;
    plan.inputs = {{"Patient", "file:one"}, {"", "file:two"}};
    int fetched = 0;
    const Fetch fetch = [&](const std::string& url) -> core::Result<std::string> {
        ++fetched;
        return url == "file:one" ? text : Patient("last");
    };
    ImportState state;
    int looks = 0;
    const auto run = [&](int limit) {
        looks = 0;
        return RunImport(
            *records_,
            Restriction::System(),
            plan,
            fetch,
            folder_ + "/in",
            state,
            [](const ImportState&) { return core::Status{}; },
            [&, limit] { return ++looks > limit; }
        );
    };
    ASSERT_TRUE(run(600).ok());
    EXPECT_FALSE(state.done);
    EXPECT_GT(state.line, 0);
    ASSERT_TRUE(run(1'000'000).ok());
    EXPECT_TRUE(state.done);
    EXPECT_EQ(fetched, 3);
    ASSERT_EQ(state.files.size(), 2U);
    EXPECT_EQ(state.files[0].accepted, 700);
    EXPECT_EQ(state.files[0].refused, 2) << "a broken line, and a resource of another type";
    EXPECT_EQ(state.files[1].accepted, 1);
    EXPECT_TRUE(records_->Read(Restriction::System(), "Patient", "p699").ok());
    EXPECT_FALSE(records_->Read(Restriction::System(), "Observation", "x").ok());
    std::ifstream in(folder_ + "/in/errors.ndjson");
    std::ostringstream errors;
    errors << in.rdbuf();
    EXPECT_NE(errors.str().find("file:one:1401"), std::string::npos) << errors.str();
    EXPECT_NE(errors.str().find("file:one:1402"), std::string::npos);
}

class JobsTest : public BulkTest {
protected:
    std::unique_ptr<Jobs> Make() {
        return std::make_unique<Jobs>(Jobs::Services{
            *records_,
            ids_,
            clock_,
            folder_ + "/jobs",
            [](const std::string& owner) -> core::Result<Restriction> {
                return owner == "ada" ? Restriction::System() : Restriction();
            },
            [](const std::string&) -> core::Result<std::string> {
                return core::MakeError(core::ErrorCode::kConnectionFailed, "x", "y");
            },
            [](std::string_view) {
            }});
    }
    static Job AwaitEnd(const Jobs& jobs, const std::string& id) {
        for (int i = 0; i < 500; ++i) {
            auto job = jobs.Find(id, "ada");
            if (job.ok() && job->ended != 0) {
                return std::move(job).value();
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        ADD_FAILURE() << "the job did not end";
        return {};
    }
};

TEST_F(JobsTest, AJobWaitsInTheStoreUntilSomebodyRunsIt) {
    Put({Patient("p1")});
    std::string id;
    {
        const auto jobs = Make();
        Job job;
        job.owner = "ada";
        id = jobs->Submit(job).value();
    }
    const auto jobs = Make();
    ASSERT_TRUE(jobs->Start().ok());
    const Job done = AwaitEnd(*jobs, id);
    EXPECT_EQ(done.status, Job::Status::kDone);
    ASSERT_EQ(done.export_state.files.size(), 1U);
    EXPECT_TRUE(jobs->ReadFile(id, "ada", "Patient.0001.ndjson").ok());
    EXPECT_FALSE(jobs->ReadFile(id, "ada", "../kangqu.db").ok());
    EXPECT_EQ(jobs->Find(id, "eve").error().code, core::ErrorCode::kNotFound);
    EXPECT_FALSE(jobs->ReadFile(id, "eve", "Patient.0001.ndjson").ok());
    EXPECT_FALSE(jobs->Remove(id, "eve").ok());
    EXPECT_TRUE(jobs->Remove(id, "ada").ok());
    EXPECT_FALSE(jobs->Find(id, "ada").ok());
    EXPECT_FALSE(std::filesystem::exists(folder_ + "/jobs/" + id));
}

TEST_F(JobsTest, AFailureIsKeptWithItsReason) {
    const auto jobs = Make();
    ASSERT_TRUE(jobs->Start().ok());
    Job job;
    job.owner = "ada";
    job.kind = Job::Kind::kImport;
    job.import_plan.inputs = {{"Patient", "http://nowhere"}};
    const Job done = AwaitEnd(*jobs, jobs->Submit(job).value());
    EXPECT_EQ(done.status, Job::Status::kFailed);
    ASSERT_TRUE(done.error);
    EXPECT_EQ(done.error->code, core::ErrorCode::kConnectionFailed);
}

TEST_F(JobsTest, TooManyWaitingJobsAreRefused) {
    const auto jobs = Make();
    Job job;
    job.owner = "ada";
    for (std::size_t i = 0; i < kMaxJobs; ++i) {
        ASSERT_TRUE(jobs->Submit(job).ok());
    }
    EXPECT_EQ(jobs->Submit(job).error().code, core::ErrorCode::kBusy);
}

}  // namespace
}  // namespace kangqu::bulk
