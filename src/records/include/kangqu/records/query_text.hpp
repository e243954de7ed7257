#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kangqu::records {

// Query text ("code=a%7Cb&date=ge2020") as decoded pairs. "+" is a space; a broken escape stays as
// it is; what has no "=" is left out.
std::vector<std::pair<std::string, std::string>> QueryPairs(std::string_view query);

}  // namespace kangqu::records
