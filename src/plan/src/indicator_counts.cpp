// Sentences that count things: 打造1所…, 至少设立1家…, 每千人拥有3名…, 每2年组织1次, 15分钟…圈.
#include "kangqu/core/utf8.hpp"

#include "indicator_reader.hpp"
#include <algorithm>

namespace kangqu::plan {

namespace {

constexpr std::initializer_list<View> kCreating = {
    U"打造",
    U"新建",
    U"建成",
    U"建设",
    U"创建",
    U"新增",
    U"建立",
    U"设立",
    U"开设",
    U"培育",
    U"培养",
    U"组建",
    U"扩建",
    U"改建",
    U"配置",
    U"形成",
    U"引进"};
// Where a thing ends and the next sentence part begins.
constexpr std::size_t kMaxThing = 40;

const Quantity* OnlyQuantity(const std::vector<QuantityList>& lists) noexcept {
    return lists.size() == 1 && lists.front().items.size() == 1 ? &lists.front().items.front()
                                                                : nullptr;
}

View Before(View part, const Quantity& quantity) noexcept {
    return part.substr(0, static_cast<std::size_t>(quantity.span.data() - part.data()));
}

View After(View part, const Quantity& quantity) noexcept {
    return part.substr(Before(part, quantity).size() + quantity.span.size());
}

// "至少有一家": a counted thing with its number in Chinese.
struct HanCount {
    int value = 0;
    View unit;
    std::size_t length = 0;
};
std::optional<HanCount> ReadHanCount(View text) noexcept {
    std::size_t length = 0;
    while (length < text.size() && length < 4 && IsChineseDigit(text[length])) {
        ++length;
    }
    const auto value = ChineseNumber(text.substr(0, length));
    if (length == 0 || !value || length >= text.size() || !IsCountUnit(text.substr(length, 1))) {
        return std::nullopt;
    }
    return HanCount{*value, text.substr(length, 1), length + 1};
}

Indicator CountOf(double value, Comparator comparator, std::string unit, std::string words) {
    Indicator facts;
    facts.value = value;
    facts.comparator = comparator;
    facts.unit = std::move(unit);
    facts.words = std::move(words);
    return facts;
}

std::u32string WithoutParticles(View words) {
    std::u32string plain;
    for (const char32_t c : words) {
        if (c != U'的') {
            plain.push_back(c);
        }
    }
    return plain;
}

// "每个县", "每个家庭": what the thing is counted for.
View CountedFor(View head) noexcept {
    if (!DropPrefix(head, {U"每个", U"每"})) {
        return {};
    }
    return head.substr(0, head.find(U'('));
}

}  // namespace

// "打造1所功能齐全的健康馆"
bool IndicatorReader::ReadCreation(View part) {
    const std::vector<QuantityList> lists = FindQuantities(part);
    const Quantity* const count = OnlyQuantity(lists);
    if (count == nullptr || !IsCountUnit(count->unit) || !count->per.empty()) {
        return false;
    }
    View head = WithoutHope(Before(part, *count));
    DropPrefix(
        head,
        {U"在全区",
         U"在全市",
         U"在全县",
         U"全区",
         U"全市",
         U"全县",
         U"重点",
         U"着力",
         U"计划",
         U"累计",
         U"再"}
    );
    const View thing = Trim(After(part, *count));
    const View bound = SuffixOf(head, {U"不少于", U"至少", U"超过", U"约"});
    head.remove_suffix(bound.size());
    const View verb = PrefixOf(head, kCreating);
    if (verb.empty() || verb.size() != head.size() || thing.size() < 2 ||
        thing.size() > kMaxThing) {
        return false;
    }
    Indicator facts = CountOf(
        count->value,
        Comparator::kEqual,
        source_.Named(count->unit),
        source_.Printed(verb) + source_.Printed(count->span)
    );
    if (count->high) {
        facts.comparator = Comparator::kBetween;
        facts.value = ValueRange{count->value, *count->high};
    } else if (count->bound == Bound::kAtLeast || bound == U"不少于" || bound == U"至少") {
        facts.comparator = Comparator::kAtLeast;
    } else if (bound == U"超过") {
        facts.comparator = Comparator::kAbove;
    } else if (count->bound == Bound::kAbout || bound == U"约") {
        facts.comparator = Comparator::kAbout;
    }
    const bool added = verb == U"新增" || verb == U"引进" || verb == U"培养";
    Emit(
        MakeSubject(source_, {added ? verb : View{}, thing, bound.empty() ? View{} : View(U"数")}),
        std::move(facts),
        years_
    );
    return true;
}

// "至少设立1家专科医院", "每个县至少有一家机构", "推广至少20个方案"
bool IndicatorReader::ReadAtLeastSome(View part) {
    constexpr View kMark = U"至少";
    const std::size_t at = part.find(kMark);
    if (at == View::npos) {
        return false;
    }
    View head = WithoutHope(part.substr(0, at));
    View rest = part.substr(at + kMark.size());
    DropPrefix(rest, {U"设立", U"设置", U"建成", U"建有", U"拥有", U"配备", U"开设", U"有"});
    const auto han = ReadHanCount(rest);
    const auto digits = ReadQuantity(rest, 0);
    if (!han && (!digits || !IsCountUnit(digits->unit))) {
        return false;
    }
    const std::size_t length = han ? han->length : digits->span.size();
    const View thing = Trim(rest.substr(length));
    if (thing.size() < 2 || thing.size() > kMaxThing) {
        return false;
    }
    const double value = han ? han->value : digits->value;
    std::u32string unit(han ? han->unit : digits->unit);
    const View counted_for = CountedFor(head);
    if (!counted_for.empty()) {
        unit += U'/';
        unit += counted_for;
    } else {
        head = {};  // "区至少设立": the place itself
    }
    Emit(
        MakeSubject(source_, {head, thing, U"数"}),
        CountOf(
            value,
            Comparator::kAtLeast,
            core::EncodeUtf8(unit),
            Printed(part.substr(at, kMark.size()))
        ),
        years_
    );
    return true;
}

// "涵盖至少1万人的基础数据库" -> 基础数据库涵盖人数
bool IndicatorReader::ReadHolding(View part) {
    const std::vector<QuantityList> lists = FindQuantities(part);
    const Quantity* const count = OnlyQuantity(lists);
    if (count == nullptr || !count->unit.ends_with(U"人")) {
        return false;
    }
    View head = Before(part, *count);
    DropSuffix(head, {U"至少", U"不少于", U"超过"});
    const View verb = SuffixOf(head, {U"涵盖", U"覆盖", U"服务"});
    View thing = After(part, *count);
    if (verb.empty() || !DropPrefix(thing, {U"的"}) || thing.size() < 2) {
        return false;
    }
    Emit(
        MakeSubject(source_, {thing, verb, U"人数"}),
        CountOf(
            count->value,
            Comparator::kAtLeast,
            source_.Named(count->unit),
            source_.Printed(count->span)
        ),
        years_
    );
    return true;
}

// "每千人分别拥有3名、3.5名指导员" -> 每千人拥有指导员
bool IndicatorReader::ReadHolds(View part) {
    const std::vector<QuantityList> lists = FindQuantities(part);
    if (lists.size() != 1 || lists.front().end >= part.size() ||
        !IsCountUnit(lists.front().items.back().unit)) {
        return false;
    }
    View head = WithoutHope(part.substr(0, lists.front().begin));
    const View owning = SuffixOf(head, {U"至少拥有", U"分别拥有", U"拥有", U"至少配备", U"配备"});
    head.remove_suffix(owning.size());
    DropSuffix(head, {U"至少", U"分别", U"应", U"均"});
    if (owning.empty() || !Contains(head, U"每")) {
        return false;
    }
    const std::u32string thing = WithoutParticles(Trim(part.substr(lists.front().end)));
    Predicate predicate;
    predicate.comparator = Comparator::kAtLeast;
    predicate.words = owning;
    const View verb = owning.substr(owning.size() - 2);
    Subject subject = Extended(MakeSubject(source_, {head, verb}), thing);
    EmitList({std::move(subject)}, predicate, lists.front(), false);
    return true;
}

// "青少年熟练掌握1项以上运动技能" -> 青少年熟练掌握运动技能, 项/人
bool IndicatorReader::ReadSkill(View part) {
    const std::vector<QuantityList> lists = FindQuantities(part);
    const Quantity* const count = OnlyQuantity(lists);
    if (count == nullptr || !IsCountUnit(count->unit)) {
        return false;
    }
    View head = WithoutHope(Before(part, *count));
    const View tail = Trim(After(part, *count));
    DropPrefix(head, {U"倡导"});
    if (SuffixOf(head, {U"掌握", U"学会"}).empty() || head.size() < 4 || tail.size() < 2) {
        return false;
    }
    Emit(
        MakeSubject(source_, {head, tail}),
        CountOf(
            count->value,
            Comparator::kAtLeast,
            source_.Named(count->unit) + "/人",
            source_.Printed(count->span)
        ),
        years_
    );
    return true;
}

// "倡导城市街道每2年组织1次、社区每年组织2次以上"
bool IndicatorReader::ReadFrequency(View part) {
    const std::vector<QuantityList> lists = FindQuantities(part);
    const Quantity* const count = OnlyQuantity(lists);
    const std::size_t every = part.find(U'每');
    if (count == nullptr || count->unit != U"次" || every == View::npos ||
        lists.front().end != part.size()) {
        return false;
    }
    View span =
        part.substr(every + 1, lists.front().begin - std::min(lists.front().begin, every + 1));
    double years = 1.0;
    if (ReadQuantity(span, 0)) {
        return false;  // "每2次": not a period
    }
    std::size_t digits = 0;
    while (digits < span.size() && digits < 2 && IsDigit(span[digits])) {
        years = (digits == 0 ? 0.0 : years * 10.0) + static_cast<double>(span[digits] - U'0');
        ++digits;
    }
    span.remove_prefix(digits);
    if (!DropPrefix(span, {U"年"}) || years <= 0) {
        return false;
    }
    DropSuffix(span, {U"至少", U"不少于"});
    View subject = WithoutHope(part.substr(0, every));
    if (const std::size_t urged = subject.find(U"倡导"); urged != View::npos) {
        frequency_object_ = subject.substr(0, urged);
        subject = subject.substr(urged + 2);
    }
    if (subject.size() < 2 || span.size() > 6) {
        return false;
    }
    Emit(
        MakeSubject(source_, {subject, span, frequency_object_, U"频次"}),
        CountOf(
            count->value / years, Comparator::kAtLeast, "次/年", source_.Printed(part.substr(every))
        ),
        years_
    );
    return true;
}

// “15分钟健身圈”: the time within which a service is reached.
void IndicatorReader::ReadTimeCircles(View segment) {
    constexpr View kMinutes = U"分钟";
    for (std::size_t at = segment.find(kMinutes); at != View::npos;
         at = segment.find(kMinutes, at + 1)) {
        std::size_t begin = at;
        while (begin > 0 && (IsDigit(segment[begin - 1]) || segment[begin - 1] == U' ')) {
            --begin;
        }
        View circle = segment.substr(at + kMinutes.size());
        DropPrefix(circle, {U"”"});
        const std::size_t close = circle.find(U'圈');
        const View number = Trim(segment.substr(begin, at - begin));
        const auto minutes = ReadQuantity(std::u32string(number) + U"分钟", 0);
        if (!minutes || close == View::npos || close == 0 || close > 16 ||
            circle.substr(0, close).find_first_of(U",、。“”(") != View::npos) {
            continue;
        }
        circle = circle.substr(0, close + 1);
        View before = Trim(segment.substr(0, begin));
        DropSuffix(before, {U"“"});
        const View place = SuffixOf(
            before, {U"城市社区", U"医保经办", U"城市", U"农村", U"社区", U"城乡", U"城区"}
        );
        const View where = before.substr(before.size() - place.size());
        // Exercise circles are measured on foot.
        const bool walked = circle.starts_with(U"健身");
        Emit(
            MakeSubject(source_, {where, circle, walked ? View(U"步行时间") : View(U"时间")}),
            CountOf(
                minutes->value,
                Comparator::kAtMost,
                "分钟",
                source_.Printed(segment.substr(begin, at + kMinutes.size() - begin))
            ),
            years_
        );
    }
}

}  // namespace kangqu::plan
