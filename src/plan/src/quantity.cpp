#include "quantity.hpp"

#include <algorithm>
#include <charconv>
#include <string>

namespace kangqu::plan {

namespace {

// Digits of one number; longer runs are telephone or document numbers.
constexpr std::size_t kMaxDigits = 12;
constexpr int kFirstYear = 1990;
constexpr int kLastYear = 2099;

// Longest first where one begins another.
constexpr std::initializer_list<View> kCounts = {
    U"人次", U"人", U"名", U"张", U"家", U"所", U"个", U"次", U"项", U"种", U"例", U"支", U"处",
    U"座",   U"条", U"件", U"台", U"对", U"户", U"辆", U"节", U"份", U"间", U"门", U"期", U"场",
    U"套",   U"部", U"床", U"册", U"只", U"款", U"篇", U"批", U"株", U"块", U"类", U"组", U"亩"};
constexpr std::initializer_list<View> kMeasures = {
    U"个百分点", U"百分点", U"平方公尺", U"平方米", U"平方公里", U"公里", U"千米",
    U"公顷",     U"分钟",   U"学时",     U"课时",   U"秒",       U"公尺", U"米",
    U"小时",     U"微克",   U"毫克",     U"克",     U"毫升",     U"岁",   U"天",
    U"元",       U"吨",     U"升",       U"%",      U"‰",        U"℃",    U"分"};
constexpr std::initializer_list<View> kMultipliers = {U"百万", U"千万", U"万亿", U"万", U"亿"};
constexpr std::initializer_list<View> kPer = {
    U"百万人口", U"百万人", U"10万人", U"10万",   U"十万人", U"十万", U"万人口", U"万人",
    U"千人口",   U"千人",   U"立方米", U"平方米", U"升",     U"亿元", U"万车",   U"人",
    U"年",       U"周",     U"天",     U"日",     U"次",     U"户",   U"辆"};
constexpr std::initializer_list<View> kAtLeastWords =
    {U"(含)以上", U"及其以上", U"及以上", U"或以上", U"以上"};
constexpr std::initializer_list<View> kAtMostWords = {
    U"(含)以下",
    U"及其以下",
    U"及以下",
    U"或以下",
    U"以下",
    U"范围以内",
    U"范围内",
    U"及以内",
    U"以内",
    U"之内"};
constexpr std::initializer_list<View> kAboutWords = {U"左右", U"上下"};
constexpr View kPercentWord = U"百分之";
constexpr View kPercent = U"%";

std::optional<View> NumberAt(View text, std::size_t at) noexcept {
    std::size_t end = at;
    while (end < text.size() && IsDigit(text[end])) {
        ++end;
    }
    if (end + 1 < text.size() && text[end] == U'.' && IsDigit(text[end + 1])) {
        ++end;
        while (end < text.size() && IsDigit(text[end])) {
            ++end;
        }
    }
    const bool fits = end > at && end - at <= kMaxDigits;
    return fits ? std::optional<View>(text.substr(at, end - at)) : std::nullopt;
}

double ValueOf(View number) {
    const std::string digits(number.begin(), number.end());
    double value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

std::size_t SkipSpaces(View text, std::size_t at) noexcept {
    while (at < text.size() && text[at] == U' ') {
        ++at;
    }
    return at;
}

// The unit at `at` with its multiplier ("万人"); a multiplier alone counts ("20万").
View UnitAt(View text, std::size_t at) noexcept {
    const View rest = text.substr(at);
    const std::size_t big = PrefixOf(rest, kMultipliers).size();
    const View tail = rest.substr(big);
    View base = PrefixOf(tail, kMeasures);
    if (base.empty()) {
        base = PrefixOf(tail, kCounts);
    }
    return rest.substr(0, big + base.size());
}

std::size_t ReadPer(View text, std::size_t at, Quantity& quantity) noexcept {
    if (at >= text.size() || text[at] != U'/') {
        return at;
    }
    const View per = PrefixOf(text.substr(at + 1), kPer);
    if (per.empty()) {
        return at;
    }
    quantity.per = text.substr(at + 1, per.size());
    return at + 1 + per.size();
}

std::size_t ReadBound(View text, std::size_t at, Quantity& quantity) noexcept {
    const View rest = text.substr(at);
    for (const auto& [words, bound] :
         {std::pair{kAtLeastWords, Bound::kAtLeast},
          std::pair{kAtMostWords, Bound::kAtMost},
          std::pair{kAboutWords, Bound::kAbout}}) {
        if (const View word = PrefixOf(rest, words); !word.empty()) {
            quantity.bound = bound;
            return at + word.size();
        }
    }
    return at;
}

// "-10个", "%-85%", "~3家": the other end of a range.
std::size_t ReadRange(View text, std::size_t at, Quantity& quantity) {
    const std::size_t dash = at;
    if (dash >= text.size() || View(U"-~–—～至").find(text[dash]) == View::npos) {
        return at;
    }
    const auto high = NumberAt(text, dash + 1);
    if (!high) {
        return at;
    }
    quantity.high = ValueOf(*high);
    return dash + 1 + high->size();
}

bool EndsQuantity(View text, std::size_t at) noexcept {
    return at >= text.size() || View(U"、,;。)以左及和 ").find(text[at]) != View::npos;
}

// "15岁以上人群", "0至6岁儿童": an age names a group. "81岁左右", "80岁以上。" is a value.
bool IsAge(View text, std::size_t at) noexcept {
    if (at >= text.size() || text[at] != U'岁') {
        return false;
    }
    View behind = text.substr(at + 1);
    DropPrefix(behind, {U"及以上", U"以上", U"及以下", U"以下", U"以内", U"左右"});
    return !behind.empty() && View(U"、,;。)至-").find(behind.front()) == View::npos;
}

// "百分之八十五", "百分之85": the share in words.
std::optional<Quantity> ReadPercentInWords(View text, std::size_t at) {
    if (!text.substr(at).starts_with(kPercentWord)) {
        return std::nullopt;
    }
    const std::size_t begin = at + kPercentWord.size();
    std::size_t end = begin;
    while (end < text.size() && end - begin < 4 && IsChineseDigit(text[end])) {
        ++end;
    }
    Quantity quantity;
    if (const auto value = ChineseNumber(text.substr(begin, end - begin))) {
        quantity.value = *value;
    } else if (const auto number = NumberAt(text, begin)) {
        quantity.value = ValueOf(*number);
        end = begin + number->size();
    } else {
        return std::nullopt;
    }
    quantity.number = text.substr(begin, end - begin);
    quantity.unit = kPercent;
    end = ReadBound(text, end, quantity);
    quantity.span = text.substr(at, end - at);
    return quantity;
}

}  // namespace

bool IsCountUnit(View unit) noexcept {
    DropPrefix(unit, kMultipliers);
    return std::find(kCounts.begin(), kCounts.end(), unit) != kCounts.end();
}

std::optional<Quantity> ReadQuantity(View text, std::size_t at) {
    if (auto words = ReadPercentInWords(text, at)) {
        return words;
    }
    const auto number = NumberAt(text, at);
    if (!number) {
        return std::nullopt;
    }
    Quantity quantity;
    quantity.number = *number;
    quantity.value = ValueOf(*number);
    std::size_t end = SkipSpaces(text, at + number->size());
    const bool percent_range =
        end < text.size() && text[end] == U'%' && ReadRange(text, end + 1, quantity) > end + 1;
    end = percent_range ? ReadRange(text, end + 1, quantity) : ReadRange(text, end, quantity);
    quantity.unit = UnitAt(text, end);
    if (IsAge(text, end)) {
        return std::nullopt;
    }
    end += quantity.unit.size();
    end = ReadPer(text, end, quantity);
    if (quantity.unit.empty() && quantity.per.empty() && !EndsQuantity(text, end)) {
        return std::nullopt;
    }
    end = ReadBound(text, end, quantity);
    quantity.span = text.substr(at, end - at);
    return quantity;
}

std::vector<QuantityList> FindQuantities(View text) {
    const std::vector<bool> outside = OutsideBrackets(text);
    std::vector<QuantityList> lists;
    std::size_t at = 0;
    while (at < text.size()) {
        // "每3万人口1辆": what is counted over is no value.
        const bool inside_word =
            at > 0 && (IsDigit(text[at - 1]) || View(U".每").find(text[at - 1]) != View::npos);
        const bool begins = IsDigit(text[at]) || text.substr(at).starts_with(kPercentWord);
        auto quantity =
            outside[at] && begins && !inside_word ? ReadQuantity(text, at) : std::nullopt;
        if (!quantity) {
            ++at;
            continue;
        }
        const std::size_t end = at + quantity->span.size();
        const bool joined = !lists.empty() && lists.back().end + 1 == at &&
                            View(U"、和与及").find(text[at - 1]) != View::npos;
        if (!joined) {
            lists.push_back({at, end, {}});
        }
        lists.back().items.push_back(*quantity);
        lists.back().end = end;
        at = end;
    }
    return lists;
}

std::optional<YearPhrase> ReadYears(View text) {
    YearPhrase phrase;
    View rest = text;
    DropPrefix(rest, {U"力争到", U"力争在", U"力争", U"确保到", U"争取到"});
    DropPrefix(rest, {U"到", U"至", U"截至", U"截止"});
    while (true) {
        const View number = rest.substr(0, 4);
        const bool four = number.size() == 4 && std::all_of(number.begin(), number.end(), IsDigit);
        const bool named = rest.size() > 4 && rest[4] == U'年';
        // "2030、2035年": the word stands once, behind the last.
        const bool shared = rest.size() > 9 && rest[4] == U'、' && rest[9] == U'年';
        if (!four || (!named && !shared)) {
            break;
        }
        const int year = static_cast<int>(ValueOf(number));
        if (year < kFirstYear || year > kLastYear) {
            break;
        }
        phrase.years.push_back(year);
        rest.remove_prefix(named ? 5 : 4);
        DropPrefix(
            rest, {U"年底前", U"年底", U"年末", U"底前", U"底", U"末", U"前", U"以前", U"之前"}
        );
        View next = rest;
        if (!DropPrefix(next, {U"、", U"和", U"及"}) || next.empty() || !IsDigit(next.front())) {
            break;
        }
        rest = next;
    }
    if (phrase.years.empty() || rest.starts_with(U"的基础上")) {
        return std::nullopt;
    }
    phrase.length = text.size() - rest.size();
    return phrase;
}

}  // namespace kangqu::plan
