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
    years_.clear();
    former_years_.clear();
    for (const View sentence : SplitOutside(paragraph, U"。\n")) {
        if (sentence.size() <= kMaxSentence) {
            ReadSentence(sentence);
        }
    }
}

void IndicatorReader::ReadSentence(View sentence) {
    const std::size_t before = out_.size();
    years_.clear();
    carried_year_ = false;
    carried_ = {};
    rate_head_ = {};
    basis_ = {};
    sharing_ = {};
    frequency_object_ = {};
    if (!names_.empty()) {
        prior_ = std::move(names_);
        names_.clear();
    }
    const std::vector<View> segments = SplitOutside(sentence, U",;");
    if (!former_years_.empty() && GoesOn(segments)) {
        years_ = former_years_;
        carried_year_ = true;
    }
    for (const View segment : segments) {
        ReadSegment(Trim(segment));
    }
    former_years_ = out_.size() > before ? years_ : std::vector<int>{};
}

bool IndicatorReader::GoesOn(const std::vector<View>& segments) const {
    for (const View raw : segments) {
        const View segment = Trim(raw);
        const std::vector<QuantityList> lists = FindQuantities(segment);
        if (lists.empty()) {
            continue;
        }
        if (lists.back().end != segment.size() ||
            !PrefixOf(segment, {U"力争", U"逐步", U"保持", U"确保", U"每年"}).empty()) {
            return false;
        }
        const Predicate predicate = FindPredicate(segment.substr(0, lists.back().begin));
        const View name = WithoutScope(predicate.subject);
        const bool kept = Contains(predicate.words, U"保持") || Contains(predicate.words, U"稳定");
        return predicate.found && !predicate.yearly && !kept && !BeginsWithAction(name) &&
               (NamesShare(name) || NamesAmount(name) || name.starts_with(U'每') ||
                IsCountUnit(lists.back().items.back().unit));
    }
    return false;
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
        // "比2015年降低", "由2020年的": where a change starts from.
        const bool based = at > 0 && View(U"比较由从与自在").find(segment[at - 1]) != View::npos;
        const auto years = starts && !based ? ReadYears(segment.substr(at)) : std::nullopt;
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
        carried_year_ = false;
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
        &IndicatorReader::ReadGrade,
        &IndicatorReader::ReadWhole,
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
        &IndicatorReader::ReadStatus,
        &IndicatorReader::ReadGrowth,
        &IndicatorReader::ReadMeasured,
    };
    if (part.empty() || out_.size() >= kPlanMaxIndicators) {
        return;
    }
    part_ = part;
    if (part.starts_with(U'以') && part.ends_with(U"为单位")) {
        basis_ = part;
        return;
    }
    for (const Rule rule : kRules) {
        if ((this->*rule)(part)) {
            carried_ = {};
            basis_ = {};  // of the rate behind it only
            return;
        }
    }
    const View bare = WithoutHope(part);
    const bool noun = (NamesShare(bare) || NamesAmount(bare) ||
                       !SuffixOf(bare, {U"测评", U"评审", U"评估", U"评价", U"等级"}).empty()) &&
                      !BeginsWithAction(bare) && FindQuantities(bare).empty();
    carried_ = noun ? bare : View{};
}

void IndicatorReader::Emit(const Subject& subject, Indicator facts, const std::vector<int>& years) {
    facts.name = subject.name;
    if (!basis_.empty() && NamesShare(subject.key)) {
        facts.name += "(" + Printed(basis_) + ")";
    }
    if (subject.composed) {
        facts.doubts.push_back({"composed-name", {}});
    }
    if (carried_year_ && !years.empty()) {
        facts.doubts.push_back({"year-carried", {}});
    }
    if (!part_.empty()) {
        facts.place = {source_.OffsetOf(part_), source_.OffsetOf(part_) + part_.size()};
    }
    const auto base = baselines_.find(subject.key);
    if (base != baselines_.end() && !facts.baseline) {
        facts.baseline = base->second.value;
        facts.baseline_year = base->second.year;
    }
    const bool change = facts.comparator == Comparator::kReduceBy ||
                        facts.comparator == Comparator::kIncreaseBy ||
                        facts.comparator == Comparator::kReduceByPerYear;
    if (change && !facts.baseline && !facts.baseline_year) {
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
