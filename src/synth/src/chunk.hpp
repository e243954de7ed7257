#pragma once

#include "faults.hpp"
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::synth {

// A row or message as an institution would send it.
struct Sent {
    enum class Form : std::uint8_t { kMessages, kDocument, kCsv, kSheet };
    Form form = Form::kMessages;
    std::string folder;  // id of the institution
    std::string name;    // file name
    std::string text;    // csv, sheet: fields separated by tabs
};

// What is made of one block of residents, in order.
struct Chunk {
    struct Line {
        std::string_view type;  // lives as long as the program or the templates
        std::size_t end = 0;    // in bytes
    };
    std::string bytes;
    std::vector<Line> lines;
    FaultLog faults;
    std::vector<std::string> cases;  // by outbreak: JSON strings with commas between
    std::vector<std::int64_t> case_counts;
    std::vector<Sent> sent;

    std::string_view Text(std::size_t line) const noexcept {
        const std::size_t begin = line == 0 ? 0 : lines[line - 1].end;
        return std::string_view(bytes).substr(begin, lines[line].end - begin);
    }
    void Clear() {
        bytes.clear();
        lines.clear();
        faults = {};
        cases.clear();
        case_counts.clear();
        sent.clear();
    }
};

// Number of resources by type, in the order of first appearance.
using TypeCounts = std::vector<std::pair<std::string, std::int64_t>>;
void CountTypes(const Chunk& chunk, TypeCounts& counts);

}  // namespace kangqu::synth
