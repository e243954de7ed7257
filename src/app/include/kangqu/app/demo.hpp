#pragma once

#include "kangqu/access/accounts.hpp"
#include "kangqu/app/platform.hpp"
#include "kangqu/core/result.hpp"

#include <string>
#include <utility>
#include <vector>

namespace kangqu::app {

struct DemoOptions {
    std::int64_t residents = 10'000;
    std::uint64_t seed = 42;
    // A pack with plan/plan.txt and accounts.tsv.
    std::string district = "packs/demo-district";
};

// Fills an empty data folder with the synthetic district up to today and its plan; goes on where an
// interrupted run stopped; does nothing when it is all there. kNotSupported when the folder holds
// data of another origin.
core::Status MakeDistrict(Platform& platform, const DemoOptions& options);

struct DemoAccount {
    access::Account account;
    std::string password;
};
// Adds the demonstration's accounts, or gives those that exist a new password.
core::Result<std::vector<DemoAccount>>
RenewAccounts(access::Accounts& accounts, const std::string& district);

}  // namespace kangqu::app
