#include "kangqu/api/dispatcher.hpp"

#include "kangqu/core/ids.hpp"

#include "representation.hpp"
#include <algorithm>
#include <array>
#include <exception>

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::MakeError;
using std::chrono::steady_clock;

// Pages may run only what this server sent. Style attributes are set by charts' tooltips; images
// also come from canvases.
constexpr std::string_view kPagePolicy =
    "default-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";
constexpr std::string_view kDataPolicy = "default-src 'none'; frame-ancestors 'none'";

bool IsText(const std::string* content_type) noexcept {
    if (content_type == nullptr) {
        return false;
    }
    const std::string_view type = *content_type;
    return type.substr(0, 5) == "text/" || type.find("json") != std::string_view::npos ||
           type.find("xml") != std::string_view::npos ||
           type.find("javascript") != std::string_view::npos;
}

// First segments that belong to programs: an unknown address below them is an error, not a page.
bool IsProgramPath(const Request& request) noexcept {
    constexpr std::array<std::string_view, 5> kRoots = {
        "api", "fhir", "oauth2", ".well-known", "cds-services"};
    return !request.segments.empty() &&
           std::find(kRoots.begin(), kRoots.end(), request.segments.front()) != kRoots.end();
}

std::size_t BodyLimit(const Route& route) noexcept {
    if (route.body_limit != 0) {
        return route.body_limit;
    }
    return route.request.empty() ? kNoBodyLimit : kDefaultBodyLimit;
}

int DeadlineMs(const Route* route) noexcept {
    if (route != nullptr && route->deadline_ms != 0) {
        return route->deadline_ms;
    }
    return kDeadlineMs[static_cast<std::size_t>(route != nullptr ? route->cost : Cost::kRead)];
}

// The only transfer coding we take; any other, or a list, is a way to disagree about where a
// request ends.
bool IsChunked(std::string_view value) noexcept {
    constexpr std::string_view kChunked = "chunked";
    return std::equal(
        value.begin(),
        value.end(),
        kChunked.begin(),
        kChunked.end(),
        [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; }
    );
}

core::Status CheckMediaType(const Request& request, const Route& route) {
    if (route.request.empty() || request.body.empty()) {
        return {};
    }
    const std::string type = request.ContentType();
    const bool known =
        std::any_of(route.request.begin(), route.request.end(), [&](const Payload& payload) {
            return payload.content_type == type || payload.content_type == "*/*";
        });
    if (known) {
        return {};
    }
    return MakeError(ErrorCode::kUnsupportedMediaType, type.empty() ? "(none)" : type);
}

}  // namespace

Dispatcher::Dispatcher(
    const Registry& registry,
    Gate& gate,
    RequestMetrics& metrics,
    DispatcherOptions options
)
    : registry_(registry),
      gate_(gate),
      metrics_(metrics),
      options_(std::move(options)),
      files_(options_.web_folder) {
    metrics_.Prepare(registry);
}

core::Status Dispatcher::CheckHead(const Request& request) const {
    std::size_t hosts = 0;
    for (const Pair& header : request.headers) {
        hosts += header.name == "host" ? 1U : 0U;
        if (header.name == "transfer-encoding" && !IsChunked(header.value)) {
            return MakeError(ErrorCode::kBadRequest, "Transfer-Encoding");
        }
        if (header.value.find('\0') != std::string::npos) {
            return MakeError(ErrorCode::kBadRequest, "NUL");
        }
    }
    if (hosts != 1) {
        return MakeError(ErrorCode::kBadRequest, "Host");
    }
    return {};
}

Dispatcher::Plan Dispatcher::Admit(Request& request) const {
    Plan plan;
    plan.slot = metrics_.unknown_slot();
    request.received = steady_clock::now();
    request.language = PreferredLanguage(request.Header("accept-language"));
    const auto refuse = [&](const core::Error& error) {
        plan.answer = Finished(ProblemFor(error, request, plan.route), request, plan.slot);
        return std::move(plan);
    };
    core::Status parsed = ParseTarget(std::string(request.target), request);
    if (parsed.ok()) {
        parsed = CheckHead(request);
    }
    if (!parsed.ok()) {
        return refuse(parsed.error());
    }
    Registry::Match match = registry_.Find(request.segments, request.method);
    if (request.method == Method::kOptions && (request.path == "*" || !match.allow.empty())) {
        Response allowed = Response::NoContent();
        allowed.Set("Allow", request.path == "*" ? "GET, HEAD, OPTIONS" : match.allow);
        plan.answer = Finished(std::move(allowed), request, plan.slot);
        return plan;
    }
    if (match.route == nullptr) {
        if (!match.allow.empty()) {
            Response response = ProblemFor(
                MakeError(
                    ErrorCode::kMethodNotAllowed, std::string(NameOf(request.method)), request.path
                ),
                request,
                nullptr
            );
            response.Set("Allow", match.allow);
            plan.answer = Finished(std::move(response), request, plan.slot);
            return plan;
        }
        const bool readable = request.method == Method::kGet || request.method == Method::kHead;
        if (!readable || IsProgramPath(request) || !files_.active()) {
            return refuse(MakeError(ErrorCode::kRouteUnknown, request.path));
        }
        plan.slot = metrics_.static_slot();
        return plan;
    }
    plan.route = match.route;
    plan.slot = match.index;
    plan.cost = match.route->cost;
    plan.body_limit = BodyLimit(*match.route);
    request.params = std::move(match.params);
    if (auto status = gate_.Precheck(request, *plan.route); !status.ok()) {
        return refuse(status.error());
    }
    return plan;
}

core::Result<Response> Dispatcher::Serve(const Plan& plan, Request& request) const {
    request.deadline_ms = DeadlineMs(plan.route);
    request.deadline = request.received + std::chrono::milliseconds(request.deadline_ms);
    KQ_TRY(request.CheckTime());
    if (plan.route == nullptr) {
        return files_.Serve(request);
    }
    const Route& route = *plan.route;
    if (route.cost != Cost::kInline) {
        KQ_ASSIGN(request.principal, gate_.Admit(request, route));
    }
    const bool able = route.ability.empty() ||
                      (request.principal != nullptr && request.principal->May(route.ability));
    const bool known = route.needs == Needs::kNothing || request.principal != nullptr;
    if (!known) {
        return MakeError(ErrorCode::kUnauthenticated);
    }
    if (!able) {
        return MakeError(ErrorCode::kForbidden, route.summary.In(request.language));
    }
    KQ_TRY(UnpackBody(request, plan.body_limit));
    if (IsFhirPath(request.path)) {
        KQ_TRY(ReceiveFhir(request, route));
    }
    KQ_TRY(CheckMediaType(request, route));
    return route.handler(request);
}

Response Dispatcher::Run(const Plan& plan, Request& request) const noexcept {
    const auto failed = [&](const core::Error& error) {
        return ProblemFor(error, request, plan.route);
    };
    Response response;
    try {
        auto result = Serve(plan, request);
        response = result.ok() ? std::move(result).value() : failed(result.error());
    } catch (const std::bad_alloc&) {
        response = failed(MakeError(ErrorCode::kBusy));
    } catch (const std::exception& bug) {
        response = failed(Escaped(bug.what(), request));
    } catch (...) {
        response = failed(Escaped("unknown exception", request));
    }
    return Finished(std::move(response), request, plan.slot);
}

core::Error Dispatcher::Escaped(std::string_view what, const Request& request) const {
    const std::string number = core::RandomToken(6);
    if (options_.log) {
        options_.log(
            "error " + number + " in " + std::string(NameOf(request.method)) + " " + request.path +
            ": " + std::string(what)
        );
    }
    return MakeError(ErrorCode::kInternal, number);
}

Response
Dispatcher::ProblemFor(const core::Error& error, const Request& request, const Route* route) const {
    Response response =
        Problem(error, request.language, IsFhirPath(request.path) ? options_.fhir : nullptr);
    if (response.status == 401 && route != nullptr) {
        response.Set("WWW-Authenticate", gate_.Challenge(*route));
    }
    return response;
}

Response Dispatcher::Refuse(const core::Error& error, const Request& request, std::size_t slot)
    const {
    return Finished(ProblemFor(error, request, nullptr), request, slot);
}

Response Dispatcher::Finished(Response response, const Request& request, std::size_t slot) const {
    if (IsFhirPath(request.path)) {
        PresentFhir(request, response);
    }
    const std::string* type = response.Find("Content-Type");
    const bool page = type != nullptr && type->compare(0, 9, "text/html") == 0;
    const bool text = IsText(type);
    response.Set("Content-Security-Policy", std::string(page ? kPagePolicy : kDataPolicy));
    response.Set("X-Content-Type-Options", "nosniff");
    response.Set("X-Frame-Options", "DENY");
    response.Set("Referrer-Policy", "no-referrer");
    response.Set("Cross-Origin-Opener-Policy", "same-origin");
    response.Set("Cross-Origin-Resource-Policy", "same-origin");
    if (response.Find("Cache-Control") == nullptr) {
        response.Set("Cache-Control", "no-store");
    }
    if (text && response.Find("Content-Encoding") == nullptr) {
        response.Set("Vary", "Accept, Accept-Encoding, Accept-Language");
        if (response.body.size() > kGzipFrom &&
            Accepts(request.Header("accept-encoding"), "gzip")) {
            response.body = Gzip(response.body);
            response.Set("Content-Encoding", "gzip");
        }
    }
    const auto took = steady_clock::now() - request.received;
    metrics_.Count(
        slot, response.status, std::chrono::duration_cast<std::chrono::microseconds>(took).count()
    );
    return response;
}

}  // namespace kangqu::api
