#include "fhir_http.hpp"

#include "kangqu/fhir/definitions.hpp"
#include "kangqu/fhir/resource.hpp"
#include "kangqu/records/entry.hpp"

#include <array>
#include <charconv>

namespace kangqu::api {

using core::ErrorCode;
using core::MakeError;
using records::Receipt;
using records::Record;

namespace {

constexpr std::array<const char*, 7> kDays = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
constexpr std::array<const char*, 12> kMonths =
    {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::int64_t kMsASecond = 1'000;

std::optional<int> Digits(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole ? std::optional<int>(value) : std::nullopt;
}

// Whether a list of entity tags names the version.
bool Names(std::string_view tags, std::int64_t version) {
    while (!tags.empty()) {
        const std::size_t comma = tags.find(',');
        std::string_view tag = tags.substr(0, comma);
        tags = comma == std::string_view::npos ? std::string_view{} : tags.substr(comma + 1);
        while (!tag.empty() && tag.front() == ' ') {
            tag.remove_prefix(1);
        }
        while (!tag.empty() && tag.back() == ' ') {
            tag.remove_suffix(1);
        }
        if (tag == "*" || records::VersionOfEtag(tag) == version) {
            return true;
        }
    }
    return false;
}

// RFC 9110 13.2.2: If-Modified-Since counts only without If-None-Match.
bool HasIt(const Request& request, const Record& record) {
    const std::string_view tags = request.Header("if-none-match");
    if (!tags.empty()) {
        return Names(tags, record.version);
    }
    const auto since = ParseHttpDate(request.Header("if-modified-since"));
    return since && record.updated / kMsASecond <= *since / kMsASecond;
}

}  // namespace

Response FhirAnswer(std::string body, int status) {
    Response response = Response::Json(std::move(body), status);
    response.Set("Content-Type", std::string(kFhirJson));
    return response;
}

core::Result<std::string> ResourceTypeOf(const Request& request) {
    const std::string type(request.Param("type"));
    if (fhir::FindResourceType(type) == fhir::kNoType) {
        return MakeError(ErrorCode::kFhirUnknownType, type);
    }
    return type;
}

Route FhirRoute(Method method, std::string path, std::string id, BothLanguages summary) {
    Route route;
    route.method = method;
    route.path = std::move(path);
    route.id = std::move(id);
    route.summary = std::move(summary);
    route.answer = {{"application/fhir+json", Schema::Any()}};
    route.cost = IsSafe(method) ? Cost::kRead : Cost::kWrite;
    if (method == Method::kPost || method == Method::kPut) {
        route.request = {
            {"application/fhir+json", Schema::Any()}, {"application/json", Schema::Any()}};
    }
    return route;
}

void AddFhir(
    Registry& registry,
    const std::shared_ptr<const FhirServices>& fhir,
    Route route,
    FhirHandler handler
) {
    route.handler = [fhir, handler](const Request& request) {
        return handler(*fhir, request);
    };
    registry.Add(std::move(route));
}

std::string BaseUrl(const Request& request) {
    std::string_view scheme = request.Header("x-forwarded-proto");
    if (scheme != "https") {
        scheme = "http";
    }
    std::string_view host = request.Header("x-forwarded-host");
    if (host.empty()) {
        host = request.Header("host");
    }
    return std::string(scheme) + "://" + std::string(host.empty() ? "localhost" : host) + "/fhir";
}

std::string Etag(std::int64_t version) {
    return "W/\"" + std::to_string(version) + "\"";
}

std::string HttpDate(core::InstantMs instant) {
    const std::string text = core::FormatInstant(instant, 0);
    const auto date =
        core::ParseDate(std::string_view(text).substr(0, 10)).value_or(core::CivilDate{});
    const auto day = static_cast<std::size_t>((core::DaysOf(date) % 7 + 7) % 7);
    return std::string(kDays[day]) + ", " + text.substr(8, 2) + " " +
           kMonths[static_cast<std::size_t>(date.month - 1)] + " " + text.substr(0, 4) + " " +
           text.substr(11, 8) + " GMT";
}

// "Sun, 06 Nov 1994 08:49:37 GMT"
std::optional<core::InstantMs> ParseHttpDate(std::string_view text) {
    constexpr std::size_t kLength = 29;
    if (text.size() != kLength || text.substr(25) != " GMT") {
        return std::nullopt;
    }
    const std::string_view month = text.substr(8, 3);
    std::size_t number = 0;
    while (number < kMonths.size() && kMonths[number] != month) {
        ++number;
    }
    const auto day = Digits(text.substr(5, 2));
    const auto year = Digits(text.substr(12, 4));
    const auto hour = Digits(text.substr(17, 2));
    const auto minute = Digits(text.substr(20, 2));
    const auto second = Digits(text.substr(23, 2));
    const bool complete = number < kMonths.size() && day && year && hour && minute && second;
    if (!complete || *hour > 23 || *minute > 59 || *second > 60) {
        return std::nullopt;
    }
    const core::CivilDate date{*year, static_cast<int>(number) + 1, *day};
    if (!core::IsValid(date)) {
        return std::nullopt;
    }
    return ((core::DaysOf(date) * 24 + *hour) * 60 + *minute) * 60 * kMsASecond +
           *second * kMsASecond;
}

core::Result<std::unique_ptr<const core::JsonDocument>> BodyOf(const Request& request) {
    if (request.body.empty()) {
        return MakeError(ErrorCode::kFhirNotResource);
    }
    return core::JsonDocument::Parse(request.body);
}

core::Result<std::optional<std::int64_t>> IfMatch(const Request& request) {
    const std::string_view text = request.Header("if-match");
    if (text.empty()) {
        return std::optional<std::int64_t>();
    }
    const auto version = records::VersionOfEtag(text);
    if (!version) {
        return MakeError(ErrorCode::kInvalidArgument, "If-Match", "W/\"version\"");
    }
    return version;
}

Response Show(const Request& request, const Record& record) {
    Response response = HasIt(request, record) ? Response::NoContent() : FhirAnswer(record.json);
    if (response.status == 204) {
        response.status = 304;
    }
    response.Set("ETag", Etag(record.version));
    response.Set("Last-Modified", HttpDate(record.updated));
    return response;
}

Return ReturnOf(const Request& request, Return fallback) {
    for (const Pair& header : request.headers) {
        if (header.name != "prefer") {
            continue;
        }
        const std::string_view text = header.value;
        if (text.find("return=minimal") != std::string_view::npos) {
            return Return::kMinimal;
        }
        if (text.find("return=representation") != std::string_view::npos) {
            return Return::kRepresentation;
        }
        if (text.find("return=OperationOutcome") != std::string_view::npos) {
            return Return::kOutcome;
        }
    }
    return fallback;
}

std::string StatusLine(int status) {
    struct Reason {
        int status;
        const char* text;
    };
    static constexpr std::array<Reason, 18> kReasons = {
        {{200, "OK"},
         {201, "Created"},
         {202, "Accepted"},
         {204, "No Content"},
         {304, "Not Modified"},
         {400, "Bad Request"},
         {401, "Unauthorized"},
         {403, "Forbidden"},
         {404, "Not Found"},
         {405, "Method Not Allowed"},
         {409, "Conflict"},
         {410, "Gone"},
         {412, "Precondition Failed"},
         {413, "Content Too Large"},
         {415, "Unsupported Media Type"},
         {422, "Unprocessable Content"},
         {501, "Not Implemented"},
         {503, "Service Unavailable"}}};
    for (const Reason& reason : kReasons) {
        if (reason.status == status) {
            return std::to_string(status) + " " + reason.text;
        }
    }
    return std::to_string(status);
}

int StatusOf(const Receipt& receipt) {
    return receipt.outcome == Receipt::Outcome::kCreated ? 201 : 200;
}

core::Status TellWritten(const FhirServices& fhir, const Request& request, const Receipt& receipt) {
    if (!fhir.written || request.principal == nullptr) {
        return {};
    }
    return fhir.written(*request.principal, receipt);
}

core::Result<Response> Written(
    const FhirServices& fhir,
    const search::Restriction& restriction,
    const Request& request,
    const Receipt& receipt
) {
    KQ_TRY(TellWritten(fhir, request, receipt));
    Response response = FhirAnswer({}, StatusOf(receipt));
    const Return wanted = ReturnOf(request, Return::kRepresentation);
    if (wanted == Return::kRepresentation) {
        auto record =
            fhir.records.ReadVersion(restriction, receipt.type, receipt.id, receipt.version);
        if (record.ok()) {
            response.body = std::move(record->json);
        }
    } else if (wanted == Return::kOutcome) {
        response.body = fhir::OperationOutcome({}, request.language);
    }
    response.Set("ETag", Etag(receipt.version));
    response.Set("Last-Modified", HttpDate(receipt.updated));
    const std::string address = BaseUrl(request) + "/" + receipt.type + "/" + receipt.id +
                                "/_history/" + std::to_string(receipt.version);
    response.Set(response.status == 201 ? "Location" : "Content-Location", address);
    return response;
}

std::string CriteriaOf(const Request& request) {
    std::string criteria;
    std::string_view rest = request.query_text;
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        if (pair.empty() || pair.starts_with("_format=") || pair.starts_with("_pretty=")) {
            continue;
        }
        criteria += criteria.empty() ? "" : "&";
        criteria += pair;
    }
    return criteria;
}

}  // namespace kangqu::api
