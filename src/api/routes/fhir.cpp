#include "kangqu/records/patch.hpp"

#include "fhir_http.hpp"
#include <charconv>

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::MakeError;
using records::Change;
using records::Receipt;
using records::Record;

core::Result<Response> ReadOne(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const std::string type, ResourceTypeOf(request));
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(const Record record, fhir.records.Read(restriction, type, request.Param("id")));
    return Show(request, record);
}

core::Result<Response> ReadVersion(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const std::string type, ResourceTypeOf(request));
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    const std::string_view text = request.Param("version");
    std::int64_t version = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
    if (error != std::errc{} || end != text.data() + text.size() || version < 1) {
        return MakeError(
            ErrorCode::kNotFound,
            type + "/" + std::string(request.Param("id")) + "/_history/" + std::string(text)
        );
    }
    KQ_ASSIGN(
        const Record record,
        fhir.records.ReadVersion(restriction, type, request.Param("id"), version)
    );
    return Show(request, record);
}

// What every write of one record has in common.
core::Result<Change> ChangeOf(const Request& request, Change::Kind kind) {
    Change change;
    change.kind = kind;
    KQ_ASSIGN(change.type, ResourceTypeOf(request));
    change.id = request.Param("id");
    KQ_ASSIGN(change.if_match, IfMatch(request));
    const std::string_view none = request.Header("if-none-match");
    if (!none.empty() && none != "*") {
        return MakeError(ErrorCode::kInvalidArgument, "If-None-Match", "*");
    }
    change.must_be_new = none == "*";
    if (change.id.empty() && kind != Change::Kind::kCreate) {
        change.criteria = CriteriaOf(request);
        if (change.criteria.empty()) {
            return MakeError(ErrorCode::kInvalidArgument, "?", "criteria");
        }
    }
    return change;
}

core::Result<Response> Create(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(Change change, ChangeOf(request, Change::Kind::kCreate));
    change.criteria = request.Header("if-none-exist");
    if (const std::size_t mark = change.criteria.find('?'); mark != std::string::npos) {
        change.criteria.erase(0, mark + 1);
    }
    if (change.criteria.empty() && !request.Header("if-none-exist").empty()) {
        return MakeError(ErrorCode::kInvalidArgument, "If-None-Exist", "criteria");
    }
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(const auto document, BodyOf(request));
    change.resource = document->root();
    KQ_ASSIGN(const Receipt receipt, fhir.records.Apply(restriction, change));
    return Written(fhir, restriction, request, receipt);
}

core::Result<Response> Update(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(Change change, ChangeOf(request, Change::Kind::kUpdate));
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(const auto document, BodyOf(request));
    change.resource = document->root();
    KQ_ASSIGN(const Receipt receipt, fhir.records.Apply(restriction, change));
    return Written(fhir, restriction, request, receipt);
}

core::Result<Response> Patch(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(Change change, ChangeOf(request, Change::Kind::kPatch));
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(change.patch, records::PatcherOf(request.ContentType(), request.body));
    KQ_ASSIGN(const Receipt receipt, fhir.records.Apply(restriction, change));
    return Written(fhir, restriction, request, receipt);
}

core::Result<Response> Delete(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const Change change, ChangeOf(request, Change::Kind::kDelete));
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(const Receipt receipt, fhir.records.Apply(restriction, change));
    Response response = Response::NoContent();
    if (receipt.version > 0) {
        response.Set("ETag", Etag(receipt.version));
    }
    return response;
}

Parameter Header(std::string name, BothLanguages text) {
    return {std::move(name), Parameter::In::kHeader, Schema::String(), std::move(text)};
}

Parameter IfMatchHeader() {
    return Header("If-Match", {"须为当前的版本", "The version that must be current"});
}

using Adder = std::function<void(Route, FhirHandler)>;

void AddReads(const Adder& add) {
    Route read =
        FhirRoute(Method::kGet, "/fhir/{type}/{id}", "fhirRead", {"读取资源", "Read a resource"});
    read.parameters = {
        Header("If-None-Match", {"已有的版本", "The version the client has"}),
        Header("If-Modified-Since", {"已有内容的时间", "When the client's copy is from"}),
    };
    add(std::move(read), ReadOne);
    add(FhirRoute(
            Method::kGet,
            "/fhir/{type}/{id}/_history/{version}",
            "fhirReadVersion",
            {"读取某一版本", "Read one version"}
        ),
        ReadVersion);
}

void AddPatches(const Adder& add) {
    const auto patch = [](std::string path, std::string id, BothLanguages summary) {
        Route route = FhirRoute(Method::kPatch, std::move(path), std::move(id), std::move(summary));
        route.request = {
            {"application/json-patch+json", Schema::Any()},
            {"application/xml-patch+xml", Schema::String()},
            {"application/fhir+json", Schema::Any()},
            {"application/json", Schema::Any()},
        };
        route.parameters = {IfMatchHeader()};
        return route;
    };
    add(patch("/fhir/{type}/{id}", "fhirPatch", {"修补资源", "Patch a resource"}), Patch);
    add(patch(
            "/fhir/{type}",
            "fhirConditionalPatch",
            {"按条件修补资源", "Patch the resource that matches criteria"}
        ),
        Patch);
}

void AddWrites(const Adder& add) {
    Route create =
        FhirRoute(Method::kPost, "/fhir/{type}", "fhirCreate", {"新建资源", "Create a resource"});
    create.answer_status = 201;
    create.parameters = {Header(
        "If-None-Exist", {"无匹配时才新建", "Create only when these criteria match nothing"}
    )};
    add(std::move(create), Create);
    Route update = FhirRoute(
        Method::kPut, "/fhir/{type}/{id}", "fhirUpdate", {"更新资源", "Update a resource"}
    );
    update.parameters = {IfMatchHeader()};
    add(std::move(update), Update);
    Route conditional = FhirRoute(
        Method::kPut,
        "/fhir/{type}",
        "fhirConditionalUpdate",
        {"按条件更新资源", "Update the resource that matches criteria"}
    );
    conditional.parameters = {IfMatchHeader()};
    add(std::move(conditional), Update);
    Route erase = FhirRoute(
        Method::kDelete, "/fhir/{type}/{id}", "fhirDelete", {"删除资源", "Delete a resource"}
    );
    erase.parameters = {IfMatchHeader()};
    erase.answer = {};
    erase.answer_status = 204;
    add(std::move(erase), Delete);
    Route match = FhirRoute(
        Method::kDelete,
        "/fhir/{type}",
        "fhirConditionalDelete",
        {"按条件删除资源", "Delete the resource that matches criteria"}
    );
    match.answer = {};
    match.answer_status = 204;
    add(std::move(match), Delete);
}

}  // namespace

void RegisterFhir(
    Registry& registry,
    records::Records& records,
    RestrictionOf restriction,
    std::string version,
    WrittenHook written,
    std::shared_ptr<const search::Knowledge> knowledge
) {
    const auto fhir = std::make_shared<const FhirServices>(FhirServices{
        records,
        std::move(restriction),
        std::move(version),
        &registry,
        std::move(written),
        std::move(knowledge)});
    const Adder add = [&](Route route, FhirHandler handler) {
        AddFhir(registry, fhir, std::move(route), handler);
    };
    AddReads(add);
    AddWrites(add);
    AddPatches(add);
    RegisterFhirHistory(registry, fhir);
    RegisterFhirBundle(registry, fhir);
    RegisterFhirMeta(registry, fhir);
    RegisterFhirMetadata(registry, fhir);
    RegisterFhirSearch(registry, fhir);
}

}  // namespace kangqu::api
