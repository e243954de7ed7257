#include "collected.hpp"
#include "sent_folder.hpp"
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace kangqu::synth {
namespace {

namespace fs = std::filesystem;

std::string Whole(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

class SentTest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        folder() = fs::temp_directory_path() / ("kangqu-sent-" + std::to_string(getpid()));
        fs::remove_all(folder());
        SynthOptions options{1200, 5, 3, {2025, 12, 31}, 1000, 1};
        options.sent = true;
        const auto made = GenerateFolder(options, folder().string());
        ASSERT_TRUE(made.ok()) << made.error().Line();
        truth() = made->truth_json;
    }
    static void TearDownTestSuite() { fs::remove_all(folder()); }
    static fs::path& folder() {
        static fs::path path;
        return path;
    }
    static std::string& truth() {
        static std::string text;
        return text;
    }
    static std::set<std::string> Broken() {
        const auto document = Parsed(truth());
        std::set<std::string> items;
        const core::JsonNode faults = document->root()["faults"];
        for (core::JsonNode one = faults.first(); one; one = one.next()) {
            if (one["fault"].text() == "broken-message") {
                for (core::JsonNode item = one["items"].first(); item; item = item.next()) {
                    items.emplace(item.text());
                }
            }
        }
        return items;
    }
};

// Whether a message is whole by its own rules.
bool Whole2(const std::string& text) {
    if (text.find('\xFF') != std::string::npos) {
        return false;
    }
    if (text.substr(0, 5) == "<?xml") {
        return text.find("</ClinicalDocument>") != std::string::npos;
    }
    return text.substr(0, 4) == "MSH|" && text.find("\rPID|") != std::string::npos &&
           text.back() == '\r';
}

TEST_F(SentTest, MessagesAreWholeButForTheListedOnes) {
    std::set<std::string> broken;
    int messages = 0;
    int documents = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder() / "sent")) {
        const std::string kind = entry.path().extension();
        if (kind != ".hl7" && kind != ".xml") {
            continue;
        }
        ++(kind == ".hl7" ? messages : documents);
        if (!Whole2(Whole(entry.path()))) {
            broken.insert(
                entry.path().parent_path().parent_path().filename().string() + "/" +
                entry.path().filename().string()
            );
        }
    }
    EXPECT_EQ(broken, Broken());
    EXPECT_GT(broken.size(), 1U);
    EXPECT_GT(messages, 100);
    EXPECT_GT(documents, 100);
}

TEST_F(SentTest, SheetsAreThereInTheirForms) {
    int csv = 0;
    int xlsx = 0;
    for (const auto& entry : fs::recursive_directory_iterator(folder() / "sent")) {
        const std::string kind = entry.path().extension();
        if (kind == ".csv") {
            ++csv;
            const std::string text = Whole(entry.path());
            const auto header = ToGb18030("姓名,证件号码");
            ASSERT_TRUE(header.ok());
            EXPECT_EQ(text.substr(0, header->size()), *header) << entry.path();
            EXPECT_EQ(text.substr(text.size() - 2), "\r\n");
        } else if (kind == ".xlsx") {
            ++xlsx;
            EXPECT_EQ(Whole(entry.path()).substr(0, 4), std::string("PK\x03\x04", 4));
        }
    }
    EXPECT_GT(csv, 5);
    EXPECT_GT(xlsx, 3);
}

TEST_F(SentTest, SendingChangesNothingOfTheRecords) {
    const Collected collected = Collect({1200, 5, 3, {2025, 12, 31}, 1000, 1});
    std::map<std::string, std::string> expected;
    for (const auto& [type, json] : collected.lines) {
        expected[type] += json + "\n";
    }
    for (const auto& [type, text] : expected) {
        EXPECT_TRUE(Whole(folder() / (type + ".ndjson")) == text) << type;
    }
}

TEST(ToGb18030, KnowsCharactersOfAllPlanes) {
    const auto plain = ToGb18030("汉A");
    ASSERT_TRUE(plain.ok());
    EXPECT_EQ(
        *plain,
        "\xBA\xBA"
        "A"
    );
    const auto rare = ToGb18030("𠮷");  // four bytes
    ASSERT_TRUE(rare.ok());
    EXPECT_EQ(rare->size(), 4U);
    EXPECT_FALSE(ToGb18030("\xFF").ok());
}

}  // namespace
}  // namespace kangqu::synth
