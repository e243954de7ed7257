#include "naming.hpp"

#include "kangqu/core/utf8.hpp"

#include "quantity.hpp"

namespace kangqu::plan {

namespace {

constexpr std::initializer_list<View> kHopes = {
    U"力争实现", U"基本实现", U"逐步实现", U"全面实现", U"确保实现", U"努力实现",
    U"并力争",   U"并确保",   U"力争",     U"确保",     U"争取",     U"实现",
    U"逐步",     U"其中:",    U"保证",     U"基本达到", U"使",       U"要",
    U"全面达到", U"并实现",   U"并使",     U"其中"};
constexpr std::initializer_list<View> kScopes = {
    U"全区所有",
    U"全市所有",
    U"全县所有",
    U"全区各",
    U"全市各",
    U"全县各",
    U"全区",
    U"全市",
    U"全县",
    U"全旗",
    U"全省",
    U"全州",
    U"全盟",
    U"全域",
    U"全镇",
    U"我区",
    U"我市",
    U"我县"};
constexpr std::initializer_list<View> kShareWords = {
    U"率",
    U"比例",
    U"比重",
    U"水平",
    U"占比",
    U"比",
    U"覆盖面",
    U"达标度",
    U"满意度",
    U"指数",
    U"程度",
    U"寿命",
    U"强度",
    U"浓度",
    U"达标度",
    U"比率",
    U"系数",
    U"结余率",
    U"密度"};
constexpr std::initializer_list<View> kAmountWords = {
    U"数",
    U"数量",
    U"量",
    U"面积",
    U"时间",
    U"长度",
    U"金额",
    U"次数",
    U"人次",
    U"费用",
    U"日",
    U"总额",
    U"规模",
    U"产值",
    U"半径",
    U"天数",
    U"年限",
    U"标准",
    U"总量"};
constexpr std::initializer_list<View> kActions = {
    U"推进", U"推动", U"加强", U"加快", U"开展", U"完善", U"实施", U"建立", U"健全", U"强化",
    U"促进", U"鼓励", U"支持", U"引导", U"落实", U"深化", U"优化", U"培育", U"培养", U"推广",
    U"严格", U"扩大", U"提高", U"提升", U"降低", U"减少", U"构建", U"打造", U"建设", U"发展",
    U"探索", U"巩固", U"倡导", U"组织", U"普及", U"形成", U"建成", U"新建", U"完成", U"制定",
    U"制订", U"做好", U"持续", U"保持", U"统筹", U"通过", U"启动", U"参与"};
// Words before a pair of names that belong to both.
constexpr std::initializer_list<View> kSharedScopes =
    {U"农村牧区", U"农村", U"城乡", U"城市", U"社区", U"辖区", U"基层", U"全区", U"全市", U"户籍"};
constexpr View kPatients = U"患者";

}  // namespace

Subject MakeSubject(const SourceText& source, std::initializer_list<View> parts) {
    Subject subject;
    std::size_t used = 0;
    for (const View part : parts) {
        subject.key += part;
        subject.name += source.Named(part);
        used += part.empty() ? 0U : 1U;
    }
    subject.composed = used > 1;
    return subject;
}

Subject Extended(Subject subject, View suffix) {
    subject.key += suffix;
    subject.name += core::EncodeUtf8(suffix);
    subject.composed = true;
    return subject;
}

View WithoutHope(View words) noexcept {
    words = Trim(words);
    while (DropPrefix(words, kHopes)) {
        words = Trim(words);
    }
    return words;
}

View WithoutScope(View words) noexcept {
    DropPrefix(words, kScopes);
    return words;
}

bool NamesShare(View words) noexcept {
    // "接种率(以街道为单位)" is a rate.
    if (words.ends_with(U')')) {
        words = words.substr(0, words.find(U'('));
    }
    return !SuffixOf(words, kShareWords).empty();
}

bool NamesAmount(View words) noexcept {
    return !SuffixOf(words, kAmountWords).empty();
}

bool BeginsWithAction(View words) noexcept {
    if (words.starts_with(U"建成区")) {
        return false;
    }
    return !PrefixOf(words, kActions).empty();
}

// The people that the first of several rates is about ("5岁以下儿童贫血率和生长迟缓率"), which the
// others leave out; empty when they do not.
View SharedPeople(View first, View second) noexcept {
    View best;
    for (const View word :
         {View(U"儿童"),
          View(U"老年人"),
          View(U"患者"),
          View(U"人群"),
          View(U"居民"),
          View(U"妇女"),
          View(U"孕产妇"),
          View(U"学生"),
          View(U"婴儿"),
          View(U"青少年"),
          View(U"新生儿"),
          View(U"婴幼儿"),
          View(U"职工"),
          View(U"人口"),
          View(U"劳动者"),
          View(U"居民户")}) {
        const std::size_t at = first.rfind(word);
        if (Contains(second, word)) {
            return {};
        }
        if (at != View::npos && at + word.size() < first.size() && at + word.size() > best.size()) {
            best = first.substr(0, at + word.size());
        }
    }
    // A rate of its own people ("婴儿死亡率") says so before its first three characters are over.
    return second.size() <= first.size() - best.size() + 3 ? best : View{};
}

// "甲率、乙率和丙率": the members, each a rate of its own. One member when it is one name.
std::vector<View> Members(View words) {
    std::vector<View> members;
    const std::vector<bool> outside = OutsideBrackets(words);
    std::size_t begin = 0;
    for (std::size_t at = 1; at + 1 < words.size(); ++at) {
        const bool joins = outside[at] && View(U"和与、及").find(words[at]) != View::npos;
        const View member = words.substr(begin, at - begin);
        if (joins && member.size() >= 2 && NamesShare(member) && words[at - 1] != U'以') {
            members.push_back(member);
            begin = at + 1;
        }
    }
    members.push_back(words.substr(begin));
    return members;
}

// "甲乙癌和丙丁癌筛查率": two things of one length that end in one character before what is
// measured.
std::size_t TwinLength(View words, std::size_t join) noexcept {
    for (std::size_t length = 2; length <= 4 && length <= join; ++length) {
        if (join + 1 + length + 2 > words.size()) {
            return 0;
        }
        const View first = words.substr(join - length, length);
        const View second = words.substr(join + 1, length);
        if (first.back() == second.back() && first != second && IsHan(first.front()) &&
            View(U"癌病院县区镇").find(first.back()) != View::npos) {
            return length;
        }
    }
    return 0;
}

std::size_t JoinOfTwins(View words) noexcept {
    const std::size_t join = words.find_first_of(U"和与、");
    const bool one = join != View::npos && words.find_first_of(U"和与、", join + 1) == View::npos;
    return one && NamesShare(words) && OutsideBrackets(words)[join] && TwinLength(words, join) > 0
               ? join
               : View::npos;
}

std::vector<Subject> SplitSubjects(const SourceText& source, View words) {
    if (const std::vector<View> members = Members(words); members.size() > 1 && NamesShare(words)) {
        const View first = members.front();
        const View scope = PrefixOf(first, {U"农村牧区", U"农村", U"城乡", U"城市", U"社区"});
        std::vector<Subject> all = {MakeSubject(source, {first})};
        for (std::size_t i = 1; i < members.size(); ++i) {
            View shared = SharedPeople(first, members[i]);
            if (shared.empty() && !members[i].starts_with(scope)) {
                shared = scope;
            }
            all.push_back(MakeSubject(source, {shared, members[i]}));
        }
        return all;
    }
    if (const std::size_t join = JoinOfTwins(words); join != View::npos) {
        const std::size_t length = TwinLength(words, join);
        const View before = words.substr(0, join - length);
        const View first = words.substr(join - length, length);
        const View second = words.substr(join + 1, length);
        const View tail = words.substr(join + 1 + length);
        return {
            MakeSubject(source, {before, first, tail}),
            MakeSubject(source, {before, second, tail})};
    }
    const std::size_t patients = words.find(kPatients);
    const std::size_t join = words.substr(0, patients).find_first_of(U"和、与");
    // "甲和乙患者等重点人群" is one group.
    const bool group = Contains(words, U"患者等");
    if (patients == View::npos || join == View::npos || group || !NamesShare(words)) {
        return {MakeSubject(source, {words})};
    }
    const View scope = PrefixOf(words, kSharedScopes);
    const View tail = words.substr(patients);
    const View first = words.substr(0, join);
    const View second = words.substr(join + 1);
    if (second.substr(0, second.find(kPatients)).find_first_of(U"和、与") != View::npos ||
        first.size() <= scope.size()) {
        return {MakeSubject(source, {words})};
    }
    return {
        MakeSubject(source, {first, tail}),
        MakeSubject(source, {words.substr(0, scope.size()), second})};
}

namespace {

// "每千人口…", "每10万人…", "每3万人口…": what a count is taken over, with its slash.
std::u32string PerHead(View name) {
    const std::size_t at = name.find(U'每');
    if (at == View::npos) {
        return Contains(name, U"千人") ? U"/千人" : std::u32string();
    }
    View rest = name.substr(at + 1);
    for (const auto& [word, per] :
         {std::pair{View(U"个家庭"), View(U"/家庭")},
          std::pair{View(U"天"), View(U"/天")},
          std::pair{View(U"日"), View(U"/天")},
          std::pair{View(U"周"), View(U"/周")},
          std::pair{View(U"年"), View(U"/年")}}) {
        if (rest.starts_with(word)) {
            return std::u32string(per);
        }
    }
    std::u32string number;
    while (!rest.empty() && IsDigit(rest.front())) {
        number.push_back(rest.front());
        rest.remove_prefix(1);
    }
    const View big = PrefixOf(rest, {U"十万", U"百万", U"千万", U"千", U"万"});
    const View counted = rest.substr(big.size(), 8);
    const bool people = Contains(counted, U"人") || counted.starts_with(U"常住") || number.empty();
    if (big.empty() || !people) {
        return {};
    }
    if (number == U"1") {
        number.clear();
    }
    return U"/" + number + (big == U"十万" ? std::u32string(U"10万") : std::u32string(big)) + U"人";
}

}  // namespace

std::string FinishedUnit(View name, std::u32string unit) {
    const View bare = WithoutScope(name);
    if (unit == U"个百分点") {
        unit = U"百分点";
    } else if (unit == U"平方公尺" || unit == U"公尺") {
        unit = unit == U"公尺" ? U"米" : U"平方米";
    } else if (unit == U"1/10万" || unit == U"/十万" || unit == U"1/十万" || unit == U"十万分之一") {
        unit = U"/10万";
    }
    const bool has_per = unit.find(U'/') != std::u32string::npos;
    const bool counted = !unit.empty() && unit.find(U'%') == std::u32string::npos &&
                         unit.find(U'‰') == std::u32string::npos && unit != U"百分点" && !has_per;
    if ((unit == U"万" || unit == U"亿") && bare.ends_with(U"人数")) {
        unit += U"人";
    } else if (unit.empty() && bare.starts_with(U"亿元") && bare.ends_with(U"死亡率")) {
        unit = U"人/亿元";
    } else if (unit.empty() && bare.ends_with(U"性别比")) {
        unit = U"女=100";
    } else if (counted) {
        if (const std::u32string per = PerHead(bare); !per.empty()) {
            return core::EncodeUtf8(unit + per);
        }
        if (bare.starts_with(U"人均") && (unit == U"平方米" || unit == U"元")) {
            unit += U"/人";
        }
    }
    return core::EncodeUtf8(unit);
}

Subject FinishedName(Subject subject, View unit) {
    const View key = subject.key;
    const bool share = unit == U"%" || unit == U"‰";
    if (share) {
        const bool part_of_whole = Contains(key, U"占") && !NamesShare(key);
        const bool named = NamesShare(key) || (NamesAmount(key) && !part_of_whole);
        return named ? subject : Extended(std::move(subject), U"比例");
    }
    if (unit.ends_with(U"次") && !key.ends_with(U"次数") && !NamesShare(key)) {
        return Extended(std::move(subject), U"次数");
    }
    const bool per_head = Contains(key, U"每");
    if (IsCountUnit(unit) && !per_head && !NamesAmount(key) && !NamesShare(key)) {
        return Extended(std::move(subject), U"数");
    }
    return subject;
}

}  // namespace kangqu::plan
