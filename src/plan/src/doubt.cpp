// What doubts say to a person, and how much each takes from the confidence.
#include "kangqu/plan/document.hpp"

#include <algorithm>

namespace kangqu::plan {

namespace {

struct DoubtFacts {
    std::string_view code;
    double weight;
    std::string_view zh;
    std::string_view en;
};

constexpr DoubtFacts kDoubts[] = {
    {"composed-name",
     0.1,
     "名称由句中词语拼成，不是原文",
     "The name is put together from the sentence"},
    {"no-baseline", 0.1, "没有给出变化的起点", "The value the change starts from is not given"},
    {"values-unmatched",
     0.5,
     "数值个数与年份、名称对不上",
     "The numbers fit neither the years nor the names"},
    {"year-carried", 0.2, "年份取自上一句", "The year is that of the sentence before"},
    {"unit-assumed", 0.1, "单位按名称推定", "The unit is implied by the name"},
    {"urged", 0.3, "原文为“推进”，不一定是硬指标", "The text only urges this on"},
    {"unclosed-clause", 0.3, "责任单位的括号没有闭合", "The bracket of the units is not closed"},
    {"noisy-number", 0.2, "编号里夹有杂字", "Foreign characters stand inside the number"},
    {"no-units", 0.3, "没有写明责任单位", "No responsible unit is named"},
    {"repeated", 0.1, "同一任务在文中出现多次", "The same task is printed more than once"},
    {"odd-unit", 0.3, "单位与名称不符", "Name and unit disagree"},
    {"no-sign", 0.1, "表中没有印出方向符号", "The number is printed without a sign"},
    {"reference-column",
     0.2,
     "这一列是上级目标，供对照",
     "This column is another level's target, for comparison"},
};

}  // namespace

std::string_view TextOf(const Doubt& doubt, core::Language language) noexcept {
    for (const DoubtFacts& facts : kDoubts) {
        if (facts.code == doubt.code) {
            return language == core::Language::kZh ? facts.zh : facts.en;
        }
    }
    return {};
}

double ConfidenceOf(const std::vector<Doubt>& doubts) noexcept {
    double confidence = 1.0;
    for (const DoubtFacts& facts : kDoubts) {
        const bool there = std::any_of(doubts.begin(), doubts.end(), [&facts](const Doubt& doubt) {
            return doubt.code == facts.code;
        });
        confidence *= there ? 1.0 - facts.weight : 1.0;
    }
    return confidence;
}

}  // namespace kangqu::plan
