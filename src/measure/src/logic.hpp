#pragma once

#include "kangqu/expression/cql.hpp"
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

class Logic {
public:
    // Compiles and checks that every definition named exists.
    static core::Result<std::shared_ptr<const Logic>> Make(const LogicSource& source);

    const expression::CqlLibrary& library() const noexcept { return *library_; }
    const std::vector<std::pair<std::uint8_t, std::uint32_t>>& populations() const noexcept {
        return populations_;
    }
    const std::vector<std::uint32_t>& reasons() const noexcept { return reasons_; }
    const std::vector<std::string>& types_read() const noexcept { return types_read_; }

private:
    // Shared by nobody else; the compiler hands it out that way.
    std::shared_ptr<const expression::CqlLibrary> library_;
    std::vector<std::pair<std::uint8_t, std::uint32_t>> populations_;
    std::vector<std::uint32_t> reasons_;
    std::vector<std::string> types_read_;
};

}  // namespace kangqu::measure
