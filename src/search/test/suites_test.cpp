#include "shelf.hpp"
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

namespace kangqu::search {
namespace {

std::filesystem::path Suite(const std::string& name) {
    return std::filesystem::path(KANGQU_SOURCE_DIR) / ".." / "shared" / "suites" / name;
}

std::string OutputOf(const std::string& command) {
    std::string out;
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::array<char, 65536> buffer;
    std::size_t count = 0;
    while (pipe && (count = fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0) {
        out.append(buffer.data(), count);
    }
    return out;
}

TEST(R4Examples, AreIndexedAndFoundByTheirOwnValues) {
    const auto archive = Suite("r4-examples") / "r4-instances.tar.xz";
    if (!std::filesystem::exists(archive)) {
        GTEST_SKIP() << "the published R4 examples are not at " << archive;
    }
    const auto folder = std::filesystem::temp_directory_path() /
                        ("kangqu-search-examples-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    OutputOf("tar -xJf '" + archive.string() + "' -C '" + folder.string() + "'");
    Shelf shelf;
    std::vector<std::string> texts;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() == ".json") {
            std::ifstream in(entry.path(), std::ios::binary);
            texts.emplace_back(
                std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()
            );
        }
    }
    std::filesystem::remove_all(folder);
    EXPECT_EQ(texts.size(), 711U);
    shelf.Put(texts);
    std::map<std::string, std::size_t> counts;
    for (const std::string& text : texts) {
        const auto document = core::JsonDocument::Parse(text);
        counts[std::string(document.value()->root()["resourceType"].text())] += 1;
    }
    for (const auto& [type, count] : counts) {
        EXPECT_EQ(shelf.Total(type, {}), static_cast<std::int64_t>(count)) << type;
        EXPECT_EQ(shelf.Find(type, {{"_count", "9"}}).size(), count) << type;
    }
    EXPECT_FALSE(shelf.Find("Patient", {{"family", "Chalmers"}}).empty());
    EXPECT_FALSE(shelf.Find("Observation", {{"component-code", "8480-6"}}).empty());
    EXPECT_FALSE(shelf.Find("Encounter", {{"subject", "Patient/f001"}}).empty());
}

TEST(Synthea, IndexingSpeed) {
    if (!std::filesystem::exists(Suite("synthea120"))) {
        GTEST_SKIP() << "the Synthea bundles are not at " << Suite("synthea120");
    }
    const auto indexer = Indexer::Make();
    ASSERT_TRUE(indexer.ok());
    std::size_t resources = 0;
    std::size_t rows = 0;
    std::chrono::duration<double> seconds{};
    int bundles = 0;
    for (const auto& entry : std::filesystem::directory_iterator(Suite("synthea120"))) {
        if (entry.path().extension() != ".bz2" || ++bundles > 12) {
            continue;
        }
        const auto document =
            core::JsonDocument::Parse(OutputOf("bzip2 -dc '" + entry.path().string() + "'"));
        ASSERT_TRUE(document.ok());
        const auto start = std::chrono::steady_clock::now();
        for (core::JsonNode one = document.value()->root()["entry"].first(); one;
             one = one.next()) {
            const core::JsonNode resource = one["resource"];
            const auto prepared = indexer.value()->Prepare(
                resource, fhir::FindResourceType(resource["resourceType"].text())
            );
            ASSERT_TRUE(prepared.ok());
            rows += prepared->rows.size() + 1;
            ++resources;
        }
        seconds += std::chrono::steady_clock::now() - start;
    }
    ASSERT_GT(resources, 0U);
    std::printf(
        "index: %zu resources, %.1f rows each, %.0f resources/s\n",
        resources,
        static_cast<double>(rows) / static_cast<double>(resources),
        static_cast<double>(resources) / seconds.count()
    );
}

}  // namespace
}  // namespace kangqu::search
