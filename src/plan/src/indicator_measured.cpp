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
    {U"不低于", Comparator::kAtLeast},   {U"不少于", Comparator::kAtLeast},
    {U"不小于", Comparator::kAtLeast},   {U"提高到", Comparator::kAtLeast},
    {U"提高至", Comparator::kAtLeast},   {U"提升到", Comparator::kAtLeast},
    {U"提升至", Comparator::kAtLeast},   {U"增加到", Comparator::kAtLeast},
    {U"增加至", Comparator::kAtLeast},   {U"增长到", Comparator::kAtLeast},
    {U"上升到", Comparator::kAtLeast},   {U"上升至", Comparator::kAtLeast},
    {U"扩大到", Comparator::kAtLeast},   {U"保持在", Comparator::kAtLeast},
    {U"稳定在", Comparator::kAtLeast},   {U"维持在", Comparator::kAtLeast},
    {U"不高于", Comparator::kAtMost},    {U"不超过", Comparator::kAtMost},
    {U"不大于", Comparator::kAtMost},    {U"控制在", Comparator::kAtMost},
    {U"控制到", Comparator::kAtMost},    {U"降低到", Comparator::kAtMost},
    {U"降低至", Comparator::kAtMost},    {U"下降到", Comparator::kAtMost},
    {U"下降至", Comparator::kAtMost},    {U"减少到", Comparator::kAtMost},
    {U"减少至", Comparator::kAtMost},    {U"压减到", Comparator::kAtMost},
    {U"降至", Comparator::kAtMost},      {U"降到", Comparator::kAtMost},
    {U"不得低于", Comparator::kAtLeast}, {U"不得高于", Comparator::kAtMost},
    {U"不得超过", Comparator::kAtMost},  {U"不多于", Comparator::kAtMost},
    {U"提高为", Comparator::kAtLeast},   {U"提升为", Comparator::kAtLeast},
    {U"增至", Comparator::kAtLeast},     {U"增到", Comparator::kAtLeast},
    {U"升至", Comparator::kAtLeast},     {U"提至", Comparator::kAtLeast},
    {U"增长至", Comparator::kAtLeast},   {U"缩短到", Comparator::kAtMost},
    {U"缩短至", Comparator::kAtMost},    {U"缩小到", Comparator::kAtMost},
    {U"缩小至", Comparator::kAtMost},    {U"压缩到", Comparator::kAtMost},
    {U"压减至", Comparator::kAtMost},    {U"下降为", Comparator::kAtMost},
    {U"降低为", Comparator::kAtMost},    {U"突破", Comparator::kAbove},
    {U"保证在", Comparator::kAtLeast},   {U"缩短", Comparator::kReduceBy},
    {U"稳定到", Comparator::kAtLeast},   {U"控制", Comparator::kAtMost},
    {U"递减", Comparator::kReduceBy},    {U"递增", Comparator::kIncreaseBy},
    {U"达到", Comparator::kAtLeast},     {U"至少", Comparator::kAtLeast},
    {U"超过", Comparator::kAbove},       {U"高于", Comparator::kAbove},
    {U"大于", Comparator::kAbove},       {U"低于", Comparator::kBelow},
    {U"小于", Comparator::kBelow},       {U"保持", Comparator::kAtLeast},
    {U"拥有", Comparator::kAtLeast},     {U"提高", Comparator::kIncreaseBy},
    {U"提升", Comparator::kIncreaseBy},  {U"增加", Comparator::kIncreaseBy},
    {U"增长", Comparator::kIncreaseBy},  {U"上升", Comparator::kIncreaseBy},
    {U"下降", Comparator::kReduceBy},    {U"降低", Comparator::kReduceBy},
    {U"减少", Comparator::kReduceBy},    {U"达", Comparator::kAtLeast},
    {U"≥", Comparator::kAtLeast},        {U"≤", Comparator::kAtMost},
    {U"为", Comparator::kAtLeast},
};

constexpr std::initializer_list<View> kAdverbs = {
    U"分别",   U"均",   U"都",   U"总体", U"力争", U"逐步", U"基本", U"平均",
    U"应",     U"要",   U"将",   U"全部", U"全面", U"稳定", U"再",   U"也",
    U"进一步", U"继续", U"稳步", U"持续", U"至少", U"共",   U"总数"};

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

// The four digits of "2015年", or nothing.
std::optional<int> ReadPlainYear(View text) {
    const bool four =
        text.size() > 4 && text[4] == U'年' && std::all_of(text.begin(), text.begin() + 4, IsDigit);
    if (!four) {
        return std::nullopt;
    }
    int year = 0;
    for (const char32_t c : text.substr(0, 4)) {
        year = year * 10 + static_cast<int>(c - U'0');
    }
    return year;
}

}  // namespace

BasePhrase CutBase(View& subject) {
    constexpr std::size_t kMaxPhrase = 24;
    const std::size_t from = subject.size() - std::min(subject.size(), kMaxPhrase);
    BasePhrase base;
    for (std::size_t at = subject.size(); at-- > from;) {
        if (View(U"比较由从在与自").find(subject[at]) == View::npos) {
            continue;
        }
        const View phrase = subject.substr(at);
        View rest = phrase.substr(1);
        const bool figures =
            ReadPlainYear(rest).has_value() || (subject[at] != U'与' && ReadQuantity(rest, 0));
        const bool named = !PrefixOf(
                                rest,
                                {U"上年",
                                 U"上一年",
                                 U"“十",
                                 U"十三五",
                                 U"十四五",
                                 U"基期",
                                 U"现状",
                                 U"基线",
                                 U"目前",
                                 U"同期",
                                 U"此"}
        )
                                .empty();
        const bool ground = Contains(rest, U"基础上");
        if (!figures && !named && !ground) {
            continue;
        }
        if (subject[at] == U'在' && !ground) {
            continue;
        }
        if (const auto year = ReadPlainYear(rest)) {
            base.year = *year;
            rest = rest.substr(5);
            DropPrefix(rest, {U"年底", U"底", U"年末", U"末"});
        }
        DropPrefix(rest, {U"的"});
        if (const auto value = ReadQuantity(rest, 0)) {
            base.value = value->value;
        }
        subject = Trim(subject.substr(0, at));
        base.found = true;
        return base;
    }
    return base;
}

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
    const bool change = IsChange(best.comparator);
    while (true) {
        if (change && DropSuffix(subject, {U"每年", U"年均", U"逐年", U"年平均"})) {
            best.yearly = true;
        } else if (!DropSuffix(subject, kAdverbs)) {
            break;
        }
        subject = Trim(subject);
    }
    if (best.yearly && best.comparator == Comparator::kReduceBy) {
        best.comparator = Comparator::kReduceByPerYear;
    }
    if (best.found) {
        best.base = CutBase(subject);
        while (DropSuffix(subject, kAdverbs)) {
            subject = Trim(subject);
        }
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

namespace {

// Behind the number only words that add nothing may stand.
View WithoutTail(View part) noexcept {
    // "达到80%(含流动人口)": a remark.
    if (const std::size_t open = part.rfind(U'('); part.ends_with(U')') && open != View::npos) {
        return Trim(part.substr(0, open));
    }
    part.remove_suffix(
        SuffixOf(
            part,
            {U"的水平", U"的目标", U"的标准", U"的要求", U"之间", U"水平", U"的比例", U"的目标值"}
        )
            .size()
    );
    return part;
}

// "建设无烟机关达90%以上": what is done is not part of the name of a share.
View WithoutDoing(View words) noexcept {
    DropPrefix(words, {U"建设", U"建成", U"创建", U"打造", U"培育", U"新增", U"开展"});
    return words;
}

}  // namespace

bool IndicatorReader::ReadMeasured(View printed) {
    View part = printed;
    std::vector<QuantityList> lists = FindQuantities(part);
    if (!lists.empty() && lists.back().end != part.size()) {
        part = WithoutTail(part);
        lists = FindQuantities(part);
    }
    if (lists.empty() || lists.back().end != part.size()) {
        return false;
    }
    const QuantityList& list = lists.back();
    Predicate predicate = FindPredicate(part.substr(0, list.begin));
    View words = WithoutHope(predicate.subject);
    if (DropPrefix(words, {U"每年"})) {
        predicate.every = U"/年";
    } else if (DropPrefix(words, {U"每月"})) {
        predicate.every = U"/月";
    } else if (!Contains(words, U"每周参") && DropPrefix(words, {U"每周"})) {
        predicate.every = U"/周";
    }
    const View unit = list.items.back().unit;
    std::vector<Subject> subjects;
    const bool inherited = words.empty() && held_.empty();
    if (inherited) {
        subjects = names_.empty() ? prior_ : names_;
    } else {
        words = words.empty() ? held_ : words;
        if (BeginsWithAction(words) && unit == U"%" && predicate.found) {
            words = WithoutDoing(words);
        }
        const bool done = BeginsWithAction(words) && predicate.every.empty();
        if (words.size() > kMaxName || words.size() < 2 || done) {
            return false;
        }
        subjects = predicate.qualifier.empty()
                       ? SubjectsOf(words, unit)
                       : std::vector{FinishedName(
                             Qualified(source_, WithoutHope(words), predicate.qualifier), unit
                         )};
    }
    if (subjects.empty()) {
        return false;
    }
    const View key = subjects.front().key;
    const bool named = NamesShare(key) || NamesAmount(key);
    // "每万人拥有健身组织9个": the verb stands before the thing.
    const bool owned = Contains(key, U"每") && IsCountUnit(unit) &&
                       (Contains(key, U"拥有") || Contains(key, U"配备") || Contains(key, U"配置"));
    predicate.found = predicate.found || owned;
    const bool measured = predicate.found && predicate.words.size() >= 2 && !unit.empty();
    const bool measurable = named || measured || Contains(key, U"每") || key.starts_with(U"人均");
    if ((!inherited && !measurable) || (!predicate.found && !named)) {
        return false;
    }
    if (!predicate.found && !inherited && IsCountUnit(unit) && list.items.size() == 1 &&
        !Contains(key, U"每")) {
        // "重症床位20张": a number that stands alone is a fixed one.
        predicate.comparator = Comparator::kEqual;
        subjects = {MakeSubject(source_, {words})};
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
        EmitUnmatched(names, predicate, list);
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

// More values than years or names: each is kept without a year, and a person has to look.
void IndicatorReader::EmitUnmatched(
    const std::vector<Subject>& names,
    const Predicate& predicate,
    const QuantityList& list
) {
    constexpr std::size_t kMaxUnmatched = 8;
    const View printed = predicate.words.empty() ? list.items.front().span : predicate.words;
    doubts_.push_back({"values-unmatched", Printed(printed)});
    if (names.size() * list.items.size() > kMaxUnmatched) {
        return;
    }
    for (const Subject& name : names) {
        for (const Quantity& item : list.items) {
            const std::size_t before = out_.size();
            EmitQuantity(name, predicate, item, list.items.back().unit, {}, item.span);
            if (out_.size() > before) {
                out_.back().doubts.push_back({"values-unmatched", Printed(item.span)});
            }
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
    const bool share = printed.find(U'%') != std::u32string::npos ||
                       printed.find(U'‰') != std::u32string::npos ||
                       printed.find(U"百分点") != std::u32string::npos;
    if (!predicate.every.empty() && !printed.empty() && !share) {
        printed += predicate.every;
    }
    facts.unit = FinishedUnit(subject.key, printed);
    if (predicate.yearly && IsChange(facts.comparator)) {
        facts.unit += "/年";
    }
    if (predicate.base.found) {
        facts.baseline = predicate.base.value;
        facts.baseline_year = predicate.base.year;
    }
    if (!given && !facts.unit.empty()) {
        facts.doubts.push_back({"unit-assumed", facts.unit});
    }
    facts.words = Printed(words);
    Emit(subject, std::move(facts), years);
}

}  // namespace kangqu::plan
