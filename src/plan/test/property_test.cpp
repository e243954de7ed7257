#include "kangqu/core/utf8.hpp"
#include "kangqu/plan/document.hpp"
#include "kangqu/plan/source.hpp"

#include "sample.hpp"
#include <string>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace kangqu::plan {
namespace {

// Edits a good document at random places: cuts, doubles and puts in characters that mean something.
std::string Mutated() {
    std::u32string text = core::DecodeUtf8(kSmallPlan);
    const std::u32string marks =
        U"()（）、,，;。:：“”《》\n0123456789%‰/万一二(责任单位年到分别至少";
    const int edits = *rc::gen::inRange(1, 30);
    for (int i = 0; i < edits && !text.empty(); ++i) {
        const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
        switch (*rc::gen::inRange(0, 3)) {
            case 0:
                text.erase(at, *rc::gen::inRange<std::size_t>(1, 12));
                break;
            case 1:
                text.insert(at, 1, marks[*rc::gen::inRange<std::size_t>(0, marks.size())]);
                break;
            default:
                text.insert(at, text.substr(at, *rc::gen::inRange<std::size_t>(1, 40)));
                break;
        }
    }
    return core::EncodeUtf8(text);
}

TEST(Properties, OffsetsAlwaysSliceTheTask) {
    EXPECT_TRUE(rc::check([] {
        const std::string text = Mutated();
        const auto plan = ReadPlan(text);
        if (!plan.ok()) {
            RC_ASSERT(plan.error().code == core::ErrorCode::kPlanNotADocument);
            return;
        }
        std::size_t last = 0;
        for (const Task& task : plan->tasks) {
            RC_ASSERT(SliceCodePoints(text, task.offset) == task.text);
            RC_ASSERT(task.offset.start >= last);
            RC_ASSERT(task.offset.end > task.offset.start);
            for (const Indicator& indicator : task.indicators) {
                RC_ASSERT(indicator.place.end >= indicator.place.start);
                RC_ASSERT(indicator.place.end <= core::CountCodePoints(text));
            }
            RC_ASSERT((task.mode == ResponsibilityMode::kNone) == task.units.empty());
            last = task.offset.end;
        }
        RC_ASSERT(!ToJson(*plan).empty());
    }));
}

// Arbitrary bytes are refused with a reason, or read.
TEST(Properties, AnyBytesHaveAnAnswer) {
    EXPECT_TRUE(rc::check([](const std::string& bytes) {
        const auto source = ReadSource(bytes, "x");
        if (source.ok()) {
            RC_ASSERT(!core::FindInvalidUtf8(source->text));
            const auto plan = ReadPlan(source->text);
            RC_ASSERT(plan.ok() || !plan.error().Line().empty());
        } else {
            RC_ASSERT(!source.error().Line().empty());
        }
    }));
}

}  // namespace
}  // namespace kangqu::plan
