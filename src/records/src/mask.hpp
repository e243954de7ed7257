#pragma once

#include "kangqu/search/restriction.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace kangqu::records {

// `body` (a stored form) with the masks applied. A body that cannot be parsed is a bug and aborts.
std::string Masked(std::string_view body, const std::vector<const search::Mask*>& masks);

}  // namespace kangqu::records
