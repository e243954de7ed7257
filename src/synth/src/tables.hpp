#pragma once

#include "random.hpp"
#include <cstdint>
#include <string_view>
#include <vector>

namespace kangqu::synth {

// One row of a table as its fields. Views live as long as the program.
using Row = std::vector<std::string_view>;
// The rows of a compiled-in table without its comments. A table that is not there is a bug.
std::vector<Row> RowsOf(std::string_view table);
int NumberOf(std::string_view field);

// A choice by weight.
class Weights {
public:
    void Add(int weight);
    // The position of one of the added weights. Requires at least one positive weight.
    std::size_t Pick(Random& random) const;
    std::size_t size() const noexcept { return ends_.size(); }

private:
    std::vector<std::uint32_t> ends_;
};

// The text of a code, from texts.tsv and programme.tsv. A missing key is a bug.
class Texts {
public:
    explicit Texts(std::string_view table);
    std::string_view operator[](std::string_view key) const;
    int Number(std::string_view key) const { return NumberOf((*this)[key]); }

private:
    std::vector<Row> rows_;
};

struct AgeRate {
    int from = 0;
    int to = 0;
    int rate = 0;
};
// Rows `from to rate`; the rate at an age, 0 outside every row.
class AgeRates {
public:
    AgeRates() = default;
    explicit AgeRates(std::string_view table);
    void Add(const AgeRate& row) { rows_.push_back(row); }
    int At(int age) const noexcept;

private:
    std::vector<AgeRate> rows_;
};

}  // namespace kangqu::synth
