#pragma once

#include "kangqu/terminology/terminology.hpp"

#include "entry.hpp"
#include "value_set.hpp"
#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kangqu::terminology {

// Inside of a Catalogue.
struct Catalogue::State final : Vocabularies {
    State(std::vector<std::shared_ptr<const Entry>> all, core::InstantMs the_now);

    // Position of the resource of an address ("url|version" too) in force on a day, or kNowhere.
    static constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);
    std::size_t Find(
        std::string_view type,
        std::string_view canonical,
        std::string_view version,
        core::CivilDate day
    ) const;
    std::size_t FindById(std::string_view type, std::string_view id) const;

    std::shared_ptr<const CodeSystem> FindSystem(std::string_view url, std::string_view version)
        const override;
    std::shared_ptr<const CodeSystem>
    SystemOn(std::string_view url, std::string_view version, core::CivilDate day) const;
    core::Result<std::shared_ptr<const CompiledSet>> FindSet(std::string_view canonical, int depth)
        const override;
    core::Result<std::shared_ptr<const CompiledSet>> SetOf(std::size_t index, int depth) const;
    core::Result<std::shared_ptr<const CodeSystem>> SystemOf(std::size_t index) const;

    // What is worked out of one entry.
    struct Worked {
        std::atomic<const CompiledSet*> quick = nullptr;  // the same as `set`, for reading unlocked
        std::shared_ptr<const CompiledSet> set;
        std::shared_ptr<const CodeSystem> system;  // with supplements
    };
    core::InstantMs now = 0;
    core::CivilDate today;
    std::vector<std::shared_ptr<const Entry>> entries;  // best first within an address
    std::unordered_map<std::string_view, std::vector<std::size_t>> by_url;
    std::map<std::pair<std::string_view, std::string_view>, std::size_t> by_id;
    std::multimap<std::string, std::size_t, std::less<>> supplements;  // by the address they add to
    mutable std::deque<Worked> worked;                                 // as entries
    mutable std::recursive_mutex mutex;                                // worked, under_way
    mutable std::vector<std::size_t> under_way;
};

// "url|version" in its parts.
struct AddressParts {
    std::string_view url;
    std::string_view version;
};
AddressParts SplitAddress(std::string_view canonical) noexcept;

// The operations, one file a family.
core::Result<std::string> Expand(const Catalogue::State& state, const Operation& operation);
core::Result<std::string> ValidateInSet(const Catalogue::State& state, const Operation& operation);
core::Result<std::string>
ValidateInSystem(const Catalogue::State& state, const Operation& operation);
core::Result<std::string> Lookup(const Catalogue::State& state, const Operation& operation);
core::Result<std::string> Subsumes(const Catalogue::State& state, const Operation& operation);
core::Result<std::string> Translate(const Catalogue::State& state, const Operation& operation);

}  // namespace kangqu::terminology
