#include "kangqu/fhir/definitions.hpp"
#include "kangqu/records/records.hpp"

#include "fhir_http.hpp"
#include <algorithm>
#include <array>
#include <map>

namespace kangqu::api {

namespace {

using core::JsonWriter;

// An interaction and the route by which it is registered.
struct Interaction {
    std::string_view code;
    Method method;
    std::string_view path;
};
constexpr std::array<Interaction, 9> kTypeInteractions = {
    {{"read", Method::kGet, "/fhir/{type}/{id}"},
     {"vread", Method::kGet, "/fhir/{type}/{id}/_history/{version}"},
     {"update", Method::kPut, "/fhir/{type}/{id}"},
     {"patch", Method::kPatch, "/fhir/{type}/{id}"},
     {"delete", Method::kDelete, "/fhir/{type}/{id}"},
     {"history-instance", Method::kGet, "/fhir/{type}/{id}/_history"},
     {"history-type", Method::kGet, "/fhir/{type}/_history"},
     {"create", Method::kPost, "/fhir/{type}"},
     {"search-type", Method::kGet, "/fhir/{type}"}}};
constexpr std::array<Interaction, 4> kSystemInteractions = {
    {{"transaction", Method::kPost, "/fhir"},
     {"batch", Method::kPost, "/fhir"},
     {"search-system", Method::kGet, "/fhir"},
     {"history-system", Method::kGet, "/fhir/_history"}}};

// Operations whose definitions are not where FHIR's own are.
struct KnownDefinition {
    std::string_view path;
    std::string_view definition;
};
constexpr std::array<KnownDefinition, 5> kDefinitions = {
    {{"/fhir/$export", "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export"},
     {"/fhir/Patient/$export",
      "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/patient-export"},
     {"/fhir/Group/{id}/$export",
      "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/group-export"},
     {"/fhir/Subscription/{id}/$status",
      "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/"
      "backport-subscription-status"},
     {"/fhir/Subscription/{id}/$events",
      "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/"
      "backport-subscription-events"}}};

bool Has(const Registry& registry, Method method, std::string_view path) {
    const auto& routes = registry.routes();
    return std::any_of(routes.begin(), routes.end(), [&](const Route& route) {
        return route.method == method && route.path == path;
    });
}

// An operation some route answers: name, the type it stands at ("" the system, "Resource" every
// type) and its definition.
struct Operation {
    std::string name;
    std::string type;
    std::string definition;
};

std::vector<Operation> OperationsOf(const Registry& registry) {
    std::map<std::pair<std::string, std::string>, Operation> found;
    for (const Route& route : registry.routes()) {
        const std::size_t at = route.path.find("/$");
        if (!IsFhirPath(route.path) || at == std::string::npos) {
            continue;
        }
        Operation one;
        one.name = route.path.substr(at + 2);
        one.name.resize(std::min(one.name.size(), one.name.find('/')));
        const std::string_view between =
            std::string_view(route.path).substr(5, at < 5 ? 0 : at - 5);
        if (!between.empty()) {
            const std::string_view type = between.substr(1, between.substr(1).find('/'));
            one.type = type == "{type}" ? "Resource" : std::string(type);
        }
        one.definition = "http://hl7.org/fhir/OperationDefinition/" +
                         (one.type.empty() ? std::string("Resource") : one.type) + "-" + one.name;
        for (const KnownDefinition& known : kDefinitions) {
            one.definition = known.path == route.path ? std::string(known.definition)
                                                      : std::move(one.definition);
        }
        found.emplace(std::pair(one.type, one.name), one);
    }
    std::vector<Operation> all;
    for (auto& [key, operation] : found) {
        all.push_back(std::move(operation));
    }
    return all;
}

void WriteOperations(
    JsonWriter& writer,
    const std::vector<Operation>& operations,
    const std::function<bool(const Operation&)>& wanted
) {
    if (std::none_of(operations.begin(), operations.end(), wanted)) {
        return;
    }
    writer.Key("operation").BeginArray();
    for (const Operation& operation : operations) {
        if (wanted(operation)) {
            writer.BeginObject().Field("name", operation.name);
            writer.Field("definition", operation.definition).EndObject();
        }
    }
    writer.EndArray();
}

template <class Interactions>
void WriteInteractions(
    JsonWriter& writer,
    const Registry& registry,
    const Interactions& interactions
) {
    writer.Key("interaction").BeginArray();
    for (const Interaction& interaction : interactions) {
        if (Has(registry, interaction.method, interaction.path)) {
            writer.BeginObject().Field("code", interaction.code).EndObject();
        }
    }
    writer.EndArray();
}

void WriteType(
    JsonWriter& writer,
    const Registry& registry,
    const std::vector<Operation>& operations,
    fhir::TypeNumber type
) {
    const std::string_view name = fhir::TypeOf(type).name;
    writer.BeginObject().Field("type", name);
    WriteInteractions(writer, registry, kTypeInteractions);
    writer.Field("versioning", "versioned-update").Field("readHistory", true);
    writer.Field("updateCreate", true).Field("conditionalCreate", true);
    writer.Field("conditionalRead", "full-support");
    writer.Field("conditionalUpdate", Has(registry, Method::kPut, "/fhir/{type}"));
    writer.Field(
        "conditionalDelete",
        Has(registry, Method::kDelete, "/fhir/{type}") ? "single" : "not-supported"
    );
    writer.Key("referencePolicy").BeginArray().String("literal").String("local").EndArray();
    WriteSearchCapability(writer, type);
    WriteOperations(writer, operations, [&](const Operation& one) {
        return one.type == name || one.type == "Resource";
    });
    writer.EndObject();
}

std::string Documentation(core::Language language) {
    const std::string entries = std::to_string(records::kMaxBundleEntries);
    const std::string megabytes = std::to_string(kDefaultBodyLimit >> 20U);
    if (language == core::Language::kZh) {
        return "请求体上限 " + megabytes + " MiB（gzip 展开后计），一个包最多 " + entries +
               " 项。没有时区的日期和时间按中国标准时间（+08:00）理解。未知的查询参数默认拒绝，"
               "Prefer: handling=lenient 时忽略并给出提示。";
    }
    return "Bodies up to " + megabytes + " MiB (after gzip), bundles up to " + entries +
           " entries. Dates and times without a zone are in China Standard Time (+08:00). Unknown "
           "search parameters are refused unless Prefer: handling=lenient.";
}

core::Result<Response> Metadata(const FhirServices& fhir, const Request& request) {
    const Registry& registry = *fhir.registry;
    const auto operations = OperationsOf(registry);
    std::string body;
    JsonWriter writer(body);
    writer.BeginObject().Field("resourceType", "CapabilityStatement").Field("status", "active");
    writer.Field("date", "2026-11-22").Field("kind", "instance").Field("fhirVersion", "4.0.1");
    writer.Key("software").BeginObject().Field("name", "Kangqu");
    writer.Field("version", fhir.version).EndObject();
    writer.Key("implementation").BeginObject().Field("description", "Kangqu 康衢");
    writer.Field("url", BaseUrl(request)).EndObject();
    writer.Key("format").BeginArray();
    for (const std::string_view format :
         {"application/fhir+json", "application/fhir+xml", "json", "xml"}) {
        writer.String(format);
    }
    writer.EndArray();
    if (Has(registry, Method::kPatch, "/fhir/{type}/{id}")) {
        writer.Key("patchFormat").BeginArray().String("application/json-patch+json");
        writer.String("application/xml-patch+xml").String("application/fhir+json");
        writer.String("application/fhir+xml").EndArray();
    }
    writer.Key("rest").BeginArray().BeginObject().Field("mode", "server");
    writer.Field("documentation", Documentation(request.language));
    writer.Key("resource").BeginArray();
    for (const fhir::TypeNumber type : fhir::ResourceTypes()) {
        WriteType(writer, registry, operations, type);
    }
    writer.EndArray();
    WriteInteractions(writer, registry, kSystemInteractions);
    WriteOperations(writer, operations, [](const Operation& one) { return one.type.empty(); });
    writer.EndObject().EndArray().EndObject();
    return FhirAnswer(std::move(body));
}

}  // namespace

void RegisterFhirMetadata(Registry& registry, const std::shared_ptr<const FhirServices>& fhir) {
    Route metadata = FhirRoute(
        Method::kGet, "/fhir/metadata", "fhirMetadata", {"能力声明", "Capability statement"}
    );
    metadata.needs = Needs::kNothing;
    AddFhir(registry, fhir, std::move(metadata), Metadata);
}

}  // namespace kangqu::api
