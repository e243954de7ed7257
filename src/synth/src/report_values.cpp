#include "kangqu/core/check.hpp"

#include "report.hpp"
#include <charconv>

namespace kangqu::synth {
namespace {

constexpr std::int64_t kDaysPerYear = 365;

std::int64_t Positions(const Marginals& marginals, std::string_view mark, std::string_view range) {
    const std::size_t dash = range.find('-');
    const int from = NumberOf(range.substr(0, dash));
    const int to = dash == std::string_view::npos ? from : NumberOf(range.substr(dash + 1));
    std::int64_t sum = 0;
    for (int at = from; at <= to; ++at) {
        sum += marginals.At(MarkOf(mark), static_cast<std::size_t>(at));
    }
    return sum;
}

std::int64_t Denominator(const Marginals& marginals, std::string_view text) {
    std::int64_t factor = 1;
    const std::size_t star = text.find('*');
    if (star != std::string_view::npos) {
        factor = NumberOf(text.substr(star + 1));
        text = text.substr(0, star);
    }
    const std::size_t colon = text.find(':');
    const std::string_view kind = text.substr(0, colon);
    text.remove_prefix(colon + 1);
    if (kind == "years") {
        const std::int64_t days = text == "all" ? marginals.Sum(Mark::person_years)
                                                : Positions(marginals, "person_years", text);
        return days * factor / kDaysPerYear;
    }
    if (kind == "at") {
        const std::size_t second = text.find(':');
        return factor * Positions(marginals, text.substr(0, second), text.substr(second + 1));
    }
    KQ_CHECK(kind == "sum", "a chart has no such denominator");
    std::int64_t sum = 0;
    while (!text.empty()) {
        const std::size_t plus = text.find('+');
        sum += marginals.Sum(MarkOf(text.substr(0, plus)));
        text.remove_prefix(plus == std::string_view::npos ? text.size() : plus + 1);
    }
    return sum * factor;
}

// "12.3" as 1230.
std::int64_t ParseHundredths(std::string_view text) {
    const std::size_t point = text.find('.');
    std::int64_t value = std::int64_t{NumberOf(text.substr(0, point))} * 100;
    if (point != std::string_view::npos) {
        const std::string_view rest = text.substr(point + 1);
        value += std::int64_t{NumberOf(rest)} * (rest.size() == 1 ? 10 : 1);
    }
    return value;
}

}  // namespace

Mark MarkOf(std::string_view name) {
    for (std::size_t i = 0; i < kMarks; ++i) {
        if (NameOf(static_cast<Mark>(i)) == name) {
            return static_cast<Mark>(i);
        }
    }
    KQ_CHECK(false, "a chart counts a mark that does not exist");
    return Mark::kCount;
}

std::vector<ChartValue> ChartValues(std::string_view chart, const Marginals& marginals) {
    std::vector<ChartValue> values;
    for (const Row& row : RowsOf("chart-data")) {
        if (row[0] != chart) {
            continue;
        }
        ChartValue& value = values.emplace_back();
        value.label = row[1];
        value.label_en = row[2];
        value.series = NumberOf(row[3]);
        const std::int64_t denominator = Denominator(marginals, row[7]);
        std::int64_t numerator = 0;
        for (int at = NumberOf(row[5]); at <= NumberOf(row[6]); ++at) {
            numerator += marginals.At(MarkOf(row[4]), static_cast<std::size_t>(at));
        }
        value.known = denominator > 0;
        if (value.known) {
            value.value = (numerator * NumberOf(row[8]) * 100 + denominator / 2) / denominator;
        }
        value.published = row[9] == "-" ? -1 : ParseHundredths(row[9]);
        value.source = row[10];
    }
    return values;
}

std::string Hundredths(std::int64_t value) {
    std::string text = std::to_string(value / 100);
    const std::int64_t rest = value % 100;
    if (rest != 0) {
        text += '.';
        text += static_cast<char>('0' + rest / 10);
        if (rest % 10 != 0) {
            text += static_cast<char>('0' + rest % 10);
        }
    }
    return text;
}

}  // namespace kangqu::synth
