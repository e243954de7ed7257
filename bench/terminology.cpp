// Conversions of units (pairs that everyday records hold, met again and again, and compiled anew),
// membership of codes in value sets, and expansions.
#include "kangqu/terminology/terminology.hpp"

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

// A system of `count` codes in groups of a hundred, and value sets over it.
std::string MadeSystem(int count) {
    std::string json =
        R"({"resourceType":"CodeSystem","id":"made","url":"urn:made","status":"active",)"
        R"("content":"complete","concept":[)";
    for (int group = 0; group < count / 100; ++group) {
        json += (group == 0 ? "" : ",");
        json += R"({"code":"G)" + std::to_string(group) + R"(","display":"group","concept":[)";
        for (int i = 0; i < 100; ++i) {
            json += (i == 0 ? "" : ",");
            json += R"({"code":"C)" + std::to_string(group * 100 + i) + R"(","display":"a code"})";
        }
        json += "]}";
    }
    return json + "]}";
}

void MeasureSets() {
    const core::SystemClock clock;
    auto start = SteadyClock::now();
    terminology::Terminology terminology(clock);
    Stop(terminology.now()->Canonicals("CodeSystem").empty());
    Print(
        "terminology_start", SecondsSince(start) * 1e3, "ms", "catalogue with what R4 publishes", 0
    );
    Stop(!terminology
              .Add(
                  terminology::Layer::kPack,
                  {{MadeSystem(10'000), "made"},
                   {R"({"resourceType":"ValueSet","id":"all","url":"urn:all","status":"active",)"
                    R"("compose":{"include":[{"system":"urn:made"}]}})",
                    "all"}}
              )
              .ok());
    const auto catalogue = terminology.now();
    terminology::Operation expand;
    expand.type = "ValueSet";
    expand.name = "expand";
    expand.parameters = {{"url", "urn:all", {}}};
    start = SteadyClock::now();
    Stop(!catalogue->Operate(expand).ok());
    Print(
        "expand_10000_first",
        SecondsSince(start) * 1e3,
        "ms",
        "10,100 codes, compiled and written",
        0
    );
    constexpr int kRounds = 50;
    start = SteadyClock::now();
    for (int i = 0; i < kRounds; ++i) {
        Stop(!catalogue->Operate(expand).ok());
    }
    Print("expand_10000", SecondsSince(start) * 1e3 / kRounds, "ms", "10,100 codes, written", 0);
    Measure(
        "member_of",
        "code in a set of 10,100, by address, system and code",
        2'000'000,
        [&](std::size_t i) {
            static constexpr std::array<const char*, 4> kCodes = {"C17", "C9999", "G3", "C5000"};
            Stop(
                catalogue->Contains("urn:all", {}, "urn:made", kCodes.at(i % kCodes.size())) !=
                terminology::Member::kYes
            );
        }
    );
    const auto members = catalogue->FindMembers("urn:all", {});
    Stop(!members.ok());
    Measure(
        "member_of_found",
        "code in a set of 10,100 found before, by system and code",
        5'000'000,
        [&](std::size_t) {
            Stop(members->Contains("urn:made", "C9999") != terminology::Member::kYes);
        }
    );
    Measure("member_of_published", "code in observation-status", 2'000'000, [&](std::size_t) {
        Stop(
            catalogue->Contains(
                "http://hl7.org/fhir/ValueSet/observation-status", {}, {}, "final"
            ) != terminology::Member::kYes
        );
    });
}

}  // namespace
}  // namespace kangqu::bench

int main() {
    kangqu::bench::MeasureUnits();
    kangqu::bench::MeasureSets();
    return 0;
}
