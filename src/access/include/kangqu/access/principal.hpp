#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kangqu::access {

// Who asks, as every module below the transport sees it: decided once for a request, never changed
// afterwards.
struct Principal {
    enum class Kind : std::uint8_t {
        kAccount,   // signed in, or a program with an account's credentials
        kLocal,     // the built-in user of a server that runs without sign-in
        kOperator,  // came through the socket in the data folder, so may read its files anyway
    };
    Kind kind = Kind::kAccount;
    std::string name;
    std::string display_name;
    std::string role;
    std::string organization;  // id of the Organization, or empty
    std::string practitioner;  // id of the Practitioner, or empty
    // What the role may do beyond records ("operations"); absence denies. The two built-in kinds
    // may do everything.
    std::vector<std::string> abilities;

    bool May(std::string_view ability) const noexcept;
};

}  // namespace kangqu::access
