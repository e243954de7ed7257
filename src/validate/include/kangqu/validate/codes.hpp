#pragma once

#include <cstdint>
#include <string_view>

namespace kangqu::validate {

// What validation asks of terminology. Called from any thread.
class Codes {
public:
    virtual ~Codes() = default;
    enum class Answer : std::uint8_t {
        kNo,
        kYes,
        kUnknown,  // the value set, or a part of it, is not here
    };
    // `value_set` may carry "|version"; an empty `system` asks for the code in any system.
    virtual Answer
    Contains(std::string_view value_set, std::string_view system, std::string_view code) const = 0;
};

}  // namespace kangqu::validate
