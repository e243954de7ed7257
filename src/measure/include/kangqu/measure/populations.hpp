#pragma once

#include "kangqu/measure/pack.hpp"
#include "kangqu/store/store.hpp"
#include "kangqu/terminology/terminology.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace kangqu::measure {

struct NamedPeriod {
    std::string id;  // "2026", "12m"
    Period period;
    friend bool operator==(const NamedPeriod&, const NamedPeriod&) = default;
};

// One resident's standing in one measure and period: 16 bytes besides the map's own.
struct Standing {
    std::uint64_t reasons = 0;  // bits of the measure's reason numbers
    std::uint8_t populations = 0;
    bool failed = false;  // the logic could not be evaluated for this resident
};

// Which residents of a measure: those of a list on the screen.
enum class Selection : std::uint8_t {
    kInitialPopulation,
    kDenominator,  // after exclusions and exceptions are taken out: what the rate divides by
    kNumerator,
    kNotMet,    // in the denominator, not in the numerator
    kExcluded,  // 剔除: excluded from the denominator
    kFailed,
};
std::optional<Selection> FindSelection(std::string_view name) noexcept;
std::string_view NameOf(Selection selection) noexcept;
bool IsIn(const Standing& standing, Selection selection) noexcept;

struct Counts {
    std::int64_t initial_population = 0;
    std::int64_t denominator = 0;
    std::int64_t excluded = 0;
    std::int64_t numerator = 0;
    std::int64_t not_met = 0;
    std::int64_t failed = 0;
    void Add(const Standing& standing) noexcept;
    // numerator / denominator in percent; nothing for an empty denominator.
    std::optional<double> Percent() const noexcept;
};

// Every resident's standing in every measure and period. Thread-safe: answers come from the last
// finished evaluation while the next is under way.
class Populations {
public:
    // Gives the value sets an evaluation knows, asked at its start.
    using CatalogueSource = std::function<std::shared_ptr<const terminology::Catalogue>()>;
    // `clock` outlives this object.
    Populations(std::vector<Pack> packs, const core::Clock& clock, CatalogueSource catalogue = {});

    // Evaluates what `store` has gained since the last call: everybody at first or when `periods`
    // changed, otherwise the residents whose records changed. `residents` gives the homes of all
    // residents. Several calls at one time wait for one another.
    core::Status Refresh(
        store::Store& store,
        const std::vector<NamedPeriod>& periods,
        const std::function<std::vector<store::Home>()>& residents,
        int threads
    );

    bool ready() const;
    store::Position position() const;
    core::InstantMs as_of() const;
    std::vector<NamedPeriod> periods() const;

    const std::vector<Pack>& packs() const noexcept { return packs_; }
    // Null when there is no such measure; lives as long as this object.
    const Measure* Find(std::string_view id) const noexcept;
    const Pack* PackOf(std::string_view measure) const noexcept;

    // Calls `visit` for every resident with a standing, under the read lock. kMeasureUnknown,
    // kMeasureNotReady, kInvalidArgument for an unknown period. Returns the position it is true at.
    core::Result<store::Position> Visit(
        std::string_view measure,
        std::string_view period,
        const std::function<void(store::Home, const Standing&)>& visit
    ) const;
    // Codes of the bits of Standing::reasons.
    std::vector<std::string> ReasonsOf(std::string_view measure, std::uint64_t reasons) const;
    // All reason codes of a measure met so far, by number.
    std::vector<std::string> ReasonCodes(std::string_view measure) const;

private:
    using Standings = std::unordered_map<store::Home, Standing>;
    struct Table {
        std::vector<NamedPeriod> periods;
        std::vector<Standings> standings;  // [measure * periods + period]
    };
    struct Change {
        std::size_t slot;
        store::Home home;
        std::optional<Standing> standing;
    };

    core::Status EvaluateAll(
        store::Store& store,
        const std::vector<NamedPeriod>& periods,
        const std::vector<store::Home>& homes,
        int threads
    );
    core::Status EvaluateHomes(
        store::Reader& reader,
        const std::vector<NamedPeriod>& periods,
        const store::Home* begin,
        const store::Home* end,
        std::vector<Change>& out
    );
    std::uint64_t ReasonBits(std::size_t measure, const std::vector<std::string>& codes);
    static void Apply(const std::vector<Change>& changes, Table& table);

    std::shared_ptr<const terminology::Catalogue> CatalogueNow() const {
        return catalogue_ ? catalogue_() : nullptr;
    }

    const core::Clock& clock_;
    CatalogueSource catalogue_;
    std::vector<Pack> packs_;
    std::vector<const Measure*> measures_;
    std::vector<std::string> types_read_;  // sorted; empty: any
    std::mutex refreshing_;
    mutable std::shared_mutex mutex_;  // table_, position_, as_of_, ready_
    Table table_;
    store::Position position_ = 0;
    core::InstantMs as_of_ = 0;
    bool ready_ = false;
    mutable std::mutex reasons_mutex_;
    std::vector<std::vector<std::string>> reasons_;  // by measure
};

}  // namespace kangqu::measure
