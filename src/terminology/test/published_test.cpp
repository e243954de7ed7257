// What R4 publishes, as a whole.
#include "kangqu/terminology/terminology.hpp"

#include "support.hpp"
#include <set>

#include <gtest/gtest.h>

namespace kangqu::terminology {
namespace {

TEST(Published, EverythingCompilesButWhatNeedsOtherSystems) {
    const Terminology terminology(TestClock());
    const auto catalogue = terminology.now();
    EXPECT_GT(catalogue->Canonicals("CodeSystem").size(), 1000U);
    EXPECT_GT(catalogue->Canonicals("ValueSet").size(), 1200U);
    EXPECT_EQ(catalogue->Canonicals("ConceptMap").size(), 19U);
    std::multiset<std::string> reasons;
    for (const core::Error& error : catalogue->Check(Layer::kPublished)) {
        reasons.insert(error.Line());
    }
    for (const std::string& reason : reasons) {
        std::printf("%s\n", reason.c_str());
    }
}

}  // namespace
}  // namespace kangqu::terminology
