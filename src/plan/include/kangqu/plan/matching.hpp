#pragma once

#include "kangqu/core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What printed names mean: bodies of government through their short forms and their reforms, and
// indicator names in a library of measures.
namespace kangqu::plan {

// A kind of body ("卫生健康委员会") at every level of government, as a row of a pack's organs.tsv.
struct Organ {
    std::string name;
    std::vector<std::string> aliases;
    std::string from;  // YYYY-MM or empty: always
    std::string to;    // the month it ended, or empty: still there
    // What became of it, by function: the function and the body that has it now. One row without a
    // function: all of it.
    struct Successor {
        std::string function;
        std::string name;
        std::string since;
    };
    std::vector<Successor> successors;
};

// Most rows of the table.
constexpr std::size_t kMaxOrgans = 5000;

// Reads the table: `#` lines are comments, the first other line the header (name, aliases, from,
// to, successors in any order), columns separated by tabs, aliases by `、`, successors by `;` as
// "function=name@YYYY-MM" or "name@YYYY-MM". Fails with kPackInvalid, naming pack and line.
core::Result<std::vector<Organ>> ReadOrgans(std::string_view text, std::string_view pack);

// A registered organisation that a unit may be.
struct RegisteredUnit {
    std::string id;
    std::string name;
    std::vector<std::string> aliases;
};

enum class MatchKind : std::uint8_t {
    kNone,        // nobody of that name is registered
    kExact,       // name or alias of the registered organisation
    kAlias,       // through another short form of the same body
    kSuccessor,   // the printed body is gone; who has its work is registered
    kCollective,  // "各区政府": a group, never one organisation
};
// "none" "exact" "alias" "successor" "collective"
std::string_view NameOf(MatchKind kind) noexcept;

struct UnitMatch {
    MatchKind kind = MatchKind::kNone;
    // The one organisation it is; empty when there is none or more than one.
    std::string id;
    // Those it may be.
    std::vector<RegisteredUnit> candidates;
    // The body as the table names it, without level and place; empty when the table has none.
    std::string organ;
    // The table says that the body had ended before the date of the document, or has since.
    bool ended = false;
    std::string ended_at;
    std::vector<Organ::Successor> successors;
};

class UnitNames {
public:
    UnitNames(std::vector<Organ> organs, std::vector<RegisteredUnit> registered);

    // `date` (YYYY-MM or longer, or empty) is that of the document: a name that was right then is
    // no mistake, but its work may be elsewhere now.
    UnitMatch Match(std::string_view printed, std::string_view date) const;

private:
    struct Known {
        std::size_t unit;
        std::u32string bare;  // without place and level
        std::optional<std::size_t> organ;
    };
    std::optional<std::size_t> OrganOf(std::u32string_view bare) const;

    std::vector<Organ> organs_;
    std::vector<RegisteredUnit> registered_;
    std::vector<Known> known_;
};

// How alike two names are, 0 to 1: pairs of neighbouring characters they share, after words that
// only say where (全市, 本区) and 的 are taken away. 1 when nothing else differs.
double Likeness(std::string_view a, std::string_view b);

struct LibraryEntry {
    std::string id;
    std::string name;
};
struct LibraryMatch {
    LibraryEntry entry;
    double likeness = 0;
};
// The entries that a name may mean, most alike first, at most `most`, none below one half.
std::vector<LibraryMatch> MatchIndicator(
    std::string_view name,
    const std::vector<LibraryEntry>& library,
    std::size_t most = 5
);

}  // namespace kangqu::plan
