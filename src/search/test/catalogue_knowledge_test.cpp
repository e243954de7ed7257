#include "kangqu/search/catalogue_knowledge.hpp"

#include <gtest/gtest.h>

namespace kangqu::search {
namespace {

TEST(CatalogueKnowledge, ValueSetsAndHierarchiesBecomeCodes) {
    const core::FixedClock clock(0);
    terminology::Terminology terminology(clock);
    ASSERT_TRUE(
        terminology
            .Add(
                terminology::Layer::kPack,
                {{R"({"resourceType":"CodeSystem","id":"c","url":"urn:c","status":"active",)"
                  R"("content":"complete","concept":[{"code":"a","concept":[{"code":"b"}]},{"code":"z"}]})",
                  "c"},
                 {R"({"resourceType":"ValueSet","id":"v","url":"urn:v","status":"active",)"
                  R"("compose":{"include":[{"system":"urn:c"}]}})",
                  "v"}}
            )
            .ok()
    );
    const CatalogueKnowledge knowledge(terminology.now());
    const auto codes = knowledge.CodesOf("urn:v", 10);
    ASSERT_TRUE(codes.ok());
    EXPECT_EQ(codes->size(), 3U);
    EXPECT_EQ(codes->front().system, "urn:c");
    EXPECT_EQ(knowledge.CodesOf("urn:v", 2).error().code, core::ErrorCode::kExpansionTooCostly);
    EXPECT_EQ(knowledge.CodesOf("urn:x", 2).error().code, core::ErrorCode::kValueSetUnknown);
    EXPECT_EQ(knowledge.Below({"urn:c", "a"}, 10)->size(), 2U);
    const auto above = knowledge.Above({"urn:c", "b"}, 10);
    ASSERT_TRUE(above.ok());
    ASSERT_EQ(above->size(), 2U);
    EXPECT_EQ(above->at(0).code, "a");
    EXPECT_EQ(knowledge.Canonical("1", "km")->value, 1000);
}

}  // namespace
}  // namespace kangqu::search
