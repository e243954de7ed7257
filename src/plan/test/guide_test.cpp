// The example of the guide is what the reader gives.
#include "kangqu/core/json.hpp"
#include "kangqu/plan/document.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

namespace kangqu::plan {
namespace {

std::string Block(const std::string& page, const std::string& kind) {
    const std::string opening = "```" + kind + "\n";
    const std::size_t begin = page.find(opening);
    if (begin == std::string::npos) {
        return {};
    }
    const std::size_t from = begin + opening.size();
    return page.substr(from, page.find("```", from) - from);
}

TEST(Guide, ExampleIsWhatTheReaderGives) {
    std::ifstream in(
        std::filesystem::path(KANGQU_SOURCE_DIR) / "docs/guide/plan-documents.md", std::ios::binary
    );
    const std::string page{std::istreambuf_iterator<char>(in), {}};
    const auto plan = ReadPlan(Block(page, "text"));
    ASSERT_TRUE(plan.ok());
    const auto expected = core::JsonDocument::Parse(Block(page, "json"));
    ASSERT_TRUE(expected.ok());
    EXPECT_EQ(ToJson(*plan), core::Minified((*expected)->root()));
}

}  // namespace
}  // namespace kangqu::plan
