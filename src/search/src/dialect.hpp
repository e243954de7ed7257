#pragma once

#include "sql.hpp"
#include <cstdint>
#include <vector>

// What SQLite and PostgreSQL say differently. All other SQL of this module is common to both:
// row values, EXISTS, UNION, LIMIT, ? for values, conditions as 1 = 1.
namespace kangqu::search {

constexpr std::string_view kAlways = "1 = 1";
constexpr std::string_view kNever = "1 = 0";

// "column IN (numbers)", the numbers being one bound value however many they are.
Sql AmongNumbers(std::string_view column, const std::vector<std::int64_t>& numbers);
// "column holds the bound text somewhere".
Sql Holds(std::string_view column, std::string_view text);

}  // namespace kangqu::search
