#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/result.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::measure {

// Limits of a pack on disk.
constexpr std::size_t kMaxPackFile = std::size_t{4} << 20U;
constexpr std::size_t kMaxReasons = 64;  // different reason codes of one measure

// FHIR measure-population codes as bits of a set.
enum Population : std::uint8_t {
    kInitialPopulation = 1,
    kDenominator = 2,
    kDenominatorExclusion = 4,
    kNumerator = 8,
    kNumeratorExclusion = 16,
    kDenominatorException = 32,
};
// "denominator-exclusion" and so on; empty for no single bit.
std::string_view NameOf(Population population) noexcept;
// 0 for an unknown name.
std::uint8_t FindPopulation(std::string_view name) noexcept;

// Both days included, in China Standard Time.
struct Period {
    core::CivilDate from;
    core::CivilDate to;
    friend bool operator==(const Period&, const Period&) = default;
};

// The logic of a measure, compiled. Immutable, any thread. (Hides the expression module.)
class Logic;

struct Measure {
    std::string id;
    std::string url;
    std::string version;
    std::string title;               // Chinese
    std::string description;         // 指标口径, Chinese
    std::string description_en;      // its translation, or empty
    std::string basis;               // text key, see Pack::Text
    std::string denominator_source;  // code of urn:kangqu:ext:denominator-source
    bool increase = true;            // improvementNotation
    std::string pack;
    std::string pack_version;
    std::string cql;                     // text of the library
    std::shared_ptr<const Logic> logic;  // shared by the copies of this value
};

// A folder of packs/, checked as a whole.
struct Pack {
    std::string name;
    std::string version;
    std::string folder;
    std::vector<Measure> measures;
    std::map<std::string, std::string, std::less<>> zh;
    std::map<std::string, std::string, std::less<>> en;

    // The text of a key ("reason.died", "measure.<id>.numerator"); the key itself when there is
    // none.
    std::string Text(std::string_view key, core::Language language) const;
};

// Reads and checks one pack: package.json, measures, libraries, CQL (compiled), texts in both
// languages for every measure. kPackInvalid with the pack's name; `where` is file or
// file:line:column.
core::Result<Pack> LoadPack(const std::string& folder);
// A single measure without a pack: FHIR Measure JSON and its CQL library text. For `measure run`.
core::Result<Measure> MakeMeasure(
    std::string_view measure_json,
    const std::vector<std::string>& libraries,
    const std::string& where
);
// Folders directly below `folder` that hold a package.json and measures, by name.
core::Result<std::vector<Pack>> LoadPacks(const std::string& folder);

}  // namespace kangqu::measure
