// The clauses of the FHIRPath and CQL specifications as text: `expression => expected` lines in
// cases/*.txt. Expected is what the batch commands answer: a CQL literal, a JSON array, or `error`.
#include "kangqu/core/json.hpp"
#include "kangqu/expression/batch.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::expression {
namespace {

constexpr core::InstantMs kNow = 1'795'336'200'000;  // 2026-11-22T14:30:00+08:00

struct Case {
    std::string place;
    std::string expression;
    std::string expected;
};

std::string ReadAll(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

std::filesystem::path CasesFolder() {
    return std::filesystem::path(KANGQU_SOURCE_DIR) / "src/expression/test/cases";
}

// The cases of one text: the lines with an arrow, of a document only those in blocks of `language`.
void AddCases(
    const std::string& name,
    const std::string& text,
    const std::string& language,
    std::vector<Case>& out
) {
    std::istringstream lines(text);
    std::string line;
    bool inside = language.empty();
    for (int number = 1; std::getline(lines, line); ++number) {
        if (line.starts_with("```")) {
            inside = line == "```" + language && !language.empty();
            continue;
        }
        const std::size_t arrow = line.rfind(" => ");
        if (!inside || line.empty() || line[0] == '#' || arrow == std::string::npos) {
            continue;
        }
        out.push_back(
            {name + ":" + std::to_string(number), line.substr(0, arrow), line.substr(arrow + 4)}
        );
    }
}

// Those of cases/PREFIX*.txt and of the language's description.
std::vector<Case> ReadCases(const std::string& language) {
    std::vector<Case> cases;
    for (const auto& entry : std::filesystem::directory_iterator(CasesFolder())) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(language + "-") && entry.path().extension() == ".txt") {
            AddCases(name, ReadAll(entry.path()), {}, cases);
        }
    }
    const std::filesystem::path guide =
        std::filesystem::path(KANGQU_SOURCE_DIR) / "docs/guide/expressions.md";
    const std::size_t before = cases.size();
    AddCases("expressions.md", ReadAll(guide), language, cases);
    EXPECT_GT(cases.size(), before + 10) << guide;
    return cases;
}

// The member of a batch answer as text; "error" when there is none.
std::string Answer(const std::string& line, bool whole) {
    auto document = core::JsonDocument::Parse(line);
    if (!document.ok()) {
        return "not JSON: " + line;
    }
    const core::JsonNode result = (*document)->root()["result"];
    if (!result) {
        return "error";
    }
    if (!whole) {
        return std::string(result.text());
    }
    std::string out;
    core::JsonWriter writer(out);
    writer.Node(result);
    return out;
}

TEST(Cases, Cql) {
    const auto cases = ReadCases("cql");
    ASSERT_GT(cases.size(), 500U);
    for (const Case& one : cases) {
        std::string request;
        core::JsonWriter writer(request);
        writer.BeginObject().Field("expression", one.expression).EndObject();
        const std::string answer = CqlBatchLine(request, kNow);
        EXPECT_EQ(Answer(answer, false), one.expected)
            << one.place << ": " << one.expression << "\n"
            << answer;
    }
}

TEST(Cases, FhirPath) {
    const auto cases = ReadCases("fhirpath");
    ASSERT_GT(cases.size(), 250U);
    const std::string resource = ReadAll(CasesFolder() / "patient.json");
    for (const Case& one : cases) {
        std::string request;
        core::JsonWriter writer(request);
        writer.BeginObject().Field("expression", one.expression).Field("mode", "strict");
        writer.Key("resource").Raw(resource).EndObject();
        const std::string answer = FhirPathBatchLine(request, ".", kNow);
        EXPECT_EQ(Answer(answer, true), one.expected) << one.place << ": " << one.expression << "\n"
                                                      << answer;
    }
}

}  // namespace
}  // namespace kangqu::expression
