#pragma once

#include "kangqu/access/accounts.hpp"
#include "kangqu/access/roles.hpp"
#include "kangqu/api/route.hpp"
#include "kangqu/app/engines.hpp"
#include "kangqu/app/platform.hpp"
#include "kangqu/core/result.hpp"

#include <memory>
#include <string>
#include <vector>

namespace kangqu::app {

struct ServingOptions {
    std::string listen = "127.0.0.1:8080";
    bool auth = true;
    std::string packs_folder = "packs";
    std::string web_folder;  // empty: no web application
};

// A running server over a platform: routes, gate, engines. Wiring only.
class Serving {
public:
    static core::Result<std::unique_ptr<Serving>> Make(Platform& platform, ServingOptions options);
    ~Serving();
    Serving(const Serving&) = delete;
    Serving& operator=(const Serving&) = delete;

    access::Accounts& accounts() noexcept;
    // Starts listening and the engines. Addresses are then known.
    core::Status Start();
    std::vector<std::string> addresses() const;
    // Waits for SIGTERM or SIGINT, then drains and stops.
    void RunUntilSignal();

private:
    struct Parts;
    explicit Serving(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace kangqu::app
