// The clause cases with pieces moved, doubled, cut and mixed, from a fixed seed: every text ends in
// an answer or an error, within its limits. The fuzz targets do the same without an end.
#include "kangqu/expression/cql.hpp"
#include "kangqu/expression/fhirpath.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::expression {
namespace {

std::vector<std::string> Seeds(const std::string& prefix) {
    std::vector<std::string> out;
    const std::filesystem::path folder =
        std::filesystem::path(KANGQU_SOURCE_DIR) / "src/expression/test/cases";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (!entry.path().filename().string().starts_with(prefix)) {
            continue;
        }
        std::ifstream in(entry.path());
        for (std::string line; std::getline(in, line);) {
            const std::size_t arrow = line.rfind(" => ");
            if (arrow != std::string::npos && line[0] != '#') {
                out.push_back(line.substr(0, arrow));
            }
        }
    }
    return out;
}

class Mutator {
public:
    explicit Mutator(std::vector<std::string> seeds) : seeds_(std::move(seeds)) {}

    std::string Next() {
        std::string text = Seed();
        for (std::size_t changes = 1 + Below(5); changes > 0; --changes) {
            Change(text);
        }
        text.resize(std::min<std::size_t>(text.size(), 2000));
        return text;
    }

private:
    std::size_t Below(std::size_t end) { return end == 0 ? 0 : random_() % end; }
    const std::string& Seed() { return seeds_[Below(seeds_.size())]; }
    void Change(std::string& text) {
        static const std::vector<std::string> kNumbers = {
            "99999999999999999999999999", "0", "-1", "2147483647", "0.0000000000000000000000001"};
        const std::size_t at = Below(text.size());
        const std::string& other = Seed();
        switch (Below(5)) {
            case 0:
                text.insert(at, other.substr(Below(other.size()), Below(30)));
                break;
            case 1:
                text.erase(at, Below(8));
                break;
            case 2:
                text.insert(at, text.substr(Below(text.size()), Below(20)));
                break;
            case 3:
                text.insert(at, 1, static_cast<char>(random_()));
                break;
            default:
                text.insert(at, " " + kNumbers[Below(kNumbers.size())] + " ");
        }
    }

    std::vector<std::string> seeds_;
    std::mt19937_64 random_{20261122};
};

Environment SmallEnvironment() {
    Environment environment;
    environment.limits.steps = 20'000;
    environment.limits.list_items = 2'000;
    environment.limits.text_bytes = 100'000;
    environment.limits.memory_bytes = 50'000'000;
    return environment;
}

TEST(Mutations, FhirPathEndsInAnAnswerOrAnError) {
    Mutator mutator(Seeds("fhirpath-"));
    const Environment environment = SmallEnvironment();
    const auto document = core::JsonDocument::Parse(
        R"({"resourceType":"Patient","id":"p","name":[{"given":["a","b"]}],"birthDate":"1980-05-06"})"
    );
    const fhir::TypeNumber type = fhir::FindType("Patient");
    int compiled = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = mutator.Next();
        const auto path = FhirPath::Compile(text, type);
        if (!path.ok()) {
            ASSERT_FALSE(path.error().Text(core::Language::kZh).empty()) << text;
            continue;
        }
        ++compiled;
        Arena arena;
        const auto items = path->Evaluate((*document)->root(), type, environment, arena);
        if (!items.ok()) {
            ASSERT_FALSE(items.error().Line().empty()) << text;
        }
    }
    EXPECT_GT(compiled, 500);
}

TEST(Mutations, CqlEndsInAnAnswerOrAnError) {
    class NoRecords final : public DataSource {
    public:
        void Retrieve(fhir::TypeNumber, const CodeFilter&, const Visitor&) const override {}
    };
    Mutator mutator(Seeds("cql-"));
    const Environment environment = SmallEnvironment();
    const NoRecords records;
    int compiled = 0;
    for (int i = 0; i < 20'000; ++i) {
        const std::string text = mutator.Next();
        const auto library = CompileCqlExpression(text);
        if (!library.ok()) {
            ASSERT_FALSE(library.error().where.empty() && library.error().args.empty()) << text;
            continue;
        }
        ++compiled;
        CqlSession session(**library, environment);
        session.Begin({}, records);
        for (std::uint32_t at = 0; at < (*library)->definitions().size(); ++at) {
            const auto value = session.Evaluate(at);
            if (!value.ok()) {
                ASSERT_FALSE(value.error().Line().empty()) << text;
            }
        }
    }
    EXPECT_GT(compiled, 500);
}

}  // namespace
}  // namespace kangqu::expression
