#pragma once

#include "district.hpp"
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::synth {

// Boundaries for a district that does not exist, laid out in open ocean: a lattice of cells with
// shifted corners, one cell a community, so that neighbours share their borders exactly; streets
// and the district are the outlines of their cells. Integer arithmetic in millionths of a degree.
class DistrictMap {
public:
    explicit DistrictMap(const District& district);

    struct Area {
        std::string name;
        std::string longitude;  // of the middle
        std::string latitude;
        std::string ring;             // [[lon,lat],...], closed, counter-clockwise
        std::string boundary_base64;  // a GeoJSON Feature
    };
    // By division code as in the table of places.
    const Area& Of(std::string_view code) const;
    // One FeatureCollection of all, for the folder.
    std::string GeoJson() const;

private:
    struct Point {
        int x;
        int y;
        friend auto operator<=>(const Point&, const Point&) = default;
    };
    Area AreaOf(const Place& place, const std::vector<std::size_t>& cells) const;
    std::vector<Point> Outline(const std::vector<std::size_t>& cells) const;
    Point Corner(std::size_t cell, int corner) const;
    std::string Coordinates(const Point& lattice) const;

    std::map<std::string, Area, std::less<>> areas_;
};

}  // namespace kangqu::synth
