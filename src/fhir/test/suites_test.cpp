#include "suites.hpp"

#include "kangqu/fhir/resource.hpp"

#include <chrono>
#include <cstdio>

#include <gtest/gtest.h>

namespace kangqu::fhir {
namespace {

using core::JsonDocument;
using core::JsonNode;

// Members of `a`, apart from meta, are in `b` with the same text, and the other way round.
bool SameApartFromMeta(JsonNode a, JsonNode b) {
    const auto within = [](JsonNode part, JsonNode whole) {
        for (JsonNode member = part.first(); member; member = member.next()) {
            if (member.key() != "meta" &&
                core::Minified(member) != core::Minified(whole[member.key()])) {
                return false;
            }
        }
        return true;
    };
    return within(a, b) && within(b, a);
}

TEST(R4Examples, AreWellFormedAndComeBackAsSent) {
    const auto examples = R4Examples();
    if (examples.empty()) {
        GTEST_SKIP() << "the published R4 examples are not at " << Suite("r4-examples");
    }
    for (const auto& [name, text] : examples) {
        const auto sent = JsonDocument::Parse(text);
        ASSERT_TRUE(sent.ok()) << name;
        const JsonNode root = sent.value()->root();
        for (const auto& error : CheckStructure(root)) {
            ADD_FAILURE() << name << ": " << error.Line();
        }
        const std::string stored = StoredForm(root);
        const auto back = JsonDocument::Parse(Rendered(stored, root["id"].text(), 1, 0));
        ASSERT_TRUE(back.ok()) << name;
        EXPECT_TRUE(SameApartFromMeta(root, back.value()->root())) << name;
        EXPECT_TRUE(CheckStructure(back.value()->root()).empty()) << name;
        EXPECT_EQ(StoredForm(back.value()->root()), stored) << name;
    }
    EXPECT_EQ(examples.size(), 711U);
}

TEST(Synthea, BundlesAreWellFormed) {
    const auto bundles = SyntheaBundles(12);
    if (bundles.empty()) {
        GTEST_SKIP() << "the Synthea bundles are not at " << Suite("synthea120");
    }
    std::size_t resources = 0;
    std::size_t bytes = 0;
    std::chrono::duration<double> seconds{};
    for (const auto& [name, text] : bundles) {
        const auto sent = JsonDocument::Parse(text);
        ASSERT_TRUE(sent.ok()) << name;
        const auto start = std::chrono::steady_clock::now();
        const auto errors = CheckStructure(sent.value()->root());
        for (JsonNode entry = sent.value()->root()["entry"].first(); entry; entry = entry.next()) {
            bytes += StoredForm(entry["resource"]).size();
            ++resources;
        }
        seconds += std::chrono::steady_clock::now() - start;
        for (const auto& error : errors) {
            ADD_FAILURE() << name << ": " << error.Line();
        }
        EXPECT_FALSE(ReferencesOf(sent.value()->root()).empty() && name[0] != '0');
    }
    std::printf(
        "check and stored form: %zu resources, %zu bytes, %.0f resources/s\n",
        resources,
        bytes,
        static_cast<double>(resources) / seconds.count()
    );
}

}  // namespace
}  // namespace kangqu::fhir
