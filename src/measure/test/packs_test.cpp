#include "kangqu/measure/pack.hpp"
#include "kangqu/measure/pack_test.hpp"

#include <string>

#include <gtest/gtest.h>

namespace kangqu::measure {
namespace {

const std::string kPacks = std::string(KANGQU_SOURCE_DIR) + "/packs";

// Every pack of the product passes the tests its authors wrote.
TEST(Packs, PassTheirOwnTests) {
    const auto packs = LoadPacks(kPacks);
    ASSERT_TRUE(packs.ok()) << packs.error().Line();
    ASSERT_FALSE(packs->empty());
    for (const Pack& pack : *packs) {
        const auto outcome = RunPackTests(pack);
        ASSERT_TRUE(outcome.ok()) << outcome.error().Line();
        EXPECT_GT(outcome->passed, 0) << pack.name;
        for (const std::string& failure : outcome->failures) {
            ADD_FAILURE() << failure;
        }
    }
}

constexpr const char* kMeasure = R"({"resourceType":"Measure","id":"m",
 "library":["urn:library:Small"],
 "scoring":{"coding":[{"code":"proportion"}]},
 "group":[{"population":[
  {"code":{"coding":[{"code":"initial-population"}]},"criteria":{"expression":"In"}},
  {"code":{"coding":[{"code":"denominator"}]},"criteria":{"expression":"In"}},
  {"code":{"coding":[{"code":"numerator"}]},"criteria":{"expression":"Met"}}]}]})";

TEST(Logic, NamesTheReasonWhenALibraryDoesNotCompile) {
    const auto missing = MakeMeasure(kMeasure, {"library Small\ndefine \"In\": true"}, "m.json");
    ASSERT_FALSE(missing.ok());
    EXPECT_EQ(missing.error().code, core::ErrorCode::kExpressionUnknownName);
    EXPECT_EQ(missing.error().where, "m.json");
    const auto broken = MakeMeasure(
        kMeasure, {"library Small\ndefine \"In\": true\ndefine \"Met\": 1 +"}, "m.json"
    );
    ASSERT_FALSE(broken.ok());
    EXPECT_EQ(broken.error().where, "m.json:3:18");
}

}  // namespace
}  // namespace kangqu::measure
