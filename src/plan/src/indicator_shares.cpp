// Sentences that say a share without printing it as one: 全覆盖, 所有, 均设有,
// "90%规模以上企业通过认证".
#include "indicator_reader.hpp"
#include <algorithm>

namespace kangqu::plan {

namespace {

constexpr double kWhole = 100.0;

// What things have, offer or do; the first of these begins the predicate of "所有甲设有乙".
constexpr std::initializer_list<View> kHaving = {
    U"设有", U"接入", U"提供", U"具备", U"配备", U"配齐", U"建成",
    U"建立", U"设立", U"设置", U"开设", U"开展", U"通过", U"达到",
    U"实现", U"拥有", U"形成", U"完成", U"实行", U"落实", U"纳入"};

std::size_t FindHaving(View words) {
    std::size_t first = View::npos;
    for (const View verb : kHaving) {
        first = std::min(first, words.find(verb));
    }
    return first;
}

// "均配备" -> 配备率, "均设有" -> 设置率; other verbs keep their words: "均开展甲" -> 开展甲比例.
struct EachVerb {
    View word;
    View rate;
};
constexpr EachVerb kEachVerbs[] = {
    {U"均配备", U"配备率"},
    {U"均配有", U"配备率"},
    {U"均设有", U"设置率"},
    {U"均设置", U"设置率"},
    {U"均设立", U"设置率"},
    {U"均建有", U"建成率"},
    {U"均建成", U"建成率"}};

// "甲监测、乙监测、丙监测": members that end alike are covered each. Else one member, the words.
std::vector<View> Alike(View words) {
    const std::vector<View> members = SplitOutside(words, U"、");
    const View last = members.back();
    const bool alike =
        members.size() > 1 && last.size() > 2 &&
        std::all_of(members.begin(), members.end(), [last](View member) {
            return member.size() > 2 && member.ends_with(last.substr(last.size() - 2));
        });
    return alike ? members : std::vector<View>{words};
}

bool IsPercentOnly(const QuantityList& list) noexcept {
    return list.items.size() == 1 && list.items.front().unit == U"%" &&
           list.items.front().per.empty();
}

Comparator ShareComparator(const Quantity& quantity) noexcept {
    switch (quantity.bound) {
        case Bound::kAtMost:
            return Comparator::kAtMost;
        case Bound::kAbout:
            return Comparator::kAbout;
        case Bound::kAtLeast:
            return Comparator::kAtLeast;
        case Bound::kNone:
            break;
    }
    return quantity.value >= kWhole ? Comparator::kEqual : Comparator::kAtLeast;
}

}  // namespace

bool IndicatorReader::ReadFullCoverage(View part) {
    // Work on its way ("推进…全覆盖") is no target.
    if (!PrefixOf(part, {U"加快", U"促进", U"探索", U"鼓励", U"稳步", U"逐步推进", U"积极"})
             .empty()) {
        return false;
    }
    View words = part;
    const bool urged = DropPrefix(words, {U"推进", U"推动"});
    if (!DropSuffix(words, {U"全域覆盖", U"全面覆盖", U"全覆盖", U"100%覆盖"})) {
        return false;
    }
    const View said = SuffixOf(part, {U"全域覆盖", U"全面覆盖", U"全覆盖", U"100%覆盖"});
    words = WithoutHope(words);
    DropSuffix(words, {U"的"});
    DropPrefix(words, {U"在"});
    if (words.ends_with(U'圈') || (words.starts_with(U'以') && words.ends_with(U"为单位")) ||
        (urged && (words.size() < 6 || years_.empty() || Contains(words, U"实现")))) {
        return false;
    }
    DropPrefix(words, {U"各级各类", U"各级", U"各"});
    DropPrefix(words, {U"全区各", U"全市各", U"全县各"});
    for (const View verb : {View(U"基本实现"), View(U"逐步实现"), View(U"实现"), View(U"达到")}) {
        const std::size_t at = words.find(verb);
        if (at == View::npos || at == 0) {
            continue;
        }
        const View head = words.substr(0, at);
        const View tail = Trim(words.substr(at + verb.size()));
        for (const View member : tail.empty() ? Alike(head) : std::vector{head}) {
            EmitShare(
                MakeSubject(source_, {member, tail, U"覆盖率"}),
                kWhole,
                Comparator::kEqual,
                part.substr(static_cast<std::size_t>(words.data() - part.data()) + at)
            );
        }
        return true;
    }
    if (words.empty() && !held_.empty()) {
        words = held_;
    }
    if (words.size() < 2 || BeginsWithAction(words)) {
        return false;
    }
    for (const View member : Alike(words)) {
        const std::size_t before = out_.size();
        EmitShare(MakeSubject(source_, {member, U"覆盖率"}), kWhole, Comparator::kEqual, said);
        for (std::size_t i = before; urged && i < out_.size(); ++i) {
            out_[i].doubts.push_back({"urged", Printed(part)});
        }
    }
    return true;
}

// "甲全部建成乙", "甲全面禁烟", "甲乙全贯通": the whole without a number.
bool IndicatorReader::ReadWhole(View part) {
    struct Whole {
        View said;
        View name;
    };
    constexpr Whole kWholes[] = {
        {U"全部达标", U"达标比例"},
        {U"全面达标", U"达标比例"},
        {U"均达标", U"达标比例"},
        {U"全达标", U"达标比例"},
        {U"全面禁烟", U"禁烟覆盖率"},
        {U"全面禁菸", U"禁烟覆盖率"},
        {U"全贯通", U"贯通率"},
        {U"全联通", U"联通率"},
        {U"全接入", U"接入率"},
        {U"全纳入", U"纳入率"},
        {U"全配备", U"配备率"},
        {U"应管尽管", U"管理率"},
        {U"应检尽检", U"检查率"},
        {U"应签尽签", U"签约率"},
        {U"应收尽收", U"收治率"}};
    const View hoped = WithoutHope(part);
    for (const Whole& whole : kWholes) {
        View words = hoped;
        if (!DropSuffix(words, {whole.said})) {
            continue;
        }
        DropSuffix(words, {U"实现", U"做到", U"达到"});
        if (words.size() < 3 || BeginsWithAction(words)) {
            return false;
        }
        EmitShare(
            MakeSubject(source_, {words, whole.name}), kWhole, Comparator::kEqual, whole.said
        );
        return true;
    }
    const std::size_t all = hoped.find(U"全部");
    if (all == View::npos || all < 3 || !FindQuantities(hoped).empty()) {
        return false;
    }
    View deed = hoped.substr(all + 2);
    DropPrefix(deed, {U"实现", U"完成"});
    const View things = WithoutScope(hoped.substr(0, all));
    if (deed.size() < 3 || BeginsWithAction(things)) {
        return false;
    }
    EmitShare(
        MakeSubject(source_, {things, deed, U"比例"}), kWhole, Comparator::kEqual, hoped.substr(all)
    );
    return true;
}

// "到2030年,建成“健康示范城市”": a title to be won.
bool IndicatorReader::ReadStatus(View part) {
    View words = WithoutHope(part);
    const View verb = PrefixOf(words, {U"建成", U"创成", U"创建成为", U"创建成"});
    if (verb.empty() || years_.empty() || !FindQuantities(words).empty()) {
        return false;
    }
    View title = words.substr(verb.size());
    DropPrefix(title, {U"“", U"国家级", U"为"});
    DropSuffix(title, {U"”"});
    const bool named = !SuffixOf(
                            title,
                            {U"示范城市",
                             U"卫生城市",
                             U"健康城市",
                             U"示范区",
                             U"示范县",
                             U"示范市",
                             U"促进区",
                             U"促进县",
                             U"先进区",
                             U"先进县",
                             U"先进市",
                             U"卫生县城",
                             U"卫生区"}
    )
                            .empty();
    if (!named || title.size() > 24 || Contains(title, U"一批") || Contains(title, U"、")) {
        return false;
    }
    Indicator facts;
    facts.value = source_.Named(verb);
    facts.comparator = Comparator::kEqual;
    facts.words = Printed(part);
    Emit(MakeSubject(source_, {title}), std::move(facts), years_);
    return true;
}

// "某服务覆盖全人群", "某付费覆盖全区所有医院", "某服务覆盖三级某某机构并与…对接"
bool IndicatorReader::ReadCovers(View part) {
    constexpr View kVerb = U"覆盖";
    const std::size_t at = part.find(kVerb);
    if (at == View::npos || at == 0 || !FindQuantities(part).empty()) {
        return false;
    }
    const View subject = WithoutHope(part.substr(0, at));
    View object = part.substr(at + kVerb.size());
    object = object.substr(0, std::min(object.find(U"并与"), object.find(U"并逐步")));
    const View whole = object;
    const bool scoped = DropPrefix(object, {U"全区", U"全市", U"全县"});
    const bool everybody = !PrefixOf(object, {U"全人群", U"全民", U"全员", U"全体"}).empty();
    const bool all = DropPrefix(object, {U"所有", U"全部", U"各"}) || everybody;
    object.remove_prefix(everybody ? 1 : 0);
    const bool levels = Contains(object, U"级") && object.ends_with(U"机构");
    if (!(all || levels || (scoped && !object.empty())) || object.empty() || subject.size() < 2 ||
        BeginsWithAction(subject)) {
        return false;
    }
    EmitShare(
        MakeSubject(source_, {subject, object, U"覆盖率"}),
        kWhole,
        Comparator::kEqual,
        part.substr(at, kVerb.size() + whole.size())
    );
    return true;
}

// "所有甲设有乙" -> 甲设有乙比例
bool IndicatorReader::ReadAll(View part) {
    View words = WithoutScope(WithoutHope(part));
    const View said = PrefixOf(words, {U"所有", U"全部", U"各级"});
    if (said.empty() || !FindQuantities(part).empty()) {
        return false;
    }
    words = words.substr(said == U"各级" ? 0 : said.size());
    const std::size_t verb = FindHaving(words);
    if (verb == View::npos || verb < 2 || verb + 3 > words.size()) {
        return false;
    }
    View things = words.substr(0, verb);
    DropSuffix(things, {U"均能够", U"均能", U"都能", U"均可", U"均", U"都", U"能"});
    EmitShare(
        MakeSubject(source_, {things, words.substr(verb), U"比例"}),
        kWhole,
        Comparator::kEqual,
        said
    );
    return true;
}

// "残疾人实现人人享有服务" -> 残疾人享有服务比例
bool IndicatorReader::ReadEverybody(View part) {
    constexpr View kMark = U"人人享有";
    const std::size_t at = part.find(kMark);
    if (at == View::npos || at + kMark.size() + 2 > part.size()) {
        return false;
    }
    View people = WithoutScope(WithoutHope(part.substr(0, at)));
    DropSuffix(people, {U"基本实现", U"实现"});
    if (people.size() < 2 || BeginsWithAction(people)) {
        return false;
    }
    const View enjoying = part.substr(at + 2);
    EmitShare(
        MakeSubject(source_, {people, enjoying, U"比例"}),
        kWhole,
        Comparator::kEqual,
        part.substr(at, kMark.size())
    );
    return true;
}

// "甲均配备乙" -> 甲乙配备率
bool IndicatorReader::ReadEach(View part) {
    for (const EachVerb& verb : kEachVerbs) {
        const std::size_t at = part.find(verb.word);
        const std::size_t end = at + verb.word.size();
        if (at == View::npos || at < 2 || end + 2 > part.size()) {
            continue;
        }
        const View things = WithoutScope(WithoutHope(part.substr(0, at)));
        const View object = part.substr(end);
        EmitShare(
            MakeSubject(source_, {things, object, verb.rate}),
            kWhole,
            Comparator::kEqual,
            part.substr(at, verb.word.size())
        );
        return true;
    }
    return false;
}

// "90%规模以上企业通过认证", "100%的甲和80%以上的乙具备丙"
bool IndicatorReader::ReadShareOfThings(View part) {
    const View words = WithoutScope(WithoutHope(part));
    const std::vector<QuantityList> lists = FindQuantities(words);
    if (lists.empty() || lists.front().begin != 0 ||
        !std::all_of(lists.begin(), lists.end(), IsPercentOnly)) {
        return false;
    }
    const View last = words.substr(lists.back().end);
    const std::size_t verb = FindHaving(last);
    if (verb == View::npos || verb < 2) {
        return verb == 0 && !sharing_.empty() && ReadShareInside(part);
    }
    const View predicate = last.substr(verb);
    for (std::size_t i = 0; i < lists.size(); ++i) {
        const std::size_t begin = lists[i].end;
        const std::size_t end =
            i + 1 < lists.size() ? lists[i + 1].begin : words.size() - predicate.size();
        View things = words.substr(begin, end - begin);
        DropPrefix(things, {U"的"});
        DropSuffix(things, {U"和", U"、", U"及", U"要", U"均", U"都", U"应"});
        const Quantity& share = lists[i].items.front();
        EmitShare(
            MakeSubject(source_, {things, predicate, U"比例"}),
            share.value,
            ShareComparator(share),
            share.span
        );
    }
    return true;
}

// "市场内100%设置检测室", "场地设施100%向社会开放"
bool IndicatorReader::ReadShareInside(View part) {
    const std::vector<QuantityList> lists = FindQuantities(part);
    if (lists.size() != 1 || !IsPercentOnly(lists.front()) || lists.front().end + 2 > part.size()) {
        return false;
    }
    const Quantity& share = lists.front().items.front();
    View tail = part.substr(lists.front().end);
    View things = WithoutScope(WithoutHope(part.substr(0, lists.front().begin)));
    DropSuffix(things, {U"内", U"中", U"的"});
    if (things.empty()) {
        things = sharing_;
    }
    if (BeginsWithAction(things) || things.size() < 3) {
        return false;
    }
    if (View opened = tail; DropPrefix(opened, {U"向社会", U"对外"}) && opened.size() <= 4) {
        EmitShare(
            MakeSubject(source_, {things, opened, U"率"}),
            share.value,
            ShareComparator(share),
            share.span
        );
        return true;
    }
    if (FindHaving(tail) != 0) {
        return false;
    }
    sharing_ = things;
    if (tail.ends_with(U"学历")) {
        DropPrefix(tail, {U"达到", U"具有", U"具备"});
    }
    EmitShare(
        MakeSubject(source_, {things, tail, U"比例"}),
        share.value,
        ShareComparator(share),
        share.span
    );
    return true;
}

}  // namespace kangqu::plan
