#include "kangqu/access/principal.hpp"

#include <algorithm>

namespace kangqu::access {

bool Principal::May(std::string_view ability) const noexcept {
    return kind != Kind::kAccount ||
           std::find(abilities.begin(), abilities.end(), ability) != abilities.end();
}

}  // namespace kangqu::access
