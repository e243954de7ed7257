#pragma once

#include "district.hpp"
#include "resident.hpp"
#include "sites.hpp"
#include "tables.hpp"
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace kangqu::synth {

enum class Shape : std::uint8_t { kPoint, kPropagated, kSeason, kSchool, kWater };
std::string_view CodeOf(Shape shape) noexcept;

// An outbreak that was put in: who is exposed, how many of them fall ill, and on which days.
struct Outbreak {
    std::string_view key;
    Shape shape = Shape::kPoint;
    std::string_view code;
    std::string_view text;
    int report_hours = 0;
    std::size_t place = 0;  // community, site or, for a season, unused
    std::string_view place_id;
    Day from = 0;
    Day to = 0;
    std::int64_t attack_per_million = 0;  // of the exposed
    Weights curve;                        // by day from `from`
    bool drill = false;                   // a season is no outbreak: a detector should keep quiet
};

// The outbreaks of the table `outbreaks`, placed by the seed. Whether a resident falls ill, and
// when, depends on the outbreak and the resident alone: no list of residents is kept.
class Outbreaks {
public:
    Outbreaks(
        const SynthOptions& options,
        const Window& window,
        const District& district,
        const Sites& sites
    );
    const std::vector<Outbreak>& all() const noexcept { return all_; }
    // The day of onset, or nothing.
    std::optional<Day> Onset(const Outbreak& outbreak, std::size_t index, const Resident& resident)
        const;

private:
    bool Exposed(const Outbreak& outbreak, const Resident& resident) const;
    const SynthOptions& options_;
    const District& district_;
    const Sites& sites_;
    std::vector<Outbreak> all_;
};

}  // namespace kangqu::synth
