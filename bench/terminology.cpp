// Conversions of units: pairs that everyday records hold, met again and again, and compiled anew.
#include "kangqu/terminology/ucum.hpp"

#include "figure.hpp"
#include <array>
#include <cstdlib>

namespace kangqu::bench {
namespace {

using terminology::Unit;

struct Pair {
    const char* from;
    const char* to;
};
constexpr std::array<Pair, 8> kPairs = {{
    {"mg/dL", "g/L"},
    {"umol/L", "mmol/L"},
    {"mm[Hg]", "kPa"},
    {"[lb_av]", "kg"},
    {"cm", "m"},
    {"10*3/uL", "10*9/L"},
    {"min", "s"},
    {"mL", "L"},
}};

void Stop(bool wrong) {
    if (wrong) {
        std::fprintf(stderr, "a conversion failed\n");
        std::exit(3);
    }
}

template <class Step>
void Measure(const char* name, const char* workload, int rounds, const Step& step) {
    const auto start = SteadyClock::now();
    for (int i = 0; i < rounds; ++i) {
        step(static_cast<std::size_t>(i));
    }
    const double seconds = SecondsSince(start);
    Print(name, rounds / seconds, "1/s", workload, 0);
    Print(std::string(name) + "_each", seconds * 1e9 / rounds, "ns", workload, 0);
}

void MeasureUnits() {
    const core::Decimal value = *core::Decimal::Parse("12.75");
    Measure(
        "ucum_convert",
        "by unit texts, eight everyday pairs, decimal value",
        2'000'000,
        [&](std::size_t i) {
            const Pair& pair = kPairs.at(i % kPairs.size());
            Stop(!terminology::ConvertQuantity(value, pair.from, pair.to).ok());
        }
    );
    const auto compiled =
        terminology::UnitConversion::Between(*Unit::Parse("mg/dL"), *Unit::Parse("g/L"));
    Measure("ucum_convert_compiled", "mg/dL to g/L, compiled", 5'000'000, [&](std::size_t) {
        Stop(!compiled->Convert(value).ok());
    });
    Measure("ucum_convert_special", "Cel to [degF] by unit texts", 200'000, [&](std::size_t) {
        Stop(!terminology::ConvertQuantity(value, "Cel", "[degF]").ok());
    });
    Measure("ucum_parse", "eight everyday units, no memory", 200'000, [&](std::size_t i) {
        Stop(!Unit::Parse(kPairs.at(i % kPairs.size()).from).ok());
    });
    Measure(
        "ucum_canonical",
        "12.75 in eight everyday units, for search",
        200'000,
        [&](std::size_t i) {
            Stop(!terminology::Canonical("12.75", kPairs.at(i % kPairs.size()).from).ok());
        }
    );
}

}  // namespace
}  // namespace kangqu::bench

int main() {
    kangqu::bench::MeasureUnits();
    return 0;
}
