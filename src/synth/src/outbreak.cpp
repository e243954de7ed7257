#include "outbreak.hpp"

#include "kangqu/core/check.hpp"

#include <algorithm>

namespace kangqu::synth {
namespace {

Shape ShapeOf(std::string_view text) {
    for (const Shape shape :
         {Shape::kPoint, Shape::kPropagated, Shape::kSeason, Shape::kSchool, Shape::kWater}) {
        if (CodeOf(shape) == text) {
            return shape;
        }
    }
    KQ_CHECK(false, "an outbreak has no such shape");
    return Shape::kPoint;
}

// One incubation after one meal: a steep rise and a slow fall.
Weights PointCurve(int days, int peak) {
    Weights curve;
    for (int day = 0; day < days; ++day) {
        curve.Add(day < peak ? 1000 * (day + 1) / peak : 1000 * (days - day) / (days - peak));
    }
    return curve;
}

// Generations, each some times the one before until half of the days, then falling.
Weights PropagatedCurve(int days, int interval, int factor_tenths) {
    Weights curve;
    std::int64_t size = 100;
    for (int day = 0; day < days; ++day) {
        if (day > 0 && day % interval == 0) {
            size = day < days / 2 ? size * factor_tenths / 10 : size * 10 / factor_tenths;
        }
        const int within = day % interval;
        const std::int64_t shape =
            10 - 2 * (within > interval / 2 ? within - interval / 2 : interval / 2 - within);
        curve.Add(static_cast<int>(
            std::max<std::int64_t>(1, size * std::max<std::int64_t>(1, shape) / 10)
        ));
    }
    return curve;
}

// Contaminated water runs for days: a plateau.
Weights WaterCurve(int days) {
    Weights curve;
    for (int day = 0; day < days; ++day) {
        curve.Add(day < 3 ? 300 * (day + 1) : day > days - 4 ? 300 * (days - day) : 1000);
    }
    return curve;
}

}  // namespace

std::string_view CodeOf(Shape shape) noexcept {
    switch (shape) {
        case Shape::kPoint:
            return "point-source";
        case Shape::kPropagated:
            return "propagated";
        case Shape::kSeason:
            return "seasonal-noise";
        case Shape::kSchool:
            return "school";
        case Shape::kWater:
            break;
    }
    return "water";
}

Outbreaks::Outbreaks(
    const SynthOptions& options,
    const Window& window,
    const District& district,
    const Sites& sites
)
    : options_(options), district_(district), sites_(sites) {
    const std::vector<Row> rows = RowsOf("outbreaks");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Row& row = rows[i];
        Random random(options.seed, Stream::kOutbreak, i);
        Outbreak made;
        made.key = row[0];
        made.shape = ShapeOf(row[1]);
        made.code = row[2];
        made.text = row[3];
        made.report_hours = NumberOf(row[4]);
        // In the year, counted back from the last one, in the month of the row.
        const int year = window.last_year - NumberOf(row[5]);
        made.from = core::DaysOf({year, NumberOf(row[6]), 1}) + random.Between(0, 24);
        const int days = NumberOf(row[7]);
        made.to = made.from + days - 1;
        made.attack_per_million = NumberOf(row[8]);
        const int generation = NumberOf(row[9]);
        switch (made.shape) {
            case Shape::kPoint:
                made.place = random.Index(sites.OfKind("food").size());
                made.place_id = sites[sites.OfKind("food")[made.place]].id;
                made.curve = PointCurve(days, generation);
                break;
            case Shape::kPropagated:
                made.place = random.Index(district.communities.size());
                made.place_id = district.communities[made.place].place.code;
                made.curve = PropagatedCurve(days, generation, 18);
                break;
            case Shape::kSchool:
                made.place = random.Index(sites.OfKind("school").size());
                made.place_id = sites[sites.OfKind("school")[made.place]].id;
                made.curve = PropagatedCurve(days, generation, 22);
                break;
            case Shape::kWater:
                made.place = random.Index(sites.OfKind("waterworks").size());
                made.place_id = sites[sites.OfKind("waterworks")[made.place]].id;
                made.curve = WaterCurve(days);
                break;
            case Shape::kSeason:
                made.place_id = district.county.code;
                made.curve = PointCurve(days, days / 2);
                made.drill = true;
                break;
        }
        if (made.from >= window.from && made.to <= window.until) {
            all_.push_back(std::move(made));
        }
    }
}

bool Outbreaks::Exposed(const Outbreak& outbreak, const Resident& resident) const {
    const Community& community = district_.communities[resident.community];
    switch (outbreak.shape) {
        case Shape::kPropagated:
            return resident.community == outbreak.place;
        case Shape::kSchool: {
            const auto school = sites_.SchoolOf(resident, community.street, outbreak.from);
            return school && sites_[*school].id == outbreak.place_id;
        }
        case Shape::kWater:
            return sites_.WaterworksOf(community.street) == outbreak.place;
        case Shape::kPoint:
            // Guests of one meal: some households around.
            return sites_[sites_.OfKind("food")[outbreak.place]].street == community.street;
        case Shape::kSeason:
            break;
    }
    return true;
}

std::optional<Day>
Outbreaks::Onset(const Outbreak& outbreak, std::size_t index, const Resident& resident) const {
    if (!Exposed(outbreak, resident)) {
        return std::nullopt;
    }
    Random random(
        options_.seed,
        Stream::kCase,
        static_cast<std::uint64_t>(resident.number) | (std::uint64_t{index} << 40U)
    );
    if (!random.PerMillion(outbreak.attack_per_million)) {
        return std::nullopt;
    }
    const Day day = outbreak.from + static_cast<Day>(outbreak.curve.Pick(random));
    return resident.Here(day) ? std::optional<Day>(day) : std::nullopt;
}

}  // namespace kangqu::synth
