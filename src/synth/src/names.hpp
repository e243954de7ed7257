#pragma once

#include "random.hpp"
#include "tables.hpp"
#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::synth {

struct PersonName {
    std::string text;
    std::string family;
    std::string given;
};

// Draws names by the tables' frequencies. Values drawn depend on the random stream alone.
class Names {
public:
    Names();

    std::string_view Surname(Random& random) const;
    // A given name of one or two characters; `old` for who was born before 1980.
    PersonName Han(Random& random, std::string_view surname, bool male, bool old) const;
    // A name written with the middle dot.
    PersonName WithDot(Random& random, bool male) const;

private:
    struct Pool {
        std::vector<std::string_view> characters;
        Weights weights;
    };
    std::vector<std::string_view> surnames_;
    Weights surname_weights_;
    std::array<Pool, 4> given_;  // by male, old
    std::array<std::vector<Row>, 2> with_dot_;
};

}  // namespace kangqu::synth
