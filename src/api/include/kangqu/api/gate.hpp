#pragma once

#include "kangqu/api/route.hpp"

#include <memory>

namespace kangqu::api {

// Decides who asks and whether the request may go on. Thread-safe.
class Gate {
public:
    virtual ~Gate() = default;

    // On an I/O thread, before the body is read: refuses what needs no look-up. Must not block.
    virtual core::Status Precheck(const Request& request, const Route& route) const = 0;
    // On a worker thread: the principal, or null where the route needs none and nobody signed in.
    virtual core::Result<std::shared_ptr<const access::Principal>>
    Admit(const Request& request, const Route& route) = 0;
    // Value of WWW-Authenticate for a 401 on this route.
    virtual std::string Challenge(const Route& route) const = 0;
};

}  // namespace kangqu::api
