#pragma once

#include "life.hpp"
#include "marginals.hpp"
#include <string>

namespace kangqu::synth {

// The report: one HTML file without anything from outside, Chinese with English, charts as SVG and
// their tables with the published figures and sources. What is drawn stands in the tables `charts`
// and `chart-data`. Numbers by integer arithmetic: the same bytes everywhere.
std::string ReportHtml(const World& world, const Marginals& marginals, const SynthSummary& summary);

// The mark of a name; aborts when there is none.
Mark MarkOf(std::string_view name);

// One row of a chart.
struct ChartValue {
    std::string_view label;
    std::string_view label_en;
    int series = 0;
    std::int64_t value = 0;       // hundredths
    std::int64_t published = -1;  // hundredths; negative: none
    std::string_view source;
    bool known = false;  // the denominator is not zero
};
// The rows of a chart, computed.
std::vector<ChartValue> ChartValues(std::string_view chart, const Marginals& marginals);

// 1234 as "12.34", 1230 as "12.3", 1200 as "12".
std::string Hundredths(std::int64_t value);

}  // namespace kangqu::synth
