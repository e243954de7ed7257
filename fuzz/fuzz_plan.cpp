// Any bytes: refused, or read to tasks whose offsets slice the text to what they hold, and written
// as JSON that parses.
#include "kangqu/core/json.hpp"
#include "kangqu/core/utf8.hpp"
#include "kangqu/plan/document.hpp"
#include "kangqu/plan/review.hpp"
#include "kangqu/plan/source.hpp"
#include "kangqu/plan/target.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(reinterpret_cast<const char*>(data), size);
    // The PDF library has fuzzers of its own.
    if (bytes.find("%PDF-") != std::string::npos) {
        return 0;
    }
    const auto source = kangqu::plan::ReadSource(bytes, "fuzz");
    if (!source.ok()) {
        return 0;
    }
    const std::string& text = source->text;
    if (kangqu::core::FindInvalidUtf8(text)) {
        std::abort();
    }
    const auto plan = kangqu::plan::ReadPlan(text);
    if (!plan.ok()) {
        return 0;
    }
    for (const kangqu::plan::Task& task : plan->tasks) {
        if (kangqu::plan::SliceCodePoints(text, task.offset) != task.text) {
            std::abort();
        }
    }
    const std::size_t whole = kangqu::core::CountCodePoints(text);
    for (const kangqu::plan::Indicator& indicator : plan->indicators) {
        if (indicator.place.end > whole || indicator.place.start > indicator.place.end) {
            std::abort();
        }
    }
    for (const kangqu::plan::Target& target : kangqu::plan::TargetsOf(*plan)) {
        kangqu::plan::TargetQuestion question;
        question.milestones = target.milestones;
        question.baseline = target.baseline;
        question.actual = 50.0;
        question.period = {2027, 0.5};
        kangqu::plan::Judge(question);
    }
    if (!kangqu::core::JsonDocument::Parse(kangqu::plan::ToJson(*plan)).ok()) {
        std::abort();
    }
    return 0;
}
