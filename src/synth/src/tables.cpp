#include "tables.hpp"

#include "kangqu/core/check.hpp"

#include "table_source.hpp"
#include <algorithm>
#include <charconv>

namespace kangqu::synth {
namespace {

Row Split(std::string_view line) {
    Row row;
    while (true) {
        const std::size_t tab = line.find('\t');
        row.push_back(line.substr(0, tab));
        if (tab == std::string_view::npos) {
            return row;
        }
        line.remove_prefix(tab + 1);
    }
}

}  // namespace

std::vector<Row> RowsOf(std::string_view table) {
    const auto tables = CompiledTables();
    const auto found = std::find_if(tables.begin(), tables.end(), [&](const TableSource& source) {
        return source.name == table;
    });
    KQ_CHECK(found != tables.end(), "a table of the synthetic district is not compiled in");
    std::vector<Row> rows;
    std::string_view rest = found->text;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (!line.empty() && line[0] != '#') {
            rows.push_back(Split(line));
            KQ_CHECK(rows.back().size() == rows[0].size(), "a table row has a field too few");
        }
    }
    KQ_CHECK(!rows.empty(), "a table of the synthetic district is empty");
    return rows;
}

int NumberOf(std::string_view field) {
    int value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    KQ_CHECK(error == std::errc{} && end == field.data() + field.size(), "a table holds no number");
    return value;
}

void Weights::Add(int weight) {
    KQ_CHECK(weight >= 0, "a weight cannot be negative");
    ends_.push_back((ends_.empty() ? 0U : ends_.back()) + static_cast<std::uint32_t>(weight));
}

std::size_t Weights::Pick(Random& random) const {
    const std::uint32_t drawn = random.Below(ends_.back());
    return static_cast<std::size_t>(
        std::upper_bound(ends_.begin(), ends_.end(), drawn) - ends_.begin()
    );
}

Texts::Texts(std::string_view table) : rows_(RowsOf(table)) {
    std::sort(rows_.begin(), rows_.end());
}

std::string_view Texts::operator[](std::string_view key) const {
    const auto found =
        std::lower_bound(rows_.begin(), rows_.end(), key, [](const Row& row, std::string_view k) {
            return row[0] < k;
        });
    KQ_CHECK(found != rows_.end() && (*found)[0] == key, "a code has no text");
    return (*found)[1];
}

AgeRates::AgeRates(std::string_view table) {
    for (const Row& row : RowsOf(table)) {
        rows_.push_back({NumberOf(row[0]), NumberOf(row[1]), NumberOf(row[2])});
    }
}

int AgeRates::At(int age) const noexcept {
    for (const AgeRate& row : rows_) {
        if (age >= row.from && age <= row.to) {
            return row.rate;
        }
    }
    return 0;
}

}  // namespace kangqu::synth
