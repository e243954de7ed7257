#pragma once

#include "kangqu/measure/pack.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace kangqu::measure {

// What a measure's logic is made from.
struct LogicSource {
    std::string cql;
    std::string file;                   // for errors
    std::vector<std::string> includes;  // texts of libraries that may be included
    std::vector<std::pair<std::uint8_t, std::string>> populations;  // bit, name of a definition
    std::vector<std::string> reasons;  // definitions that give lists of reason codes
};

// Compiles and checks that every definition named exists and has a fitting type.
core::Result<std::shared_ptr<const Logic>> MakeLogic(const LogicSource& source);

}  // namespace kangqu::measure
