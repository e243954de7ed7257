// Targets that are a grade ("达到三级甲等水平", "P2+"), a ratio ("医护比达到1:1.2") or a number of
// things printed behind their name ("新增床位600张").
#include "indicator_reader.hpp"
#include <algorithm>

namespace kangqu::plan {

namespace {

constexpr std::initializer_list<View> kReaching = {
    U"力争达到", U"全面达到", U"全部达到", U"均达到", U"达到国家生物安全等级",
    U"达到",     U"晋升为",   U"晋升",     U"创成",   U"创建成为",
    U"创建为",   U"创建",     U"建成",     U"通过",   U"升格为",
    U"取得",     U"获得",     U"提升至",   U"提升到", U"提高到",
    U"达"};
constexpr std::initializer_list<View> kGradeTails = {
    U"及以上水平", U"及以上标准", U"及以上",   U"以上水平", U"以上标准", U"以上",
    U"医院水平",   U"医院标准",   U"中医医院", U"综合医院", U"专科医院", U"妇幼保健院",
    U"水平",       U"标准",       U"要求",     U"评审",     U"测评",     U"认证",
    U"等级",       U"医院",       U"保护",     U"实验室"};
constexpr std::initializer_list<View> kGradeTrails =
    {U"全部", U"均", U"都", U"力争", U"全面", U"总体"};

// "三级甲等", "四级", "二甲", "A级", "P2+", "C级": characters of a grade at the beginning of
// `text`.
std::size_t GradeLength(View text) noexcept {
    if (text.empty()) {
        return 0;
    }
    std::size_t at = 0;
    const bool letter = text[0] >= U'A' && text[0] <= U'Z';
    if (letter) {
        while (at < text.size() && at < 5 && text[at] == text[0]) {
            ++at;
        }
        if (text[0] == U'P' && at < text.size() && IsDigit(text[at])) {
            ++at;
            return at + (at < text.size() && text[at] == U'+' ? 1U : 0U);
        }
        return at < text.size() && text[at] == U'级' ? at + 1 : 0;
    }
    const bool number = View(U"一二三四五六七123456").find(text[0]) != View::npos;
    if (!number || text.size() < 2) {
        return 0;
    }
    constexpr View kOrders = U"甲乙丙";
    if (text[1] == U'级') {
        at = 2;
        if (at < text.size() && kOrders.find(text[at]) != View::npos) {
            ++at;
            at += at < text.size() && text[at] == U'等' ? 1U : 0U;
        }
        return at;
    }
    return kOrders.find(text[1]) != View::npos && (text.size() == 2 || !IsHan(text[2])) ? 2 : 0;
}

// "1:1.2" at the end of `part`: where it begins, or npos.
std::size_t RatioAt(View part) noexcept {
    std::size_t at = part.size();
    bool colon = false;
    while (at > 0 && (IsDigit(part[at - 1]) || part[at - 1] == U'.' || part[at - 1] == U':')) {
        colon = colon || part[at - 1] == U':';
        --at;
    }
    const bool whole = at < part.size() && IsDigit(part[at]) && IsDigit(part.back());
    return colon && whole ? at : View::npos;
}

constexpr std::initializer_list<View> kAdding = {
    U"新增",
    U"引进",
    U"培养",
    U"培训",
    U"新建",
    U"改建",
    U"改扩建",
    U"建成",
    U"建设",
    U"打造",
    U"创建",
    U"设置",
    U"配置",
    U"配备",
    U"组建",
    U"形成",
    U"培育"};
// Verbs that say what kind of number it is, and stay in the name.
constexpr std::initializer_list<View> kKept = {U"新增", U"引进", U"培养", U"培训"};

}  // namespace

std::optional<Grade> GradeOf(View part) {
    constexpr std::size_t kMaxBetween = 30;
    View body = part;
    while (DropSuffix(body, kGradeTails)) {
    }
    for (std::size_t begin = body.size() - std::min<std::size_t>(body.size(), 6);
         begin < body.size();
         ++begin) {
        const std::size_t length = GradeLength(body.substr(begin));
        if (length == 0 || begin + length != body.size()) {
            continue;
        }
        for (const View verb : kReaching) {
            const std::size_t at = body.substr(0, begin).rfind(verb);
            const std::size_t end = at == View::npos ? 0 : at + verb.size();
            if (at != View::npos && at != 1 && begin - end <= kMaxBetween) {
                return Grade{at, begin, length, body.substr(end, begin - end)};
            }
        }
    }
    return std::nullopt;
}

// "甲达到三级甲等、乙达到二级甲等": every member is a grade of its own.
bool ReadsAsGrades(View part) {
    const std::vector<View> members = SplitOutside(part, U"、");
    return members.size() > 1 && std::all_of(members.begin(), members.end(), [](View member) {
               return GradeOf(member).has_value();
           });
}

bool IndicatorReader::ReadGrade(View part) {
    if (const std::size_t ratio = RatioAt(part); ratio != View::npos && ratio >= 3) {
        View subject = part.substr(0, ratio);
        const bool reached = DropSuffix(
            subject,
            {U"分别达到", U"力争达到", U"达到", U"提高到", U"不低于", U"优化到", U"达", U"为"}
        );
        subject = WithoutHope(subject);
        if (!reached || subject.size() < 2 || BeginsWithAction(subject)) {
            return false;
        }
        Indicator facts;
        facts.value = Printed(part.substr(ratio));
        facts.words = Printed(
            part.substr(static_cast<std::size_t>(subject.data() + subject.size() - part.data()))
        );
        Emit(MakeSubject(source_, {subject}), std::move(facts), years_);
        return true;
    }
    bool any = false;
    for (const View member : ReadsAsGrades(part) ? SplitOutside(part, U"、") : std::vector{part}) {
        if (const auto grade = GradeOf(member)) {
            any = EmitGrade(member, *grade) || any;
        }
    }
    return any;
}

bool IndicatorReader::EmitGrade(View part, const Grade& grade) {
    View subject = part.substr(0, grade.verb);
    while (DropSuffix(subject, kGradeTrails)) {
        subject = Trim(subject);
    }
    subject = WithoutHope(subject);
    DropSuffix(subject, {U"建设"});
    if (subject.empty() && !held_.empty()) {
        subject = held_;
    }
    if (subject.size() < 2 || (BeginsWithAction(subject) && !subject.ends_with(U"等级"))) {
        return false;
    }
    if (grade.verb == 0 && held_.empty()) {
        return false;
    }
    Indicator facts;
    facts.value = source_.Named(part.substr(grade.begin, grade.length));
    facts.unit = "等级";
    facts.words = Printed(part.substr(grade.verb));
    const bool named = subject.ends_with(U"等级") || subject.ends_with(U"级别");
    const View between = grade.between.empty() ? carried_ : grade.between;
    Emit(
        MakeSubject(source_, {subject, between, named ? View{} : View(U"等级")}),
        std::move(facts),
        years_
    );
    return true;
}

// "新增床位600张", "引进高层次人才15-20名", "急救站点30个": a count without a word of reaching is
// fixed.
bool IndicatorReader::ReadGrowth(View part) {
    const std::vector<QuantityList> lists = FindQuantities(part);
    if (lists.size() != 1 || lists.front().items.size() != 1 || lists.front().end != part.size()) {
        return false;
    }
    const Quantity& count = lists.front().items.front();
    if (!IsCountUnit(count.unit) || !count.per.empty()) {
        return false;
    }
    const View head = WithoutHope(part.substr(0, lists.front().begin));
    const View verb = PrefixOf(head, kAdding);
    View thing = head.substr(verb.size());
    DropPrefix(thing, {U"并投入使用", U"投入使用"});
    View bound;
    if (const View said = SuffixOf(thing, {U"不少于", U"至少", U"达到", U"超过", U"约", U"共"});
        !said.empty()) {
        bound = said;
        thing.remove_suffix(said.size());
    }
    if (verb.empty() || thing.size() < 2 || thing.size() > 24 || Contains(thing, U"每") ||
        NamesShare(thing)) {
        return false;
    }
    const bool kept = std::find(kKept.begin(), kKept.end(), verb) != kKept.end();
    Indicator facts;
    facts.value = count.value;
    facts.comparator = Comparator::kEqual;
    if (count.high) {
        facts.comparator = Comparator::kBetween;
        facts.value = ValueRange{count.value, *count.high};
    } else if (count.bound == Bound::kAtLeast || bound == U"不少于" || bound == U"至少" ||
               bound == U"达到") {
        facts.comparator = Comparator::kAtLeast;
    } else if (bound == U"超过") {
        facts.comparator = Comparator::kAbove;
    } else if (count.bound == Bound::kAbout || bound == U"约") {
        facts.comparator = Comparator::kAbout;
    }
    facts.unit = source_.Named(count.unit);
    facts.words = Printed(part);
    Emit(
        MakeSubject(
            source_,
            {kept ? head.substr(
                        0, static_cast<std::size_t>(thing.data() + thing.size() - head.data())
                    )
                  : thing}
        ),
        std::move(facts),
        years_
    );
    return true;
}

}  // namespace kangqu::plan
