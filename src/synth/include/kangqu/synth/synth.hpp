#pragma once

#include "kangqu/core/clock.hpp"
#include "kangqu/core/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::synth {

// Health record numbers have five digits for a community's residents, and serials of id numbers
// three for a day's births; both would run out not far above.
constexpr std::int64_t kMaxResidents = 2'000'000;
constexpr int kMaxYears = 20;
constexpr int kMaxThreads = 64;
// Enough full lives to show every kind of record, few enough to load at once: the demonstration.
constexpr int kSamplePerMille = 50;

struct SynthOptions {
    std::int64_t residents = 10'000;
    std::uint64_t seed = 42;
    // Calendar years of history; the last one is that of `until` and may be incomplete.
    int years = 5;
    // The last day anything happens on. Only a contract's planned end lies later.
    core::CivilDate until = {2025, 12, 31};
    // Households, of a thousand, of which everything is told and into whose data faults are put; of
    // the others the core only: numbers, contracts, the first programme, exams, visits, doses.
    int detailed_per_mille = 0;
    // Threads that make blocks of residents. The bytes do not depend on it.
    int threads = 1;
    // Also make a share of the same events as institutions send them; GenerateFolder writes them to
    // sent/<institution>/: HL7 v2, CDA, .csv in GB 18030, .xlsx.
    bool sent = false;
};

struct SynthSummary {
    std::int64_t residents = 0;
    // Number of resources by type, in the order of first appearance.
    std::vector<std::pair<std::string, std::int64_t>> resources;
    // What was put in, to compare with what is counted later: one JSON object, described in
    // docs/guide/synthetic-district.md.
    std::string truth_json;
    // Distributions beside published figures: one self-contained HTML file.
    std::string report_html;
};

// Takes what is made, one resource at a time. Called from one thread.
class SynthSink {
public:
    virtual ~SynthSink() = default;
    // `json` is one minified FHIR R4 resource without line end and dies with the call. Everything
    // it refers to has been put before. An error ends the generation and is passed on.
    virtual core::Status Put(std::string_view type, std::string_view json) = 0;
};

// Makes the district. The same options give the same calls with the same bytes, everywhere.
// Memory: some megabytes, whatever the number of residents, and about 30 bytes for each fault and
// case listed in the truth. Fails with kInvalidArgument for options out of range, or with the
// sink's error.
core::Result<SynthSummary> Generate(const SynthOptions& options, SynthSink& sink);

// Generate into `folder`, made when absent: <Type>.ndjson for each type, district.geojson and
// truth.json. Files of these names are overwritten; a failure leaves what was written so far.
core::Result<SynthSummary> GenerateFolder(const SynthOptions& options, const std::string& folder);

}  // namespace kangqu::synth
