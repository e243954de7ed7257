#include "kangqu/fhir/definitions.hpp"
#include "kangqu/fhir/resource.hpp"

#include "fhir_http.hpp"
#include <algorithm>
#include <charconv>

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::JsonWriter;
using core::MakeError;
using records::Receipt;
using records::Record;

constexpr std::int64_t kHistoryPage = 50;
std::string Etag(std::int64_t version) {
    return "W/\"" + std::to_string(version) + "\"";
}

// RFC 9110 IMF-fixdate.
std::string HttpDate(core::InstantMs instant) {
    static constexpr const char* kDays[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static constexpr const char* kMonths[] = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const std::string text = core::FormatInstant(instant, 0);
    const auto date =
        core::ParseDate(std::string_view(text).substr(0, 10)).value_or(core::CivilDate{});
    const auto day = static_cast<std::size_t>((core::DaysOf(date) % 7 + 7) % 7);
    return std::string(kDays[day]) + ", " + text.substr(8, 2) + " " +
           kMonths[static_cast<std::size_t>(date.month - 1)] + " " + text.substr(0, 4) + " " +
           text.substr(11, 8) + " GMT";
}

Response Show(const Record& record) {
    Response response = FhirAnswer(record.json);
    response.Set("ETag", Etag(record.version));
    response.Set("Last-Modified", HttpDate(record.updated));
    return response;
}

core::Result<std::unique_ptr<const core::JsonDocument>> BodyOf(const Request& request) {
    const std::string type = request.ContentType();
    if (!type.empty() && type != "application/fhir+json" && type != "application/json") {
        return MakeError(ErrorCode::kUnsupportedMediaType, type);
    }
    return core::JsonDocument::Parse(request.body);
}

core::Result<std::optional<std::int64_t>> IfMatch(const Request& request) {
    std::string_view text = request.Header("if-match");
    if (text.empty()) {
        return std::optional<std::int64_t>();
    }
    const auto wrong = [&] {
        return MakeError(ErrorCode::kInvalidArgument, "If-Match", "W/\"version\"");
    };
    if (text.substr(0, 2) == "W/") {
        text.remove_prefix(2);
    }
    if (text.size() < 3 || text.front() != '"' || text.back() != '"') {
        return wrong();
    }
    text = text.substr(1, text.size() - 2);
    std::int64_t version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return wrong();
    }
    return std::optional<std::int64_t>(version);
}

// The answer to a write: what was written, unless the client prefers a minimal answer.
core::Result<Response> Written(
    const FhirServices& fhir,
    const search::Restriction& restriction,
    const Request& request,
    const Receipt& receipt
) {
    const bool created = receipt.outcome == Receipt::Outcome::kCreated;
    const bool minimal = request.Header("prefer").find("return=minimal") != std::string_view::npos;
    Response response = FhirAnswer({}, created ? 201 : 200);
    if (!minimal) {
        auto record =
            fhir.records.ReadVersion(restriction, receipt.type, receipt.id, receipt.version);
        if (record.ok()) {
            response.body = std::move(record->json);
        }
    }
    response.Set("ETag", Etag(receipt.version));
    response.Set("Last-Modified", HttpDate(receipt.updated));
    if (created) {
        response.Set(
            "Location",
            "/fhir/" + receipt.type + "/" + receipt.id + "/_history/" +
                std::to_string(receipt.version)
        );
    }
    return response;
}

core::Result<Response> ReadOne(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const std::string type, ResourceTypeOf(request));
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(const Record record, fhir.records.Read(restriction, type, request.Param("id")));
    if (request.Header("if-none-match") == Etag(record.version)) {
        Response unchanged = Response::NoContent();
        unchanged.status = 304;
        unchanged.Set("ETag", Etag(record.version));
        return unchanged;
    }
    return Show(record);
}

core::Result<Response> ReadVersion(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const std::string type, ResourceTypeOf(request));
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    const std::string_view text = request.Param("version");
    std::int64_t version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error != std::errc{} || end != text.data() + text.size() || version < 1) {
        return MakeError(ErrorCode::kNotFound, type + "/" + std::string(request.Param("id")));
    }
    KQ_ASSIGN(
        const Record record,
        fhir.records.ReadVersion(restriction, type, request.Param("id"), version)
    );
    return Show(record);
}

std::string_view HttpMethodOf(store::Method method) {
    switch (method) {
        case store::Method::kCreate:
            return "POST";
        case store::Method::kUpdate:
            return "PUT";
        case store::Method::kDelete:
            return "DELETE";
    }
    return "PUT";
}

void WriteHistoryEntry(JsonWriter& writer, const Record& record) {
    const std::string local = record.type + "/" + record.id;
    writer.BeginObject();
    writer.Field("fullUrl", "/fhir/" + local);
    if (!record.json.empty()) {
        writer.Key("resource").Raw(record.json);
    }
    writer.Key("request").BeginObject();
    writer.Field("method", HttpMethodOf(record.method));
    writer.Field("url", record.method == store::Method::kCreate ? record.type : local);
    writer.EndObject();
    writer.Key("response").BeginObject();
    writer.Field("status", record.method == store::Method::kCreate ? "201" : "200");
    writer.Field("etag", Etag(record.version));
    writer.Field("lastModified", core::FormatInstant(record.updated));
    writer.EndObject().EndObject();
}

core::Result<Response> History(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const std::string type, ResourceTypeOf(request));
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(
        const auto count, request.QueryInt("_count", kHistoryPage, 1, records::kMaxHistoryPage)
    );
    KQ_ASSIGN(const auto before, request.QueryInt("_before", 0, 0, INT64_MAX));
    KQ_ASSIGN(
        const auto page,
        fhir.records.History(
            restriction, type, request.Param("id"), before, static_cast<int>(count)
        )
    );
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("resourceType", "Bundle").Field("type", "history");
    writer.Key("link").BeginArray();
    writer.BeginObject().Field("relation", "self").Field("url", request.target).EndObject();
    if (page.next != 0) {
        writer.BeginObject().Field("relation", "next");
        writer.Field(
            "url",
            request.path + "?_count=" + std::to_string(count) +
                "&_before=" + std::to_string(page.next)
        );
        writer.EndObject();
    }
    writer.EndArray();
    writer.Key("entry").BeginArray();
    for (const Record& record : page.records) {
        WriteHistoryEntry(writer, record);
    }
    writer.EndArray().EndObject();
    return FhirAnswer(std::move(body));
}

core::Result<Response> Create(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const std::string type, ResourceTypeOf(request));
    if (!request.Header("if-none-exist").empty()) {
        return MakeError(ErrorCode::kNotSupported, "If-None-Exist");
    }
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(const auto document, BodyOf(request));
    KQ_ASSIGN(const Receipt receipt, fhir.records.Create(restriction, type, document->root()));
    return Written(fhir, restriction, request, receipt);
}

core::Result<Response> Update(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const std::string type, ResourceTypeOf(request));
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(const auto if_match, IfMatch(request));
    KQ_ASSIGN(const auto document, BodyOf(request));
    KQ_ASSIGN(
        const Receipt receipt,
        fhir.records.Update(restriction, type, request.Param("id"), document->root(), if_match)
    );
    return Written(fhir, restriction, request, receipt);
}

core::Result<Response> Delete(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const std::string type, ResourceTypeOf(request));
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(const auto if_match, IfMatch(request));
    KQ_ASSIGN(
        const Receipt receipt, fhir.records.Delete(restriction, type, request.Param("id"), if_match)
    );
    Response response = Response::NoContent();
    if (receipt.version > 0) {
        response.Set("ETag", Etag(receipt.version));
    }
    return response;
}

core::Result<Response> Transaction(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(const auto document, BodyOf(request));
    KQ_ASSIGN(const auto receipts, fhir.records.Transaction(restriction, document->root()));
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("resourceType", "Bundle").Field("type", "transaction-response");
    writer.Key("entry").BeginArray();
    for (const Receipt& receipt : receipts) {
        const bool created = receipt.outcome == Receipt::Outcome::kCreated;
        const bool deleted = receipt.outcome == Receipt::Outcome::kDeleted;
        writer.BeginObject().Key("response").BeginObject();
        writer.Field("status", created ? "201" : deleted ? "204" : "200");
        writer.Field(
            "location",
            receipt.type + "/" + receipt.id + "/_history/" + std::to_string(receipt.version)
        );
        writer.Field("etag", Etag(receipt.version));
        writer.Field("lastModified", core::FormatInstant(receipt.updated));
        writer.EndObject().EndObject();
    }
    writer.EndArray().EndObject();
    return FhirAnswer(std::move(body));
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

void RegisterFhir(
    Registry& registry,
    records::Records& records,
    RestrictionOf restriction,
    std::string version
) {
    const auto fhir = std::make_shared<const FhirServices>(FhirServices{
        records, std::move(restriction), std::move(version)});
    const auto add = [&](Route route,
                         core::Result<Response> (*handler)(const FhirServices&, const Request&)) {
        route.handler = [fhir, handler](const Request& request) {
            return handler(*fhir, request);
        };
        registry.Add(std::move(route));
    };
    add(FhirRoute(Method::kGet, "/fhir/{type}/{id}", "fhirRead", {"读取资源", "Read a resource"}),
        ReadOne);
    Route history = FhirRoute(
        Method::kGet,
        "/fhir/{type}/{id}/_history",
        "fhirHistory",
        {"资源的历史版本", "Versions of a resource"}
    );
    history.parameters = {
        {"_count", Parameter::In::kQuery, Schema::Integer(), {"每页条数", "Versions a page"}},
        {"_before",
         Parameter::In::kQuery,
         Schema::Integer(),
         {"上一页给出的位置", "Position from the previous page"}},
    };
    add(std::move(history), History);
    add(FhirRoute(
            Method::kGet,
            "/fhir/{type}/{id}/_history/{version}",
            "fhirReadVersion",
            {"读取某一版本", "Read one version"}
        ),
        ReadVersion);
    Route create =
        FhirRoute(Method::kPost, "/fhir/{type}", "fhirCreate", {"新建资源", "Create a resource"});
    create.answer_status = 201;
    add(std::move(create), Create);
    Route update = FhirRoute(
        Method::kPut, "/fhir/{type}/{id}", "fhirUpdate", {"更新资源", "Update a resource"}
    );
    update.parameters = {
        {"If-Match",
         Parameter::In::kHeader,
         Schema::String(),
         {"须为当前的版本", "The version that must be current"}}};
    add(std::move(update), Update);
    Route erase = FhirRoute(
        Method::kDelete, "/fhir/{type}/{id}", "fhirDelete", {"删除资源", "Delete a resource"}
    );
    erase.answer = {};
    erase.answer_status = 204;
    add(std::move(erase), Delete);
    add(FhirRoute(
            Method::kPost, "/fhir", "fhirTransaction", {"提交事务包", "Submit a transaction bundle"}
        ),
        Transaction);
    RegisterFhirSearch(registry, fhir);
}

}  // namespace kangqu::api
