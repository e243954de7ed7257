#pragma once

#include <span>
#include <string_view>

namespace kangqu::store {

struct Migration {
    int number;
    std::string_view sql;
};

// Generated from migrations/, numbers from 1 without gaps.
namespace sqlite {
std::span<const Migration> Migrations() noexcept;
}
namespace postgres {
std::span<const Migration> Migrations() noexcept;
}

}  // namespace kangqu::store
