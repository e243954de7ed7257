#include "kangqu/app/engines.hpp"
#include "kangqu/app/files.hpp"
#include "kangqu/app/load.hpp"

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>

namespace kangqu::app {
namespace {

using records::LoadAnswer;
using records::LoadLine;
using records::Receipt;

class Folder {
public:
    Folder() {
        std::string pattern =
            (std::filesystem::temp_directory_path() / "kangqu-app-XXXXXX").string();
        EXPECT_NE(mkdtemp(pattern.data()), nullptr);
        path_ = pattern;
    }
    ~Folder() { std::filesystem::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string Write(const std::string& name, const std::string& text) const {
        const std::string path = path_ + "/" + name;
        EXPECT_TRUE(WriteWhole(path, text).ok());
        return path;
    }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

TEST(LoadWire, LinesAndAnswersRoundTrip) {
    const std::vector<LoadLine> lines = {
        {"a file with spaces.ndjson", 3, std::string("bytes\n\0 of any kind", 19)},
        {"b", 4, ""},
    };
    const auto back = DecodeLines(EncodeLines(lines));
    ASSERT_TRUE(back.ok());
    ASSERT_EQ(back->size(), 2U);
    EXPECT_EQ((*back)[0].text, lines[0].text);
    EXPECT_EQ((*back)[0].source, lines[0].source);
    EXPECT_EQ((*back)[1].number, 4);

    std::vector<LoadAnswer> answers(2);
    answers[0].receipts.push_back({"Patient", "p1", 2, 123, Receipt::Outcome::kUpdated});
    answers[1].refused =
        core::At(core::MakeError(core::ErrorCode::kFhirMissingElement, "x"), "Bundle.entry[1]");
    const auto again = DecodeAnswers(EncodeAnswers(answers));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ((*again)[0].receipts[0].outcome, Receipt::Outcome::kUpdated);
    EXPECT_EQ((*again)[1].refused->Line(), answers[1].refused->Line());
}

TEST(LoadWire, RefusesWhatItDidNotWrite) {
    for (const char* text :
         {"x", "1 5 a\nab\n", "1 -1 a\n\n", "99999999999999 1 a\nx\n", "1 2 a\nabc"}) {
        EXPECT_FALSE(DecodeLines(text).ok()) << text;
    }
}

// Answers every line with one created resource; "wait" is refused as unresolved the first time.
LoadSink CountingSink(std::atomic<int>& sends) {
    return [&sends](const std::vector<LoadLine>& lines) -> core::Result<std::vector<LoadAnswer>> {
        std::vector<LoadAnswer> answers(lines.size());
        for (std::size_t i = 0; i < lines.size(); ++i) {
            if (lines[i].text == "no") {
                answers[i].refused = core::MakeError(core::ErrorCode::kFhirNotResource);
            } else if (lines[i].text == "wait" && lines.size() > 1) {
                answers[i].refused = core::MakeError(core::ErrorCode::kReferenceUnresolved, "x");
            } else {
                answers[i].receipts.push_back(
                    {"Patient", lines[i].text, 1, 0, Receipt::Outcome::kCreated}
                );
            }
        }
        ++sends;
        return answers;
    };
}

TEST(LoadPipeline, CountsRefusesAndTriesOnceMore) {
    const Folder folder;
    const std::string file = folder.Write("in.ndjson", "\xEF\xBB\xBFone\r\n\r\nwait\nno\nfour");
    LoadOptions options;
    options.refused_file = folder.path() + "/refused.ndjson";
    std::atomic<int> sends{0};
    LoadPipeline pipeline(options, CountingSink(sends));
    ASSERT_TRUE(pipeline.AddFile(file).ok());
    const auto summary = pipeline.Finish();
    ASSERT_TRUE(summary.ok());
    EXPECT_EQ(summary->lines, 4);
    EXPECT_EQ(summary->refused, 1);
    EXPECT_EQ(summary->resources, 3);
    EXPECT_EQ(sends, 2);
    const auto refused = ReadWhole(options.refused_file);
    ASSERT_TRUE(refused.ok());
    EXPECT_NE(refused->find("\"line\":4"), std::string::npos);
}

TEST(LoadPipeline, StopsAtTheStoresError) {
    LoadOptions options;
    LoadPipeline pipeline(
        options,
        [](const std::vector<LoadLine>&) -> core::Result<std::vector<LoadAnswer>> {
            return core::MakeError(core::ErrorCode::kStoreFull);
        }
    );
    for (int i = 0; i < 200'000; ++i) {
        if (!pipeline.Add({"x", i, "{}"}).ok()) {
            break;
        }
    }
    const auto summary = pipeline.Finish();
    ASSERT_FALSE(summary.ok());
    EXPECT_EQ(summary.error().code, core::ErrorCode::kStoreFull);
}

TEST(Files, BrokenPackingNamesTheFile) {
    const Folder folder;
    for (const char* name : {"x.json.gz", "x.json.bz2", "x.json.xz"}) {
        const std::string path = folder.Write(name, "\x1f\x8b\x08 this is not packed data at all");
        const auto text = ReadWhole(path);
        ASSERT_FALSE(text.ok()) << name;
        EXPECT_EQ(text.error().code, core::ErrorCode::kFileUnreadable);
        EXPECT_NE(text.error().Line().find(name), std::string::npos);
    }
    EXPECT_FALSE(ReadWhole(folder.path() + "/none").ok());
    EXPECT_FALSE(ExpandPaths({folder.path() + "/none"}).ok());
    EXPECT_EQ(ExpandPaths({folder.path()})->size(), 3U);
}

TEST(Files, AFolderGivesItsDataInOrder) {
    const Folder folder;
    for (const char* name : {"b.ndjson", "a.json.gz", "truth.json", "notes.txt"}) {
        folder.Write(name, "{}");
    }
    const auto files = ExpandPaths({folder.path()});
    ASSERT_TRUE(files.ok());
    EXPECT_EQ(
        *files,
        (std::vector<std::string>{folder.path() + "/a.json.gz", folder.path() + "/b.ndjson"})
    );
}

TEST(Files, LimitsHold) {
    const Folder folder;
    const std::string path = folder.Write("big.json", std::string(2'000, 'x'));
    EXPECT_EQ(ReadWhole(path, 1'999).error().code, core::ErrorCode::kTooLarge);
    EXPECT_TRUE(ReadWhole(path, 2'000).ok());
}

TEST(Periods, ThisYearTwelveMonthsAndFourYearsBefore) {
    const auto periods = PeriodsOn({2028, 2, 29});
    ASSERT_EQ(periods.size(), 6U);
    EXPECT_EQ(periods[0].named.id, "2028");
    EXPECT_EQ(periods[0].named.period.to, (core::CivilDate{2028, 2, 29}));
    EXPECT_FALSE(periods[0].complete);
    EXPECT_NEAR(periods[0].end.fraction, 60.0 / 366.0, 1e-9);
    EXPECT_EQ(periods[1].named.period.from, (core::CivilDate{2027, 3, 1}));
    EXPECT_EQ(periods[2].named.id, "2027");
    EXPECT_TRUE(periods[2].complete);
    EXPECT_DOUBLE_EQ(periods[2].end.fraction, 1.0);
}

}  // namespace
}  // namespace kangqu::app
