#include "kangqu/core/temporal.hpp"

#include "fhir_http.hpp"

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::JsonWriter;
using core::MakeError;
using records::Record;

constexpr std::int64_t kHistoryPage = 50;

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

std::string StatusOf(store::Method method) {
    switch (method) {
        case store::Method::kCreate:
            return StatusLine(201);
        case store::Method::kUpdate:
            return StatusLine(200);
        case store::Method::kDelete:
            break;
    }
    return StatusLine(204);
}

void WriteEntry(JsonWriter& writer, const std::string& base, const Record& record) {
    const std::string local = record.type + "/" + record.id;
    writer.BeginObject();
    writer.Field("fullUrl", base + "/" + local);
    if (!record.json.empty()) {
        writer.Key("resource").Raw(record.json);
    }
    writer.Key("request").BeginObject();
    writer.Field("method", HttpMethodOf(record.method));
    writer.Field("url", record.method == store::Method::kCreate ? record.type : local);
    writer.EndObject();
    writer.Key("response").BeginObject();
    writer.Field("status", StatusOf(record.method));
    writer.Field("etag", Etag(record.version));
    writer.Field("lastModified", core::FormatInstant(record.updated));
    writer.EndObject().EndObject();
}

core::Error BadTime(std::string_view name) {
    return MakeError(ErrorCode::kInvalidArgument, std::string(name), "YYYY-MM-DDThh:mm:ss+zz:zz");
}

// "2026", "2026-11-22", "2026-11-22T10:00:00+08:00", with or without a prefix of equality. Without
// a zone in China Standard Time.
std::optional<core::Temporal> TimeOf(std::string_view text) {
    if (text.starts_with("eq")) {
        text.remove_prefix(2);
    }
    return core::Temporal::ParseDateTime(text);
}

core::Result<records::Records::HistoryQuery> QueryOf(const Request& request) {
    records::Records::HistoryQuery query;
    if (!request.Param("type").empty()) {
        KQ_ASSIGN(query.type, ResourceTypeOf(request));
    }
    query.id = request.Param("id");
    KQ_ASSIGN(
        const auto count, request.QueryInt("_count", kHistoryPage, 1, records::kMaxHistoryPage)
    );
    query.count = static_cast<int>(count);
    KQ_ASSIGN(query.before, request.QueryInt("_before", 0, 0, INT64_MAX));
    if (const auto since = request.Query("_since")) {
        const auto time = TimeOf(*since);
        if (!time) {
            return BadTime("_since");
        }
        query.since = time->LowMs(core::kChinaOffsetMinutes);
    }
    if (const auto at = request.Query("_at")) {
        const auto time = TimeOf(*at);
        if (!time) {
            return BadTime("_at");
        }
        query.at = {
            time->LowMs(core::kChinaOffsetMinutes), time->HighMs(core::kChinaOffsetMinutes)};
    }
    return query;
}

// The same request from another position.
std::string NextLink(const Request& request, store::Position next) {
    std::string link =
        BaseUrl(request) + request.path.substr(std::string_view("/fhir").size()) + "?";
    std::string_view rest = request.query_text;
    while (!rest.empty()) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
        if (!pair.empty() && !pair.starts_with("_before=")) {
            link += std::string(pair) + "&";
        }
    }
    return link + "_before=" + std::to_string(next);
}

core::Result<Response> History(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(const auto query, QueryOf(request));
    KQ_ASSIGN(const auto page, fhir.records.History(restriction, query));
    const std::string base = BaseUrl(request);
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("resourceType", "Bundle").Field("type", "history");
    writer.Key("link").BeginArray();
    writer.BeginObject().Field("relation", "self");
    writer.Field("url", base + request.target.substr(std::string_view("/fhir").size()));
    writer.EndObject();
    if (page.next != 0) {
        writer.BeginObject().Field("relation", "next");
        writer.Field("url", NextLink(request, page.next)).EndObject();
    }
    writer.EndArray();
    if (!page.records.empty()) {
        writer.Key("entry").BeginArray();
        for (const Record& record : page.records) {
            WriteEntry(writer, base, record);
        }
        writer.EndArray();
    }
    writer.EndObject();
    return FhirAnswer(std::move(body));
}

std::vector<Parameter> Parameters() {
    return {
        {"_count", Parameter::In::kQuery, Schema::Integer(), {"每页条数", "Versions a page"}},
        {"_since",
         Parameter::In::kQuery,
         Schema::Instant(),
         {"此刻及以后写入的", "Written at or after this instant"}},
        {"_at",
         Parameter::In::kQuery,
         Schema::String(),
         {"在此日期或时刻有效的", "Current at this date or time"}},
        {"_before",
         Parameter::In::kQuery,
         Schema::Integer(),
         {"上一页给出的位置", "Position from the previous page"}},
    };
}

}  // namespace

void RegisterFhirHistory(Registry& registry, const std::shared_ptr<const FhirServices>& fhir) {
    const auto add = [&](std::string path, std::string id, BothLanguages summary) {
        Route route = FhirRoute(Method::kGet, std::move(path), std::move(id), std::move(summary));
        route.parameters = Parameters();
        AddFhir(registry, fhir, std::move(route), History);
    };
    add("/fhir/{type}/{id}/_history", "fhirHistory", {"资源的历史版本", "Versions of a resource"});
    add("/fhir/{type}/_history",
        "fhirTypeHistory",
        {"一类资源的历史版本", "Versions of all resources of a type"});
    add("/fhir/_history", "fhirSystemHistory", {"全部历史版本", "Versions of all resources"});
}

}  // namespace kangqu::api
