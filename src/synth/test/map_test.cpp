#include "map.hpp"

#include "kangqu/core/json.hpp"

#include "life.hpp"
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace kangqu::synth {
namespace {

struct Shape {
    std::vector<std::pair<std::int64_t, std::int64_t>> ring;  // millionths of a degree
    // Twice the area, exact; positive when the ring runs counter-clockwise.
    __extension__ typedef __int128 Wide;
    Wide area = 0;
};

std::int64_t Millionths(std::string_view text) {
    std::string digits(text);
    digits.erase(digits.find('.'), 1);
    return std::stoll(digits);
}

std::map<std::string, Shape> Shapes() {
    const World world(SynthOptions{10, 1, 1, {2025, 12, 31}});
    const auto document = core::JsonDocument::Parse(DistrictMap(world.district).GeoJson());
    EXPECT_TRUE(document.ok());
    std::map<std::string, Shape> shapes;
    const core::JsonNode features = (*document)->root()["features"];
    for (core::JsonNode feature = features.first(); feature; feature = feature.next()) {
        Shape& shape = shapes[std::string(feature["properties"]["code"].text())];
        const core::JsonNode ring = feature["geometry"]["coordinates"][0];
        for (core::JsonNode point = ring.first(); point; point = point.next()) {
            shape.ring.emplace_back(Millionths(point[0].text()), Millionths(point[1].text()));
        }
        for (std::size_t i = 0; i + 1 < shape.ring.size(); ++i) {
            const auto& [x1, y1] = shape.ring[i];
            const auto& [x2, y2] = shape.ring[i + 1];
            shape.area += Shape::Wide{x1} * y2 - Shape::Wide{x2} * y1;
        }
    }
    return shapes;
}

TEST(DistrictMap, RingsAreClosedAndRunTheRightWay) {
    const auto shapes = Shapes();
    EXPECT_EQ(shapes.size(), 1U + 6U + 40U);
    for (const auto& [code, shape] : shapes) {
        ASSERT_GE(shape.ring.size(), 5U) << code;
        EXPECT_EQ(shape.ring.front(), shape.ring.back()) << code;
        EXPECT_TRUE(shape.area > 0) << code;
    }
}

TEST(DistrictMap, PartsCoverTheWholeExactly) {
    const auto shapes = Shapes();
    Shape::Wide communities = 0;
    Shape::Wide streets = 0;
    std::map<std::string, Shape::Wide> of_street;
    for (const auto& [code, shape] : shapes) {
        if (code.size() == 12) {
            communities += shape.area;
            of_street[code.substr(0, 9)] += shape.area;
        } else if (code.size() == 9) {
            streets += shape.area;
        }
    }
    EXPECT_TRUE(communities == shapes.at("990101").area);
    EXPECT_TRUE(streets == communities);
    for (const auto& [street, area] : of_street) {
        EXPECT_TRUE(area == shapes.at(street).area) << street;
    }
}

}  // namespace
}  // namespace kangqu::synth
