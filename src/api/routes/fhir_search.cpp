#include "kangqu/fhir/definitions.hpp"
#include "kangqu/search/query.hpp"

#include "fhir_http.hpp"

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::JsonWriter;
using core::MakeError;

std::string EncodeQuery(std::string_view text) {
    static constexpr char kHex[] = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out.push_back('%');
        out.push_back(kHex[byte >> 4U]);
        out.push_back(kHex[byte & 0xFU]);
    }
    return out;
}

// The same search with another cursor.
std::string NextLink(const Request& request, const std::string& cursor) {
    std::string link = request.path + "?";
    for (const Pair& pair : request.query) {
        if (pair.name != "_cursor") {
            link += EncodeQuery(pair.name) + "=" + EncodeQuery(pair.value) + "&";
        }
    }
    return link + "_cursor=" + EncodeQuery(cursor);
}

void WriteLinks(JsonWriter& writer, const Request& request, const std::string& next) {
    writer.Key("link").BeginArray();
    writer.BeginObject().Field("relation", "self").Field("url", request.target).EndObject();
    if (!next.empty()) {
        writer.BeginObject()
            .Field("relation", "next")
            .Field("url", NextLink(request, next))
            .EndObject();
    }
    writer.EndArray();
}

core::Result<Response> Search(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const std::string type, ResourceTypeOf(request));
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    std::vector<std::pair<std::string, std::string>> parameters;
    for (const Pair& pair : request.query) {
        if (pair.name != "_format" && pair.name != "_pretty") {
            parameters.emplace_back(pair.name, pair.value);
        }
    }
    KQ_ASSIGN(const auto search, search::Compile(type, parameters, restriction));
    KQ_ASSIGN(const auto reader, fhir.records.store().Read());
    KQ_ASSIGN(const search::SearchPage page, search.Run(*reader));
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("resourceType", "Bundle").Field("type", "searchset");
    if (page.total) {
        writer.Field("total", *page.total);
    }
    WriteLinks(writer, request, page.next);
    writer.Key("entry").BeginArray();
    for (const auto& [home, key] : page.hits) {
        KQ_ASSIGN(const auto version, reader->Current(home, key));
        if (!version || version->method == store::Method::kDelete) {
            continue;
        }
        const records::Record record = records::Records::Show(restriction, *version);
        writer.BeginObject().Field("fullUrl", "/fhir/" + record.type + "/" + record.id);
        writer.Key("resource").Raw(record.json);
        writer.Key("search").BeginObject().Field("mode", "match").EndObject().EndObject();
    }
    writer.EndArray().EndObject();
    return FhirAnswer(std::move(body));
}

}  // namespace

void WriteSearchCapability(JsonWriter& writer, fhir::TypeNumber type) {
    const std::string_view name = fhir::TypeOf(type).name;
    writer.Key("searchParam").BeginArray();
    for (const search::Searchable& parameter : search::SearchableOf(name)) {
        writer.BeginObject().Field("name", parameter.name);
        if (!parameter.url.empty()) {
            writer.Field("definition", parameter.url);
        }
        writer.Field("type", parameter.kind).EndObject();
    }
    writer.EndArray();
}

void RegisterFhirSearch(Registry& registry, const std::shared_ptr<const FhirServices>& fhir) {
    Route search =
        FhirRoute(Method::kGet, "/fhir/{type}", "fhirSearch", {"查询资源", "Search resources"});
    search.parameters = {
        {"_count", Parameter::In::kQuery, Schema::Integer(), {"每页条数", "Hits a page"}},
        {"_sort", Parameter::In::kQuery, Schema::String(), {"排序", "Order"}},
        {"_total", Parameter::In::kQuery, Schema::Enum({"none", "accurate"}), {"总数", "Total"}},
        {"_cursor",
         Parameter::In::kQuery,
         Schema::String(),
         {"上一页给出的续读位置", "From the previous page"}},
    };
    search.handler = [fhir](const Request& request) {
        return Search(*fhir, request);
    };
    registry.Add(std::move(search));
}

}  // namespace kangqu::api
