// Targets whose value is a word: places among others, ranges and limits named elsewhere, falling
// trends, elimination.
#include "indicator_reader.hpp"
#include <algorithm>

namespace kangqu::plan {

namespace {

constexpr std::initializer_list<View> kRankVerbs =
    {U"进入", U"位居", U"位列", U"跻身", U"居于", U"排名"};
constexpr std::initializer_list<View> kRankPlaces =
    {U"第一方阵", U"前列", U"先进行列", U"领先水平", U"第一梯队", U"先进水平"};

Indicator WordsOf(std::string value, Comparator comparator, std::string unit, std::string words) {
    Indicator facts;
    facts.value = std::move(value);
    facts.comparator = comparator;
    facts.unit = std::move(unit);
    facts.words = std::move(words);
    return facts;
}

}  // namespace

bool IndicatorReader::ReadRank(View part) {
    const View place = SuffixOf(part, kRankPlaces);
    if (place.empty() || BeginsWithAction(part)) {
        return false;
    }
    for (const View verb : kRankVerbs) {
        const std::size_t at = part.rfind(verb);
        if (at == View::npos || at < 2 || at + verb.size() + 8 + place.size() < part.size()) {
            continue;
        }
        View subject = WithoutScope(WithoutHope(part.substr(0, at)));
        DropSuffix(subject, {U"等重要指标", U"等主要指标", U"等指标", U"等"});
        Emit(
            MakeSubject(source_, {subject, U"位次"}),
            WordsOf(
                source_.Named(part.substr(at + verb.size())),
                Comparator::kRank,
                "位次",
                Printed(part.substr(at))
            ),
            years_
        );
        return true;
    }
    return false;
}

// "出生人口性别比实现自然平衡"
bool IndicatorReader::ReadNaturalBalance(View part) {
    View words = part;
    if (!DropSuffix(words, {U"自然平衡"})) {
        return false;
    }
    DropSuffix(words, {U"基本实现", U"实现", U"保持", U"趋于", U"达到"});
    const View said = part.substr(words.size());
    words = WithoutHope(words);
    if (!NamesShare(words)) {
        return false;
    }
    Emit(
        MakeSubject(source_, {words}),
        WordsOf("自然平衡", Comparator::kInRange, FinishedUnit(words, {}), Printed(said)),
        years_
    );
    return true;
}

// "新发某病报告率持续下降", "甲数,乙人数和丙率逐年下降"
bool IndicatorReader::ReadTrend(View part) {
    View words = part;
    const View fall =
        SuffixOf(words, {U"持续下降", U"逐年下降", U"持续降低",   U"逐年降低", U"稳步下降",
                         U"持续减少", U"逐年减少", U"明显下降",   U"显著下降", U"有所下降",
                         U"大幅下降", U"逐步下降", U"进一步下降", U"增速下降", U"明显降低",
                         U"显著降低", U"有所降低", U"大幅降低",   U"逐步降低", U"进一步降低",
                         U"稳步降低", U"明显减少", U"显著减少",   U"逐步减少", U"大幅减少"});
    words.remove_suffix(fall.size());
    DropSuffix(words, {U"实现", U"得到", U"均", U"呈"});
    words = WithoutHope(words);
    if (fall.empty() || !(NamesShare(words) || NamesAmount(words)) || BeginsWithAction(words)) {
        return false;
    }
    Subject subject = carried_.empty() ? MakeSubject(source_, {words})
                                       : MakeSubject(source_, {carried_, U"、", words});
    const View said = part.substr(part.size() - fall.size());
    Emit(subject, WordsOf(source_.Named(said), Comparator::kTrendDown, "", Printed(said)), years_);
    return true;
}

// "总体消除甲" where a share of 甲 was a target before; "甲总体得到消除".
bool IndicatorReader::ReadElimination(View part) {
    constexpr View kDone = U"消除";
    View words = WithoutHope(part);
    if (View subject = words; DropSuffix(subject, {U"得到消除", U"消除"})) {
        DropSuffix(subject, {U"总体", U"基本", U"全面", U"实现"});
        if (subject.size() < 3 || BeginsWithAction(subject)) {
            return false;
        }
        Emit(
            MakeSubject(source_, {subject}),
            WordsOf("总体消除", Comparator::kEqual, "", Printed(words.substr(subject.size()))),
            years_
        );
        return true;
    }
    const std::size_t at = words.find(kDone);
    if (at == View::npos || at > 2) {
        return false;
    }
    const View thing = words.substr(at + kDone.size());
    const bool measured_before =
        std::any_of(prior_.begin(), prior_.end(), [thing](const Subject& s) {
            return thing.size() >= 3 && Contains(s.key, thing);
        });
    if (!measured_before) {
        return false;
    }
    const View said = words.substr(0, at + kDone.size());
    Emit(
        MakeSubject(source_, {thing}),
        WordsOf(source_.Named(said), Comparator::kEqual, "", Printed(said)),
        years_
    );
    return true;
}

// "化肥、农药使用零增长" -> 化肥、农药使用增长率 <= 0
bool IndicatorReader::ReadZeroGrowth(View part) {
    View words = part;
    if (!DropSuffix(words, {U"零增长"})) {
        return false;
    }
    const View said = part.substr(words.size());
    words = WithoutHope(words);
    DropPrefix(words, {U"实施"});
    DropSuffix(words, {U"实现"});
    if (words.size() < 2) {
        return false;
    }
    EmitShare(MakeSubject(source_, {words, U"增长率"}), 0.0, Comparator::kAtMost, said);
    return true;
}

// "保持在国家确定的控制值以内": the number stands in another document.
bool IndicatorReader::ReadWordedLimit(View part) {
    View words = WithoutHope(part);
    const std::size_t at = std::min(words.find(U"保持在"), words.find(U"控制在"));
    if (at == View::npos || !FindQuantities(part).empty()) {
        return false;
    }
    View limit = words.substr(at + 3);
    if (!DropSuffix(limit, {U"以内", U"以下"}) ||
        SuffixOf(limit, {U"控制值", U"标准", U"目标值", U"限值"}).empty()) {
        return false;
    }
    View name = words.substr(0, at);
    name = name.empty() ? held_ : name;
    std::vector<Subject> subjects =
        name.empty() ? prior_ : std::vector{MakeSubject(source_, {name})};
    for (const Subject& subject : subjects) {
        // A share keeps the unit it was given before.
        std::string unit;
        for (const Indicator& before : out_) {
            unit = before.name == subject.name ? before.unit : unit;
        }
        Emit(
            subject,
            WordsOf(source_.Named(limit), Comparator::kAtMost, unit, Printed(words.substr(at))),
            years_
        );
    }
    return !subjects.empty();
}

}  // namespace kangqu::plan
