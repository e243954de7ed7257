#include "kangqu/core/clock.hpp"
#include "kangqu/fhir/definitions.hpp"
#include "kangqu/search/query.hpp"

#include "fhir_http.hpp"
#include "fhir_searchset.hpp"

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::JsonWriter;
using core::MakeError;
using Parameters = std::vector<std::pair<std::string, std::string>>;

constexpr std::string_view kForm = "application/x-www-form-urlencoded";

// Parameters of the address and, for POST, of the form behind them.
core::Result<Parameters> ParametersOf(const Request& request) {
    Parameters out;
    for (const Pair& pair : request.query) {
        out.emplace_back(pair.name, pair.value);
    }
    if (request.method != Method::kPost) {
        return out;
    }
    std::string_view rest = request.body;
    while (!rest.empty()) {
        const std::string_view part = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(rest.size(), part.size() + 1));
        if (part.empty()) {
            continue;
        }
        const std::size_t equals = std::min(part.find('='), part.size());
        const auto name = PercentDecode(part.substr(0, equals), true);
        const auto value = PercentDecode(part.substr(std::min(equals + 1, part.size())), true);
        if (!name || !value) {
            return MakeError(ErrorCode::kBadRequest, std::string(part.substr(0, 80)));
        }
        out.emplace_back(*name, *value);
    }
    return out;
}

// What the self link tells: the search as it was understood.
Parameters Understood(const Parameters& all, const std::vector<std::string>& ignored) {
    Parameters out;
    for (const auto& pair : all) {
        const bool left_out =
            std::find(ignored.begin(), ignored.end(), pair.first) != ignored.end();
        if (!left_out && pair.first != "_cursor") {
            out.push_back(pair);
        }
    }
    return out;
}

core::Result<Response>
Answer(const FhirServices& fhir, const Request& request, std::string_view compartment) {
    const std::string type(request.Param(compartment.empty() ? "type" : "inner"));
    if (fhir::FindResourceType(type) == fhir::kNoType) {
        return MakeError(ErrorCode::kFhirUnknownType, type);
    }
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(const Parameters parameters, ParametersOf(request));
    search::SearchOptions options;
    options.lenient = request.Header("prefer").find("handling=lenient") != std::string_view::npos;
    options.now = core::SystemClock().Now();
    options.knowledge = fhir.knowledge.get();
    options.compartment = compartment;
    KQ_ASSIGN(const auto search, search::Compile(type, parameters, restriction, options));
    KQ_ASSIGN(const auto reader, fhir.records.store().Read());
    KQ_ASSIGN(const search::SearchPage page, search.Run(*reader));
    KQ_ASSIGN(const auto included, search.Include(*reader, page.hits));
    SearchSet set(*reader, restriction, BaseUrl(request), search.shape());
    set.Begin(page.total);
    std::string path = BaseUrl(request) + "/" +
                       (compartment.empty() ? "" : "Patient/" + std::string(compartment) + "/") +
                       type;
    const Parameters understood = Understood(parameters, search.ignored());
    set.Link("self", path, understood);
    if (!page.next.empty()) {
        Parameters next = understood;
        next.emplace_back("_cursor", page.next);
        set.Link("next", path, next);
    }
    KQ_TRY(set.Entries(page.hits, "match"));
    KQ_TRY(set.Entries(included, "include"));
    if (!search.ignored().empty()) {
        std::vector<core::Error> errors;
        for (const std::string& name : search.ignored()) {
            errors.push_back(MakeError(ErrorCode::kSearchUnknownParameter, type, name));
        }
        set.Outcome(errors, request.language);
    }
    return FhirAnswer(set.End());
}

core::Result<Response> Search(const FhirServices& fhir, const Request& request) {
    return Answer(fhir, request, {});
}

core::Result<Response> SearchCompartment(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const std::string type, ResourceTypeOf(request));
    if (type != "Patient") {
        return MakeError(
            ErrorCode::kNotSupported, type + "/*/" + std::string(request.Param("inner"))
        );
    }
    return Answer(fhir, request, request.Param("id"));
}

core::Result<std::optional<core::InstantMs>>
DayOf(const Request& request, std::string_view name, bool end) {
    const auto text = request.Query(name);
    if (!text) {
        return std::optional<core::InstantMs>();
    }
    const auto interval = search::DateInterval(*text);
    if (!interval) {
        return MakeError(
            ErrorCode::kSearchBadValue, std::string(name), std::string(*text), "2026-01-31"
        );
    }
    return std::optional(end ? interval->second : interval->first);
}

core::Result<search::EverythingQuery> EverythingOf(const Request& request) {
    search::EverythingQuery query;
    query.patient = request.Param("id");
    for (const Pair& pair : request.query) {
        const bool known = pair.name == "start" || pair.name == "end" || pair.name == "_since" ||
                           pair.name == "_type" || pair.name == "_count" ||
                           pair.name == "_cursor" || pair.name == "_format" ||
                           pair.name == "_pretty";
        if (!known) {
            return MakeError(ErrorCode::kSearchUnknownParameter, "$everything", pair.name);
        }
    }
    KQ_ASSIGN(query.start, DayOf(request, "start", false));
    KQ_ASSIGN(query.end, DayOf(request, "end", true));
    KQ_ASSIGN(const auto since, DayOf(request, "_since", false));
    query.since = since.value_or(0);
    KQ_ASSIGN(
        const auto count, request.QueryInt("_count", search::kDefaultPage, 1, search::kMaxPage)
    );
    query.limit = static_cast<int>(count);
    KQ_ASSIGN(query.after, request.QueryInt("_cursor", 0, 0, INT64_MAX));
    std::string_view types = request.Query("_type").value_or("");
    while (!types.empty()) {
        const std::string_view one = types.substr(0, types.find(','));
        if (fhir::FindResourceType(one) == fhir::kNoType) {
            return MakeError(ErrorCode::kFhirUnknownType, std::string(one));
        }
        query.types.emplace_back(one);
        types.remove_prefix(std::min(types.size(), one.size() + 1));
    }
    return query;
}

core::Result<Response> Everything(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const std::string type, ResourceTypeOf(request));
    if (type != "Patient") {
        return MakeError(ErrorCode::kNotSupported, type + "/*/$everything");
    }
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(const search::EverythingQuery query, EverythingOf(request));
    KQ_ASSIGN(const auto reader, fhir.records.store().Read());
    KQ_ASSIGN(const auto page, search::Everything(*reader, query, restriction));
    SearchSet set(*reader, restriction, BaseUrl(request), {});
    set.Begin(std::nullopt);
    const std::string path = BaseUrl(request) + "/Patient/" + query.patient + "/$everything";
    Parameters parameters;
    for (const Pair& pair : request.query) {
        if (pair.name != "_cursor") {
            parameters.emplace_back(pair.name, pair.value);
        }
    }
    set.Link("self", path, parameters);
    if (page.next != 0) {
        parameters.emplace_back("_cursor", std::to_string(page.next));
        set.Link("next", path, parameters);
    }
    KQ_TRY(set.Entries(page.hits, "match"));
    KQ_TRY(set.Entries(page.supporting, "include"));
    return FhirAnswer(set.End());
}

std::vector<Parameter> ControlParameters() {
    return {
        {"_count", Parameter::In::kQuery, Schema::Integer(), {"每页条数", "Hits a page"}},
        {"_sort", Parameter::In::kQuery, Schema::String(), {"排序", "Order"}},
        {"_total",
         Parameter::In::kQuery,
         Schema::Enum({"none", "estimate", "accurate"}),
         {"总数", "Total"}},
        {"_summary",
         Parameter::In::kQuery,
         Schema::Enum({"true", "text", "data", "count", "false"}),
         {"摘要", "Summary"}},
        {"_elements", Parameter::In::kQuery, Schema::String(), {"只要的元素", "Elements wanted"}},
        {"_include", Parameter::In::kQuery, Schema::String(), {"一并返回所引用的", "Include"}},
        {"_revinclude",
         Parameter::In::kQuery,
         Schema::String(),
         {"一并返回引用它的", "Include what refers to the hits"}},
        {"_cursor",
         Parameter::In::kQuery,
         Schema::String(),
         {"上一页给出的续读位置", "From the previous page"}},
        {"Prefer",
         Parameter::In::kHeader,
         Schema::String(),
         {"handling=lenient 时忽略不认识的参数", "handling=lenient leaves unknown parameters out"}},
    };
}

Route PostSearch(std::string path, std::string id) {
    Route route = FhirRoute(
        Method::kPost, std::move(path), std::move(id), {"以表单查询资源", "Search by form"}
    );
    route.request = {{std::string(kForm), Schema::Any()}};
    route.cost = Cost::kRead;
    route.parameters = ControlParameters();
    return route;
}

}  // namespace

void WriteSearchCapability(JsonWriter& writer, fhir::TypeNumber type) {
    const std::string_view name = fhir::TypeOf(type).name;
    writer.Key("searchInclude").BeginArray();
    for (const std::string& include : search::IncludesOf(name)) {
        writer.String(include);
    }
    writer.String("*").EndArray();
    const auto reverse = search::RevincludesOf(name);
    if (!reverse.empty()) {
        writer.Key("searchRevInclude").BeginArray();
        for (const std::string& include : reverse) {
            writer.String(include);
        }
        writer.EndArray();
    }
    writer.Key("searchParam").BeginArray();
    for (const search::Searchable& one : search::SearchableOf(name)) {
        writer.BeginObject().Field("name", one.name);
        if (!one.url.empty()) {
            writer.Field("definition", one.url);
        }
        writer.Field("type", one.kind).EndObject();
    }
    writer.EndArray();
}

void RegisterFhirSearch(Registry& registry, const std::shared_ptr<const FhirServices>& fhir) {
    Route search =
        FhirRoute(Method::kGet, "/fhir/{type}", "fhirSearch", {"查询资源", "Search resources"});
    search.parameters = ControlParameters();
    AddFhir(registry, fhir, std::move(search), Search);
    AddFhir(registry, fhir, PostSearch("/fhir/{type}/_search", "fhirSearchByForm"), Search);
    Route compartment = FhirRoute(
        Method::kGet,
        "/fhir/{type}/{id}/{inner}",
        "fhirSearchCompartment",
        {"查询一位居民名下的资源", "Search one patient's resources"}
    );
    compartment.parameters = ControlParameters();
    AddFhir(registry, fhir, std::move(compartment), SearchCompartment);
    AddFhir(
        registry,
        fhir,
        PostSearch("/fhir/{type}/{id}/{inner}/_search", "fhirSearchCompartmentByForm"),
        SearchCompartment
    );
    Route everything = FhirRoute(
        Method::kGet,
        "/fhir/{type}/{id}/$everything",
        "fhirEverything",
        {"一位居民的全部记录", "Everything of one patient"}
    );
    everything.parameters = {
        {"start", Parameter::In::kQuery, Schema::String(), {"起始日期", "First day of care"}},
        {"end", Parameter::In::kQuery, Schema::String(), {"截止日期", "Last day of care"}},
        {"_since", Parameter::In::kQuery, Schema::String(), {"此后有更新的", "Changed since"}},
        {"_type", Parameter::In::kQuery, Schema::String(), {"资源类型", "Resource types"}},
        {"_count", Parameter::In::kQuery, Schema::Integer(), {"每页条数", "Hits a page"}},
        {"_cursor",
         Parameter::In::kQuery,
         Schema::Integer(),
         {"上一页给出的续读位置", "From the previous page"}},
    };
    AddFhir(registry, fhir, std::move(everything), Everything);
}

}  // namespace kangqu::api
