#pragma once

#include "kangqu/api/gate.hpp"
#include "kangqu/api/metrics.hpp"
#include "kangqu/api/problem.hpp"
#include "kangqu/api/static_files.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace kangqu::api {

// Bodies smaller than this are sent as they are: compressing them saves no packet.
constexpr std::size_t kGzipFrom = 1024;

struct DispatcherOptions {
    OutcomeWriter fhir;      // writes errors of paths under /fhir; problems are written without it
    std::string web_folder;  // the web application; empty: none
    // Takes one line for the operator's log: what failed inside and the number shown to the user.
    std::function<void(std::string_view)> log;
};

// What happens to a request between its bytes and its answer, without any socket. Thread-safe.
class Dispatcher {
public:
    // `registry` is complete; all references outlive the dispatcher.
    Dispatcher(
        const Registry& registry,
        Gate& gate,
        RequestMetrics& metrics,
        DispatcherOptions options
    );

    // How a request is to be served, known from its head alone.
    struct Plan {
        const Route* route = nullptr;  // null: a static file
        std::size_t slot = 0;          // of RequestMetrics
        Cost cost = Cost::kRead;
        std::size_t body_limit = kNoBodyLimit;
        // The answer when the head decides already: unknown address, no credentials, too large.
        std::optional<Response> answer;
    };
    // On an I/O thread when the head is complete: `request` has method, target and headers. Fills
    // the address, language and parameters.
    Plan Admit(Request& request) const;

    // On a worker thread when the body is there too. Never throws: what escapes a handler is logged
    // under a number, and the number is what the user sees.
    Response Run(const Plan& plan, Request& request) const noexcept;

    // An answer of the transport itself (malformed, busy, too large).
    Response Refuse(const core::Error& error, const Request& request, std::size_t slot) const;
    // For requests that never got a plan.
    std::size_t unknown_slot() const noexcept { return metrics_.unknown_slot(); }

private:
    core::Result<Response> Serve(const Plan& plan, Request& request) const;
    core::Status CheckHead(const Request& request) const;
    Response ProblemFor(const core::Error& error, const Request& request, const Route* route) const;
    Response Finished(Response response, const Request& request, std::size_t slot) const;
    core::Error Escaped(std::string_view what, const Request& request) const;

    const Registry& registry_;
    Gate& gate_;
    RequestMetrics& metrics_;
    DispatcherOptions options_;
    StaticFiles files_;
};

// gzip (RFC 1952) of `bytes`.
std::string Gzip(std::string_view bytes);
// The way back: kTooLarge as soon as more than `limit` bytes come out, kBadRequest for broken
// packing.
core::Result<std::string> Gunzip(std::string_view bytes, std::size_t limit);

}  // namespace kangqu::api
