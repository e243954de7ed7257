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

constexpr std::initializer_list<View> kLabels = {
    U"责任单位",
    U"责任部门",
    U"责任主体",
    U"牵头单位",
    U"牵头部门",
    U"牵头责任单位",
    U"负责单位",
    U"主办单位",
    U"主管部门",
    U"配合单位",
    U"配合部门",
    U"协办单位",
    U"参与单位",
    U"责任分工",
    U"参加单位"};

constexpr std::initializer_list<View> kDuties = {
    U"按照职责分别负责",
    U"按照职责分工负责",
    U"按照各自职责负责",
    U"按职责分别负责",
    U"按职责分工负责",
    U"按各自职责负责",
    U"按照职责负责",
    U"按职责负责",
    U"按照职责分工分别负责",
    U"按职责分工分别负责"};

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

// Cuts the declaration off the end of a clause's words.
View CutDeclaration(View& words) {
    for (const View piece : SplitOutside(words, U",。;")) {
        const bool labelled = !PrefixOf(Trim(piece), kLabels).empty();
        if (!labelled && Declares(piece)) {
            const auto at = static_cast<std::size_t>(piece.data() - words.data());
            const View declaration = Trim(words.substr(at));
            words = words.substr(0, at == 0 ? 0 : at - 1);
            return declaration;
        }
    }
    return {};
}

// "牵头单位:甲" -> "甲"; says whether there was a label.
bool DropLabel(View& piece) noexcept {
    const View label = PrefixOf(piece, kLabels);
    if (label.empty()) {
        return false;
    }
    const View rest = Trim(piece.substr(label.size()));
    if (!rest.starts_with(U':')) {
        return false;
    }
    piece = Trim(rest.substr(1));
    return true;
}

struct UnitList {
    std::vector<View> units;
    bool role_said = false;
    bool by_duty = false;
    bool lead_said = false;
};

bool AddUnit(View piece, UnitList& list) {
    piece = Trim(piece);
    const bool labelled = DropLabel(piece);
    const bool duty = DropSuffix(piece, kDuties);
    View role = duty ? View{} : SuffixOf(piece, kRoles);
    piece.remove_suffix(role.size());
    piece = Trim(piece);
    DropSuffix(piece, {U"等部门", U"等单位", U"等"});
    list.by_duty = list.by_duty || duty;
    list.role_said = list.role_said || duty || !role.empty() || labelled;
    list.lead_said = list.lead_said || role.starts_with(U"牵头");
    if (piece.empty()) {
        return true;
    }
    if (piece.size() > kMaxUnitName || list.units.size() >= kMaxUnits) {
        return false;
    }
    list.units.push_back(piece);
    return true;
}

std::optional<UnitList> ReadUnits(View words) {
    UnitList list;
    for (const View piece : SplitOutside(words, U"、,;。")) {
        if (!AddUnit(piece, list)) {
            return std::nullopt;
        }
    }
    return list.units.empty() ? std::nullopt : std::optional<UnitList>(std::move(list));
}

// Position of the bracket that closes the one at `open`, or npos.
std::size_t MatchingBracket(View text, std::size_t open) noexcept {
    std::size_t depth = 0;
    const std::size_t end = std::min(text.size(), open + kMaxClause);
    for (std::size_t at = open; at < end; ++at) {
        if (text[at] == U'(') {
            ++depth;
        } else if (text[at] == U')' && --depth == 0) {
            return at;
        }
    }
    return View::npos;
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
    if (!list || !(labelled || list->role_said)) {
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
    // Only brackets can open a clause inside a line; without them the label must begin it.
    if (View start = text; DropLabel(start)) {
        return ReadClause(text, 0, false);
    }
    std::size_t depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == U')' && depth > 0) {
            --depth;
        }
        if (text[at] != U'(') {
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

}  // namespace kangqu::plan
