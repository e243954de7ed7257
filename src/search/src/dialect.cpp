#include "dialect.hpp"

namespace kangqu::search {

Sql AmongNumbers(std::string_view column, const std::vector<std::int64_t>& numbers) {
    std::string list = "[";
    for (const std::int64_t number : numbers) {
        list += (list.size() > 1 ? "," : "") + std::to_string(number);
    }
    return Sql(column).Add(" IN (SELECT value FROM json_each(?))", list + "]");
}

Sql Holds(std::string_view column, std::string_view text) {
    return Sql("instr(").Add(column).Add(", ?) > 0", std::string(text));
}

}  // namespace kangqu::search
