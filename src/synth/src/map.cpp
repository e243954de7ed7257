#include "map.hpp"

#include "kangqu/core/check.hpp"
#include "kangqu/core/json.hpp"

#include "random.hpp"
#include "slots.hpp"
#include <array>

namespace kangqu::synth {
namespace {

constexpr std::size_t kColumns = 8;
// In the Pacific, where no land and no border is.
constexpr std::int64_t kWest = 170'500'000;
constexpr std::int64_t kSouth = 30'500'000;
constexpr std::int64_t kCell = 18'000;
constexpr int kShift = 5'200;
constexpr std::uint64_t kMapSeed = 990'101;

std::string Degrees(std::int64_t millionths) {
    Fill fill;
    fill.SetFixed(Slot::value, millionths, 6);
    return std::string(fill[Slot::value]);
}

std::string Base64(std::string_view bytes) {
    static constexpr char kAlphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t three = 0;
        for (std::size_t k = 0; k < 3; ++k) {
            three = three << 8U |
                    (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        }
        for (std::size_t k = 0; k < 4; ++k) {
            const bool padding = i + k > bytes.size();
            out += padding ? '=' : kAlphabet[three >> (18U - 6U * k) & 63U];
        }
    }
    return out;
}

std::string Feature(std::string_view code, std::string_view name, std::string_view ring) {
    std::string out;
    core::JsonWriter writer(out);
    writer.BeginObject().Field("type", "Feature").Key("properties").BeginObject();
    writer.Field("code", code).Field("name", name).EndObject().Key("geometry").BeginObject();
    writer.Field("type", "Polygon").Key("coordinates").BeginArray().Raw(ring).EndArray();
    writer.EndObject().EndObject();
    return out;
}

}  // namespace

DistrictMap::DistrictMap(const District& district) {
    std::vector<std::vector<std::size_t>> streets(district.streets.size());
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < district.communities.size(); ++i) {
        // Rows run to and fro, so that communities that follow one another touch.
        const std::size_t row = i / kColumns;
        const std::size_t column = row % 2 == 0 ? i % kColumns : kColumns - 1 - i % kColumns;
        const std::size_t cell = row * kColumns + column;
        streets[district.communities[i].street].push_back(cell);
        all.push_back(cell);
        const Place& place = district.communities[i].place;
        areas_.emplace(place.code, AreaOf(place, {cell}));
    }
    for (std::size_t i = 0; i < streets.size(); ++i) {
        areas_.emplace(district.streets[i].code, AreaOf(district.streets[i], streets[i]));
    }
    areas_.emplace(district.county.code, AreaOf(district.county, all));
}

const DistrictMap::Area& DistrictMap::Of(std::string_view code) const {
    const auto found = areas_.find(code);
    KQ_CHECK(found != areas_.end(), "a place is not on the map");
    return found->second;
}

DistrictMap::Point DistrictMap::Corner(std::size_t cell, int corner) const {
    static constexpr std::array<Point, 4> kCorners = {{{0, 0}, {1, 0}, {1, 1}, {0, 1}}};
    const Point& shift = kCorners[static_cast<std::size_t>(corner % 4)];
    return {
        static_cast<int>(cell % kColumns) + shift.x, static_cast<int>(cell / kColumns) + shift.y};
}

std::vector<DistrictMap::Point> DistrictMap::Outline(const std::vector<std::size_t>& cells) const {
    // Edges that two cells share run both ways and cancel out; what is left is walked around.
    std::map<Point, std::vector<Point>> next;
    for (const std::size_t cell : cells) {
        for (int corner = 0; corner < 4; ++corner) {
            const Point from = Corner(cell, corner);
            const Point to = Corner(cell, corner + 1);
            auto& back = next[to];
            bool cancelled = false;
            for (auto it = back.begin(); it != back.end(); ++it) {
                if (*it == from) {
                    back.erase(it);
                    cancelled = true;
                    break;
                }
            }
            if (!cancelled) {
                next[from].push_back(to);
            }
        }
    }
    std::vector<Point> ring;
    Point at = Corner(cells[0], 0);
    for (auto& [from, to] : next) {
        if (!to.empty()) {
            at = from;
            break;
        }
    }
    const Point start = at;
    do {
        ring.push_back(at);
        auto& to = next[at];
        KQ_CHECK(!to.empty(), "an outline is not closed");
        const Point step = to.back();
        to.pop_back();
        at = step;
    } while (at != start);
    ring.push_back(start);
    return ring;
}

std::string DistrictMap::Coordinates(const Point& lattice) const {
    Random random(
        kMapSeed, Stream::kPlace, static_cast<std::uint64_t>(lattice.y * 1000 + lattice.x)
    );
    const std::int64_t x = kWest + lattice.x * kCell + random.Between(-kShift, kShift);
    const std::int64_t y = kSouth + lattice.y * kCell + random.Between(-kShift, kShift);
    return "[" + Degrees(x) + "," + Degrees(y) + "]";
}

DistrictMap::Area DistrictMap::AreaOf(const Place& place, const std::vector<std::size_t>& cells)
    const {
    Area area;
    area.name = place.name;
    std::int64_t x = 0;
    std::int64_t y = 0;
    for (const std::size_t cell : cells) {
        x += static_cast<std::int64_t>(cell % kColumns) * 2 + 1;
        y += static_cast<std::int64_t>(cell / kColumns) * 2 + 1;
    }
    const auto count = static_cast<std::int64_t>(cells.size()) * 2;
    area.longitude = Degrees(kWest + x * kCell / count);
    area.latitude = Degrees(kSouth + y * kCell / count);
    for (const Point& point : Outline(cells)) {
        area.ring += area.ring.empty() ? "[" : ",";
        area.ring += Coordinates(point);
    }
    area.ring += "]";
    area.boundary_base64 = Base64(Feature(place.code, place.name, area.ring));
    return area;
}

std::string DistrictMap::GeoJson() const {
    std::string out = R"({"type":"FeatureCollection","features":[)";
    bool first = true;
    for (const auto& [code, area] : areas_) {
        out += first ? "\n" : ",\n";
        out += Feature(code, area.name, area.ring);
        first = false;
    }
    return out + "\n]}\n";
}

}  // namespace kangqu::synth
