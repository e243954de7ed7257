#include "kangqu/plan/matching.hpp"

#include "kangqu/core/utf8.hpp"

#include "naming.hpp"
#include "text.hpp"
#include <algorithm>
#include <array>
#include <map>

namespace kangqu::plan {

namespace {

constexpr std::initializer_list<View> kLevels = {
    U"区委",
    U"市委",
    U"县委",
    U"旗委",
    U"州委",
    U"省委",
    U"盟委",
    U"市",
    U"区",
    U"县",
    U"旗",
    U"省",
    U"州",
    U"盟",
    U"镇"};
constexpr double kAlike = 0.5;
// A place's name stands before the level: "某某区卫生健康局".
constexpr std::size_t kMaxPlace = 6;

// Folded, as the reader folds: Simplified, ASCII punctuation, no spaces.
std::u32string Folded(std::string_view name) {
    const SourceText source(name);
    std::u32string out;
    for (const char32_t c : source.folded()) {
        if (!IsSpace(c)) {
            out.push_back(c);
        }
    }
    return out;
}

// 委, 局, 办 differ by level of government and by reform; the work is the same.
std::u32string Core(View bare) {
    std::u32string core(bare);
    for (const View end :
         {View(U"委员会办公室"),
          View(U"管理委员会"),
          View(U"委员会"),
          View(U"管理局"),
          View(U"监督局"),
          View(U"办公室"),
          View(U"委"),
          View(U"局"),
          View(U"办"),
          View(U"厅"),
          View(U"处")}) {
        if (core.size() > end.size() + 1 && View(core).ends_with(end)) {
            core.resize(core.size() - end.size());
            break;
        }
    }
    return core;
}

// Without the level and the place before it: "某某区卫生健康局" -> "卫生健康局". Party bodies keep
// 委.
std::u32string Bare(View name) {
    for (std::size_t at = 0; at <= std::min(kMaxPlace, name.size()); ++at) {
        const View rest = name.substr(at);
        const View level = PrefixOf(rest, kLevels);
        if (level.empty() || rest.size() <= level.size() + 1) {
            continue;
        }
        // "市场监管局" begins with no level.
        if (rest.starts_with(U"市场") || rest.starts_with(U"区域") || rest.starts_with(U"州际")) {
            return std::u32string(rest);
        }
        const bool party = level.size() == 2;
        return std::u32string(rest.substr(party ? 1 : level.size()));
    }
    return std::u32string(name);
}

std::vector<std::size_t>
Pairs(View text, std::map<std::pair<char32_t, char32_t>, std::size_t>& ids) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        out.push_back(ids.try_emplace({text[i], text[i + 1]}, ids.size()).first->second);
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::u32string Plain(std::string_view name) {
    const std::u32string folded = Folded(name);
    std::u32string out;
    for (const char32_t c : WithoutScope(folded)) {
        if (View(U"的“”‘’()\"").find(c) == View::npos) {
            out.push_back(c);
        }
    }
    return out;
}

}  // namespace

std::string_view NameOf(MatchKind kind) noexcept {
    constexpr std::array<std::string_view, 5> kNames = {
        "none", "exact", "alias", "successor", "collective"};
    return kNames[static_cast<std::size_t>(kind)];
}

UnitNames::UnitNames(std::vector<Organ> organs, std::vector<RegisteredUnit> registered)
    : organs_(std::move(organs)), registered_(std::move(registered)) {
    for (std::size_t i = 0; i < registered_.size(); ++i) {
        std::vector<std::string> names = registered_[i].aliases;
        names.push_back(registered_[i].name);
        for (const std::string& name : names) {
            std::u32string bare = Bare(Folded(name));
            const auto organ = OrganOf(bare);
            known_.push_back({i, std::move(bare), organ});
        }
    }
}

std::optional<std::size_t> UnitNames::OrganOf(View bare) const {
    for (std::size_t i = 0; i < organs_.size(); ++i) {
        if (Folded(organs_[i].name) == bare) {
            return i;
        }
        for (const std::string& alias : organs_[i].aliases) {
            if (Folded(alias) == bare) {
                return i;
            }
        }
    }
    return std::nullopt;
}

UnitMatch UnitNames::Match(std::string_view printed, std::string_view date) const {
    UnitMatch match;
    const std::u32string folded = Folded(printed);
    const std::u32string bare = Bare(folded);
    if (View(folded).starts_with(U'各')) {
        match.kind = MatchKind::kCollective;
        return match;
    }
    const auto take = [&match, this](std::size_t unit) {
        const bool known =
            std::any_of(match.candidates.begin(), match.candidates.end(), [&](const auto& one) {
                return one.id == registered_[unit].id;
            });
        if (!known) {
            match.candidates.push_back(registered_[unit]);
        }
    };
    const auto organ = OrganOf(bare);
    if (organ) {
        match.organ = organs_[*organ].name;
        match.ended = !organs_[*organ].to.empty();
        match.ended_at = organs_[*organ].to;
        match.successors = organs_[*organ].successors;
    }
    // A document from before a function moved: the body is there, but the work may not be.
    const bool before = organ && !date.empty() &&
                        std::any_of(
                            match.successors.begin(),
                            match.successors.end(),
                            [date](const Organ::Successor& one) { return one.since > date; }
                        );
    if (organ && !match.ended && !before) {
        match.successors.clear();
    }
    for (const Known& known : known_) {
        const std::u32string name = Folded(registered_[known.unit].name);
        if (name == folded || known.bare == bare) {
            match.kind = MatchKind::kExact;
            take(known.unit);
        }
    }
    for (const Known& known : known_) {
        const bool same = organ ? known.organ == organ : Core(known.bare) == Core(bare);
        if (match.kind != MatchKind::kExact && same) {
            match.kind = MatchKind::kAlias;
            take(known.unit);
        }
    }
    for (const Organ::Successor& successor : match.successors) {
        const std::u32string name = Folded(successor.name);
        const auto heir = OrganOf(name);
        for (const Known& known : known_) {
            const bool same = heir ? known.organ == heir : known.bare == name;
            if (same && (match.kind == MatchKind::kNone || match.kind == MatchKind::kSuccessor)) {
                match.kind = MatchKind::kSuccessor;
                take(known.unit);
            }
        }
    }
    match.id = match.candidates.size() == 1 ? match.candidates.front().id : std::string();
    return match;
}

double Likeness(std::string_view a, std::string_view b) {
    const std::u32string left = Plain(a);
    const std::u32string right = Plain(b);
    if (left == right) {
        return left.empty() ? 0.0 : 1.0;
    }
    std::map<std::pair<char32_t, char32_t>, std::size_t> ids;
    const std::vector<std::size_t> first = Pairs(left, ids);
    const std::vector<std::size_t> second = Pairs(right, ids);
    std::vector<std::size_t> both;
    std::set_intersection(
        first.begin(), first.end(), second.begin(), second.end(), std::back_inserter(both)
    );
    const std::size_t all = first.size() + second.size();
    return all == 0 ? 0.0
                    : 0.99 * 2.0 * static_cast<double>(both.size()) / static_cast<double>(all);
}

std::vector<LibraryMatch>
MatchIndicator(std::string_view name, const std::vector<LibraryEntry>& library, std::size_t most) {
    std::vector<LibraryMatch> matches;
    for (const LibraryEntry& entry : library) {
        if (const double likeness = Likeness(name, entry.name); likeness >= kAlike) {
            matches.push_back({entry, likeness});
        }
    }
    std::stable_sort(
        matches.begin(),
        matches.end(),
        [](const LibraryMatch& a, const LibraryMatch& b) { return a.likeness > b.likeness; }
    );
    if (matches.size() > most) {
        matches.resize(most);
    }
    return matches;
}

}  // namespace kangqu::plan
