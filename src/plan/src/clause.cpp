#include "clause.hpp"

#include <algorithm>

namespace kangqu::plan {

namespace {

// No unit's name is longer; a longer piece means that the bracket is part of the text.
constexpr std::size_t kMaxUnitName = 30;
constexpr std::size_t kMaxUnits = 200;
// A clause of 60 units of 10 characters fits several times.
constexpr std::size_t kMaxClause = 3000;
// Brackets deeper than this are not looked at, which keeps the work linear in the text.
constexpr std::size_t kMaxDepth = 4;
constexpr View kOpeners = U"([【〔";
constexpr View kClosers = U")]】〕";

// A label is short words of responsibility that end in a word for a body: 牵头单位, 责任部门,
// 主要责任单位, 牵头及配合部门.
constexpr std::size_t kMaxLabel = 12;
constexpr std::initializer_list<View> kLabelDuties = {
    U"责任",
    U"牵头",
    U"负责",
    U"配合",
    U"参与",
    U"参加",
    U"协办",
    U"协助",
    U"协同",
    U"主办",
    U"主管",
    U"承办",
    U"落实",
    U"实施"};
constexpr std::initializer_list<View> kLabelBodies =
    {U"单位", U"部门", U"主体", U"分工", U"科室", U"处室", U"股室", U"机构", U"地区", U"属地"};
// What stands beside the units and names none: deadlines, persons.
constexpr std::initializer_list<View> kOtherLabels = {
    U"完成时限",
    U"完成时间",
    U"时间节点",
    U"时间进度",
    U"责任时限",
    U"实施时间",
    U"时限",
    U"责任领导",
    U"牵头领导",
    U"分管领导",
    U"责任人",
    U"联系人",
    U"进度安排"};

constexpr std::initializer_list<View> kRoles = {
    U"分别负责",
    U"共同负责",
    U"牵头负责",
    U"牵头落实",
    U"负责落实",
    U"牵头",
    U"负责",
    U"配合",
    U"参与",
    U"参加",
    U"协助",
    U"落实",
    U"协办"};

bool Declares(View piece) noexcept {
    for (const View word : {U"牵头单位", U"第一位", U"首位", U"下同", U"协助配合", U"第一个"}) {
        if (Contains(piece, word)) {
            return true;
        }
    }
    return false;
}

// "牵头单位:甲" -> "甲"; says whether there was a label.
bool DropLabel(View& piece) noexcept {
    const std::size_t colon = piece.substr(0, kMaxLabel + 1).find(U':');
    if (colon == View::npos || colon < 4 || !IsHan(piece.front())) {
        return false;
    }
    const View label = Trim(piece.substr(0, colon));
    const bool duty = std::any_of(kLabelDuties.begin(), kLabelDuties.end(), [label](View word) {
        return Contains(label, word);
    });
    // "做好它。(责任单位" is the end of a sentence and a bracket, no label.
    const bool whole = std::all_of(label.begin(), label.end(), [](char32_t c) {
        return IsHan(c) || c == U'、' || c == U'/';
    });
    if (!duty || !whole || SuffixOf(label, kLabelBodies).empty()) {
        return false;
    }
    piece = Trim(piece.substr(colon + 1));
    return true;
}

bool IsOtherLabel(View piece) noexcept {
    const View label = PrefixOf(Trim(piece), kOtherLabels);
    return !label.empty() && Trim(Trim(piece).substr(label.size())).starts_with(U':');
}

// "按照职责分别负责", "按职责分工负责", "根据各自职责落实": whatever words it has.
View DutySuffix(View piece) noexcept {
    if (SuffixOf(piece, {U"负责", U"落实", U"实施"}).empty()) {
        return {};
    }
    for (const View mark :
         {View(U"按照"), View(U"按"), View(U"根据"), View(U"依据"), View(U"依")}) {
        const std::size_t at = piece.rfind(mark);
        if (at != View::npos && Contains(piece.substr(at), U"职")) {
            return piece.substr(at);
        }
    }
    return {};
}

constexpr std::initializer_list<View> kUnitEnds = {
    U"委",     U"局",   U"办",   U"部",     U"厅",       U"院",       U"会",
    U"队",     U"中心", U"政府", U"街道",   U"办事处",   U"社",       U"站",
    U"所",     U"处",   U"公司", U"集团",   U"学校",     U"机构",     U"部门",
    U"单位",   U"乡镇", U"镇街", U"镇",     U"乡",       U"管委会",   U"联",
    U"总工会", U"工会", U"支行", U"海关",   U"残联",     U"科协",     U"文联",
    U"妇联",   U"台",   U"支队", U"园区",   U"开发区",   U"办事处)",  U"(街道)",
    U"(园区)", U"(市)", U"法院", U"检察院", U"企业",     U"银行",     U"各县(市、区)",
    U"群团",   U"医院", U"大队", U"分局",   U"红十字会", U"(管委会)", U"学会"};

bool LooksLikeUnit(View piece) noexcept {
    return piece.size() >= 2 && !SuffixOf(piece, kUnitEnds).empty() &&
           PrefixOf(piece, {U"以下", U"以上", U"包括", U"含", U"如", U"原"}).empty();
}

// A body of another level or a group of bodies may follow "及", "和" inside a piece.
bool BeginsUnit(View piece) noexcept {
    return !PrefixOf(
                piece, {U"各", U"市", U"区", U"县", U"旗", U"州", U"省", U"有关", U"相关", U"其他"}
    )
                .empty();
}

// Cuts the declaration off the end of a clause's words.
View CutDeclaration(View& words) {
    for (const View piece : SplitOutside(words, U",。;")) {
        View unlabelled = Trim(piece);
        const bool labelled = DropLabel(unlabelled);
        if (!labelled && Declares(piece)) {
            const auto at = static_cast<std::size_t>(piece.data() - words.data());
            const View declaration = Trim(words.substr(at));
            words = words.substr(0, at == 0 ? 0 : at - 1);
            return declaration;
        }
    }
    return {};
}

struct UnitList {
    std::vector<View> units;
    bool role_said = false;
    bool by_duty = false;
    bool lead_said = false;
    bool skipping = false;  // behind a label that names no units
};

// "甲会同乙", "甲及各乙": position and length of the joining word, or npos.
std::pair<std::size_t, std::size_t> JoinOfUnits(View piece) noexcept {
    for (const View word :
         {View(U"会同"),
          View(U"以及"),
          View(U"及其"),
          View(U"及"),
          View(U"和"),
          View(U"与"),
          View(U"商")}) {
        const std::size_t at = piece.find(word);
        if (at == View::npos || at < 2 || word == U"及其") {
            continue;
        }
        const View left = piece.substr(0, at);
        const View right = piece.substr(at + word.size());
        if (LooksLikeUnit(left) && (BeginsUnit(right) || word == U"会同") && right.size() >= 3) {
            return {at, word.size()};
        }
    }
    return {View::npos, 0};
}

bool AddName(View piece, UnitList& list) {
    piece = Trim(piece);
    while (DropSuffix(
        piece,
        {U"等有关部门",
         U"等相关部门",
         U"等部门和单位",
         U"等部门单位",
         U"等部门",
         U"等有关单位",
         U"等相关单位",
         U"等单位",
         U"等"}
    )) {
        piece = Trim(piece);
    }
    if (piece.empty()) {
        return true;
    }
    if (piece.size() > kMaxUnitName || list.units.size() >= kMaxUnits) {
        return false;
    }
    if (const auto [at, length] = JoinOfUnits(piece); at != View::npos) {
        return AddName(piece.substr(0, at), list) && AddName(piece.substr(at + length), list);
    }
    list.units.push_back(piece);
    return true;
}

bool AddUnit(View piece, UnitList& list) {
    piece = Trim(piece);
    if (IsOtherLabel(piece)) {
        list.skipping = true;
        return true;
    }
    const bool labelled = DropLabel(piece);
    list.skipping = list.skipping && !labelled;
    if (list.skipping) {
        return true;
    }
    const View duty = DutySuffix(piece);
    piece.remove_suffix(duty.size());
    const View role = duty.empty() ? SuffixOf(piece, kRoles) : View{};
    piece.remove_suffix(role.size());
    list.by_duty = list.by_duty || !duty.empty();
    list.role_said = list.role_said || !duty.empty() || !role.empty() || labelled;
    list.lead_said = list.lead_said || role.starts_with(U"牵头");
    return AddName(piece, list);
}

// "各市、县(区)政府" is one body printed over a separator: a short 各… takes what follows up to the
// word that says what they are.
std::vector<View> WholePieces(View words) {
    std::vector<View> pieces;
    bool open = false;
    for (const View part : SplitOutside(words, U"、,;。\n")) {
        if (open) {
            const View first = pieces.back();
            pieces.back() = View(
                first.data(), static_cast<std::size_t>(part.data() + part.size() - first.data())
            );
        } else {
            pieces.push_back(part);
        }
        const View whole = Trim(pieces.back());
        const bool group = whole.starts_with(U'各') && part.size() <= 8;
        open =
            group && pieces.back().size() <= 3 * kMaxLabel &&
            SuffixOf(whole, {U"市", U"县", U"区", U"州", U"盟", U"旗", U"(市)", U"(区)"}).size() >
                0;
    }
    return pieces;
}

std::optional<UnitList> ReadUnits(View words) {
    UnitList list;
    for (const View piece : WholePieces(words)) {
        if (!AddUnit(piece, list)) {
            return std::nullopt;
        }
    }
    return list.units.empty() ? std::nullopt : std::optional<UnitList>(std::move(list));
}

// Position of the bracket that closes the one at `open`, or npos.
std::size_t MatchingBracket(View text, std::size_t open) noexcept {
    const char32_t opener = text[open];
    const char32_t closer = kClosers[kOpeners.find(opener)];
    std::size_t depth = 0;
    const std::size_t end = std::min(text.size(), open + kMaxClause);
    for (std::size_t at = open; at < end; ++at) {
        if (text[at] == opener) {
            ++depth;
        } else if (text[at] == closer && --depth == 0) {
            return at;
        }
    }
    return View::npos;
}

// Nothing but names of bodies, in a bracket that ends its sentence: "(县甲局、县乙委)".
bool NamesBodiesOnly(const UnitList& list) noexcept {
    return std::all_of(list.units.begin(), list.units.end(), LooksLikeUnit);
}

bool EndsSentence(View text, std::size_t open, std::size_t close) noexcept {
    const View before = Trim(text.substr(0, open));
    const View after = Trim(text.substr(close + 1));
    const bool ends = after.empty() || after.starts_with(U'。') || after.starts_with(U'\n');
    const bool begins = before.empty() || before.ends_with(U'。') || before.ends_with(U'\n');
    return ends || begins;
}

std::optional<ResponsibilityClause> ReadClause(View text, std::size_t open, bool bracketed) {
    ResponsibilityClause clause;
    const std::size_t close = bracketed ? MatchingBracket(text, open) : View::npos;
    clause.unclosed = bracketed && close == View::npos;
    const std::size_t end = close == View::npos ? text.size() : close + 1;
    clause.span = text.substr(open, end - open);
    View words = clause.span.substr(bracketed ? 1 : 0);
    words.remove_suffix(close == View::npos ? 0 : 1);
    words = Trim(words);
    View unlabelled = words;
    const bool labelled = DropLabel(unlabelled);
    if ((!bracketed || clause.unclosed) && !labelled) {
        return std::nullopt;
    }
    clause.declaration = CutDeclaration(words);
    const std::optional<UnitList> list = ReadUnits(words);
    if (!list) {
        return std::nullopt;
    }
    const bool said = labelled || list->role_said || !clause.declaration.empty();
    if (!said &&
        (close == View::npos || !EndsSentence(text, open, close) || !NamesBodiesOnly(*list))) {
        return std::nullopt;
    }
    clause.units = list->units;
    clause.mode = list->by_duty && !list->lead_said ? ResponsibilityMode::kEachByDuty
                                                    : ResponsibilityMode::kLeadFirst;
    clause.collective = std::any_of(clause.units.begin(), clause.units.end(), [](View unit) {
        return unit.starts_with(U'各');
    });
    return clause;
}

}  // namespace

std::optional<ResponsibilityClause> FindClause(View text) {
    if (View start = text; DropLabel(start)) {
        return ReadClause(text, 0, false);
    }
    std::size_t depth = 0;
    bool sentence = false;  // the next character begins one
    for (std::size_t at = 0; at < text.size(); ++at) {
        // "……达到95%。责任单位:甲、乙": a label without brackets begins its sentence.
        if (View start = text.substr(at); sentence && depth == 0 && DropLabel(start)) {
            return ReadClause(text, at, false);
        }
        sentence = text[at] == U'。' || text[at] == U'\n' || (sentence && IsSpace(text[at]));
        if (kClosers.find(text[at]) != View::npos && depth > 0) {
            --depth;
        }
        if (kOpeners.find(text[at]) == View::npos) {
            continue;
        }
        if (depth < kMaxDepth) {
            if (auto clause = ReadClause(text, at, true)) {
                return clause;
            }
        }
        ++depth;
    }
    return std::nullopt;
}

std::vector<View> UnitsOf(View cell, bool& by_duty) {
    const auto list = ReadUnits(cell);
    by_duty = by_duty || (list && list->by_duty);
    return list ? list->units : std::vector<View>{};
}

bool IsClauseLabel(View line) noexcept {
    return DropLabel(line);
}

bool IsClauseRemark(View line) noexcept {
    return IsOtherLabel(line);
}

}  // namespace kangqu::plan
