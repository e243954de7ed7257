#include "indicator_reader.hpp"

#include "kangqu/core/utf8.hpp"

#include <algorithm>

namespace kangqu::plan {

namespace {

// Sentences of plans have some hundred characters; longer ones are tables or noise.
constexpr std::size_t kMaxSentence = 1500;

// "甲达到3.9人、乙达到4.8人" -> two parts. "80%、85%" stays one.
std::vector<View> MeasuredParts(View segment) {
    std::vector<View> parts;
    const std::vector<bool> outside = OutsideBrackets(segment);
    std::size_t begin = 0;
    for (const QuantityList& list : FindQuantities(segment)) {
        const bool more = list.end + 1 < segment.size() && segment[list.end] == U'、';
        if (list.begin > begin && more && outside[list.end] && !IsDigit(segment[list.end + 1])) {
            parts.push_back(segment.substr(begin, list.end - begin));
            begin = list.end + 1;
        }
    }
    parts.push_back(segment.substr(begin));
    return parts;
}

}  // namespace

void IndicatorReader::Read(View paragraph) {
    for (const View sentence : SplitOutside(paragraph, U"。\n")) {
        if (sentence.size() <= kMaxSentence) {
            ReadSentence(sentence);
        }
    }
}

void IndicatorReader::ReadSentence(View sentence) {
    years_.clear();
    carried_ = {};
    rate_head_ = {};
    frequency_object_ = {};
    if (!names_.empty()) {
        prior_ = std::move(names_);
        names_.clear();
    }
    for (const View segment : SplitOutside(sentence, U",;")) {
        ReadSegment(Trim(segment));
    }
}

void IndicatorReader::ReadSegment(View segment) {
    held_ = {};
    ReadTimeCircles(segment);
    const std::vector<bool> outside = OutsideBrackets(segment);
    for (std::size_t at = 0; at < segment.size(); ++at) {
        const bool starts =
            outside[at] && (segment[at] == U'到' || segment[at] == U'至' || segment[at] == U'力' ||
                            segment[at] == U'截' ||
                            (IsDigit(segment[at]) && (at == 0 || !IsDigit(segment[at - 1]))));
        const auto years = starts ? ReadYears(segment.substr(at)) : std::nullopt;
        if (!years) {
            continue;
        }
        const View head = Trim(segment.substr(0, at));
        View rest = Trim(segment.substr(at + years->length));
        if (ReadBaseline(head, rest, *years)) {
            return;
        }
        if (!names_.empty()) {
            prior_ = std::move(names_);
            names_.clear();
        }
        years_ = years->years;
        rate_head_ = {};
        held_ = WithoutHope(head);
        segment = rest;
        break;
    }
    for (const View part : MeasuredParts(segment)) {
        ReadPart(Trim(part));
    }
}

bool IndicatorReader::ReadBaseline(View head, View rest, const YearPhrase& years) {
    View value = rest;
    if (!DropPrefix(value, {U"为", U"仅为", U"已为", U"已达到", U"已达", U"是"}) ||
        years.years.size() != 1) {
        return false;
    }
    const auto quantity = ReadQuantity(value, 0);
    const View subject = WithoutHope(head);
    if (!quantity || (subject.empty() && names_.empty())) {
        return false;
    }
    if (!subject.empty()) {
        names_ = SubjectsOf(subject, quantity->unit);
    }
    for (const Subject& name : names_) {
        baselines_[name.key] = {years.years.front(), quantity->value};
    }
    return true;
}

void IndicatorReader::ReadPart(View part) {
    using Rule = bool (IndicatorReader::*)(View);
    // The particular before the general; the first that understands the part has it.
    constexpr Rule kRules[] = {
        &IndicatorReader::ReadFullCoverage,
        &IndicatorReader::ReadCovers,
        &IndicatorReader::ReadNaturalBalance,
        &IndicatorReader::ReadRank,
        &IndicatorReader::ReadTrend,
        &IndicatorReader::ReadElimination,
        &IndicatorReader::ReadZeroGrowth,
        &IndicatorReader::ReadWordedLimit,
        &IndicatorReader::ReadAll,
        &IndicatorReader::ReadEach,
        &IndicatorReader::ReadEverybody,
        &IndicatorReader::ReadShareOfThings,
        &IndicatorReader::ReadShareInside,
        &IndicatorReader::ReadFrequency,
        &IndicatorReader::ReadHolding,
        &IndicatorReader::ReadHolds,
        &IndicatorReader::ReadSkill,
        &IndicatorReader::ReadAtLeastSome,
        &IndicatorReader::ReadCreation,
        &IndicatorReader::ReadMeasured,
    };
    if (part.empty() || out_.size() >= kPlanMaxIndicators) {
        return;
    }
    for (const Rule rule : kRules) {
        if ((this->*rule)(part)) {
            carried_ = {};
            return;
        }
    }
    const View bare = WithoutHope(part);
    const bool noun = (NamesShare(bare) || NamesAmount(bare)) && !BeginsWithAction(bare) &&
                      FindQuantities(bare).empty();
    carried_ = noun ? bare : View{};
}

void IndicatorReader::Emit(const Subject& subject, Indicator facts, const std::vector<int>& years) {
    facts.name = subject.name;
    if (subject.composed) {
        facts.doubts.push_back({"composed-name", {}});
    }
    const auto base = baselines_.find(subject.key);
    if (base != baselines_.end()) {
        facts.baseline = base->second.value;
        facts.baseline_year = base->second.year;
    }
    const bool change = facts.comparator == Comparator::kReduceBy ||
                        facts.comparator == Comparator::kIncreaseBy ||
                        facts.comparator == Comparator::kReduceByPerYear;
    if (change && !facts.baseline) {
        facts.doubts.push_back({"no-baseline", facts.words});
    }
    const bool known = std::any_of(names_.begin(), names_.end(), [&subject](const Subject& name) {
        return name.key == subject.key;
    });
    if (!known) {
        names_.push_back(subject);
    }
    for (std::size_t i = 0; i < std::max<std::size_t>(years.size(), 1); ++i) {
        facts.year = years.empty() ? std::nullopt : std::optional<int>(years[i]);
        out_.push_back(facts);
    }
}

void IndicatorReader::EmitShare(
    const Subject& subject,
    double percent,
    Comparator comparator,
    View words
) {
    Indicator facts;
    facts.comparator = comparator;
    facts.value = percent;
    facts.unit = "%";
    facts.words = Printed(words);
    Emit(subject, std::move(facts), years_);
}

}  // namespace kangqu::plan
