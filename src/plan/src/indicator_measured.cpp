// "甲率达到a", "甲率分别控制在a、b以下": a name, a predicate, numbers.
#include "kangqu/core/utf8.hpp"

#include "indicator_reader.hpp"
#include <algorithm>

namespace kangqu::plan {

namespace {

constexpr std::size_t kMaxName = 60;
constexpr std::size_t kMaxQualifier = 8;

struct Verb {
    View word;
    Comparator comparator;
};

// Longer words before those they contain.
constexpr Verb kVerbs[] = {
    {U"不低于", Comparator::kAtLeast},  {U"不少于", Comparator::kAtLeast},
    {U"不小于", Comparator::kAtLeast},  {U"提高到", Comparator::kAtLeast},
    {U"提高至", Comparator::kAtLeast},  {U"提升到", Comparator::kAtLeast},
    {U"提升至", Comparator::kAtLeast},  {U"增加到", Comparator::kAtLeast},
    {U"增加至", Comparator::kAtLeast},  {U"增长到", Comparator::kAtLeast},
    {U"上升到", Comparator::kAtLeast},  {U"上升至", Comparator::kAtLeast},
    {U"扩大到", Comparator::kAtLeast},  {U"保持在", Comparator::kAtLeast},
    {U"稳定在", Comparator::kAtLeast},  {U"维持在", Comparator::kAtLeast},
    {U"不高于", Comparator::kAtMost},   {U"不超过", Comparator::kAtMost},
    {U"不大于", Comparator::kAtMost},   {U"控制在", Comparator::kAtMost},
    {U"控制到", Comparator::kAtMost},   {U"降低到", Comparator::kAtMost},
    {U"降低至", Comparator::kAtMost},   {U"下降到", Comparator::kAtMost},
    {U"下降至", Comparator::kAtMost},   {U"减少到", Comparator::kAtMost},
    {U"减少至", Comparator::kAtMost},   {U"压减到", Comparator::kAtMost},
    {U"降至", Comparator::kAtMost},     {U"降到", Comparator::kAtMost},
    {U"达到", Comparator::kAtLeast},    {U"至少", Comparator::kAtLeast},
    {U"超过", Comparator::kAbove},      {U"高于", Comparator::kAbove},
    {U"大于", Comparator::kAbove},      {U"低于", Comparator::kBelow},
    {U"小于", Comparator::kBelow},      {U"保持", Comparator::kAtLeast},
    {U"拥有", Comparator::kAtLeast},    {U"提高", Comparator::kIncreaseBy},
    {U"提升", Comparator::kIncreaseBy}, {U"增加", Comparator::kIncreaseBy},
    {U"增长", Comparator::kIncreaseBy}, {U"上升", Comparator::kIncreaseBy},
    {U"下降", Comparator::kReduceBy},   {U"降低", Comparator::kReduceBy},
    {U"减少", Comparator::kReduceBy},   {U"达", Comparator::kAtLeast},
    {U"≥", Comparator::kAtLeast},       {U"≤", Comparator::kAtMost},
    {U"为", Comparator::kAtLeast},
};

constexpr std::initializer_list<View> kAdverbs = {
    U"分别",
    U"均",
    U"都",
    U"总体",
    U"力争",
    U"逐步",
    U"基本",
    U"平均",
    U"应",
    U"要",
    U"将",
    U"全部",
    U"全面",
    U"稳定",
    U"再",
    U"总数"};

bool IsChange(Comparator comparator) noexcept {
    return comparator == Comparator::kIncreaseBy || comparator == Comparator::kReduceBy ||
           comparator == Comparator::kReduceByPerYear;
}

Comparator Compared(Comparator verb, const Quantity& quantity) noexcept {
    if (quantity.high) {
        return Comparator::kBetween;
    }
    if (IsChange(verb)) {
        return verb;
    }
    switch (quantity.bound) {
        case Bound::kAtLeast:
            return Comparator::kAtLeast;
        case Bound::kAtMost:
            return Comparator::kAtMost;
        case Bound::kAbout:
            return Comparator::kAbout;
        case Bound::kNone:
            break;
    }
    // Nothing lies above the whole.
    const bool whole = quantity.unit == U"%" && quantity.value >= 100.0;
    return whole && verb == Comparator::kAtLeast ? Comparator::kEqual : verb;
}

// The predicate stands right before the number, but for "约" or, behind 达到, a qualifier.
bool Reaches(View between, View verb) noexcept {
    between = Trim(between);
    if (between.empty() || between == U"约" || between == U"在") {
        return true;
    }
    return verb == U"达到" && between.size() <= kMaxQualifier &&
           SuffixOf(between, {U"率", U"比例", U"比重", U"数", U"量"}).empty();
}

// "以某某为单位的甲率" -> 甲率(以某某为单位)
std::optional<std::pair<View, View>> SplitBasis(View words) noexcept {
    constexpr View kMark = U"为单位的";
    const std::size_t mark = words.find(kMark);
    if (!words.starts_with(U'以') || mark == View::npos) {
        return std::nullopt;
    }
    return std::pair{words.substr(mark + kMark.size()), words.substr(0, mark + kMark.size() - 1)};
}

// A qualifier goes behind the verb of taking part: "每周参与" + "中等强度" + "体育活动".
Subject Qualified(const SourceText& source, View words, View qualifier) {
    for (const View verb : {View(U"参与"), View(U"参加"), View(U"开展"), View(U"接受")}) {
        const std::size_t at = words.find(verb);
        if (at != View::npos) {
            const std::size_t cut = at + verb.size();
            return MakeSubject(source, {words.substr(0, cut), qualifier, words.substr(cut)});
        }
    }
    return MakeSubject(source, {words});
}

}  // namespace

IndicatorReader::Predicate IndicatorReader::FindPredicate(View head) const {
    Predicate best;
    best.subject = head;
    const std::vector<bool> outside = OutsideBrackets(head);
    std::size_t best_end = 0;
    std::size_t best_at = 0;
    for (const Verb& verb : kVerbs) {
        const std::size_t at = head.rfind(verb.word);
        const std::size_t end = at == View::npos ? 0 : at + verb.word.size();
        if (end <= best_end || !outside[at] || !Reaches(head.substr(end), verb.word)) {
            continue;
        }
        // "提高到" beats "到"; a shorter word inside a longer one already found does not count.
        if (best.found && at >= best_at && at < best_end) {
            continue;
        }
        best.found = true;
        best.comparator = verb.comparator;
        best_at = at;
        best_end = end;
    }
    if (best.found) {
        best.subject = head.substr(0, best_at);
        best.qualifier = Trim(head.substr(best_end));
        if (best.qualifier == U"约" || best.qualifier == U"在") {
            best.qualifier = {};
        }
    }
    View subject = Trim(best.subject);
    while (DropSuffix(subject, kAdverbs)) {
        subject = Trim(subject);
    }
    if (best.comparator == Comparator::kReduceBy &&
        DropSuffix(subject, {U"每年", U"年均", U"逐年"})) {
        best.comparator = Comparator::kReduceByPerYear;
    }
    best.words = head.substr(subject.size());
    best.subject = subject;
    return best;
}

std::vector<Subject> IndicatorReader::SubjectsOf(View words, View unit) {
    words = WithoutHope(words);
    const bool counted = IsCountUnit(unit) || words.ends_with(U"人数");
    if (counted || Contains(words, U"所有")) {
        words = WithoutScope(words);
    }
    // "对某人群的甲率" is the 甲率 of 某人群.
    const std::size_t of = words.find(U'的');
    if (words.starts_with(U'对') && of != View::npos) {
        return {FinishedName(
            MakeSubject(source_, {words.substr(1, of - 1), words.substr(of + 1)}), unit
        )};
    }
    if (const auto basis = SplitBasis(words)) {
        return {MakeSubject(source_, {basis->first, U"(", basis->second, U")"})};
    }
    if (!PrefixOf(words, {U"每千", U"每万", U"每百万", U"每十万"}).empty() && IsCountUnit(unit)) {
        const std::size_t people = words.find(U'人');
        const bool mouth = people != View::npos && words.substr(people + 1).starts_with(U'口');
        rate_head_ = people == View::npos ? View{} : words.substr(0, people + (mouth ? 2U : 1U));
        return {MakeSubject(source_, {words})};
    }
    if (!rate_head_.empty() && IsCountUnit(unit)) {
        return {MakeSubject(source_, {rate_head_, words})};
    }
    DropSuffix(words, {U"的"});
    std::vector<Subject> subjects = SplitSubjects(source_, words);
    for (Subject& subject : subjects) {
        subject = FinishedName(std::move(subject), unit);
    }
    return subjects;
}

bool IndicatorReader::ReadMeasured(View part) {
    const std::vector<QuantityList> lists = FindQuantities(part);
    if (lists.empty() || lists.back().end != part.size()) {
        return false;
    }
    const QuantityList& list = lists.back();
    Predicate predicate = FindPredicate(part.substr(0, list.begin));
    View words = WithoutHope(predicate.subject);
    DropPrefix(words, {U"在2020年的基础上", U"在此基础上"});
    const View unit = list.items.back().unit;
    std::vector<Subject> subjects;
    const bool inherited = words.empty() && held_.empty();
    if (inherited) {
        subjects = names_.empty() ? prior_ : names_;
    } else {
        words = words.empty() ? held_ : words;
        if (words.size() > kMaxName || words.size() < 2 || BeginsWithAction(words)) {
            return false;
        }
        subjects = predicate.qualifier.empty()
                       ? SubjectsOf(words, unit)
                       : std::vector{FinishedName(
                             Qualified(source_, WithoutHope(words), predicate.qualifier), unit
                         )};
    }
    const View key = subjects.empty() ? View{} : View(subjects.front().key);
    const bool measurable =
        NamesShare(key) || NamesAmount(key) || Contains(key, U"每") || key.starts_with(U"人均");
    if (subjects.empty() || (!inherited && !measurable) ||
        (!predicate.found && !NamesShare(key) && !NamesAmount(key))) {
        return false;
    }
    EmitList(subjects, predicate, list, inherited);
    return true;
}

void IndicatorReader::EmitList(
    const std::vector<Subject>& subjects,
    const Predicate& predicate,
    const QuantityList& list,
    bool inherited
) {
    const std::size_t values = list.items.size();
    const std::u32string unit(list.items.back().unit);
    const View words = list.items.back().span;
    const View from = predicate.words.empty() ? list.items.front().span : predicate.words;
    const View printed(
        from.data(), static_cast<std::size_t>(words.data() + words.size() - from.data())
    );
    const std::vector<Subject> names = subjects;  // Emit changes names_, which it may alias
    const bool over_years = values == years_.size() && values > 1;
    const bool over_names = values == names.size() && values > 1;
    if (values > 1 && !over_years && !over_names) {
        doubts_.push_back({"values-unmatched", Printed(printed)});
        return;
    }
    for (std::size_t n = 0; n < names.size(); ++n) {
        if (over_names && (inherited || !over_years)) {
            EmitQuantity(names[n], predicate, list.items[n], unit, years_, printed);
            continue;
        }
        if (!over_years) {
            EmitQuantity(names[n], predicate, list.items.front(), unit, years_, printed);
            continue;
        }
        for (std::size_t y = 0; y < values; ++y) {
            EmitQuantity(names[n], predicate, list.items[y], unit, {years_[y]}, printed);
        }
    }
}

void IndicatorReader::EmitQuantity(
    const Subject& subject,
    const Predicate& predicate,
    const Quantity& quantity,
    View unit,
    const std::vector<int>& years,
    View words
) {
    Indicator facts;
    facts.comparator = Compared(predicate.comparator, quantity);
    if (quantity.high) {
        facts.value = ValueRange{quantity.value, *quantity.high};
    } else {
        facts.value = quantity.value;
    }
    std::u32string printed(quantity.unit.empty() && quantity.per.empty() ? unit : quantity.unit);
    if (!quantity.per.empty()) {
        printed += U'/';
        printed += quantity.per;
    }
    const bool given = !printed.empty();
    facts.unit = FinishedUnit(subject.key, printed);
    if (facts.comparator == Comparator::kReduceByPerYear) {
        facts.unit += "/年";
    }
    if (!given && !facts.unit.empty()) {
        facts.doubts.push_back({"unit-assumed", facts.unit});
    }
    facts.words = Printed(words);
    Emit(subject, std::move(facts), years);
}

}  // namespace kangqu::plan
