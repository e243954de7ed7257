#include "kangqu/fhir/resource.hpp"
#include "kangqu/records/entry.hpp"
#include "kangqu/records/patch.hpp"

#include "fhir_http.hpp"
#include <algorithm>

namespace kangqu::api {

namespace {

using core::ErrorCode;
using core::JsonNode;
using core::JsonWriter;
using core::MakeError;
using records::Change;
using records::Receipt;

// Headers of the bundle's own request that its entries inherit.
constexpr std::array<std::string_view, 4> kInherited = {
    "host",
    "prefer",
    "x-forwarded-host",
    "x-forwarded-proto"};

bool IsWriteKind(std::string_view method, std::string_view url) {
    if (method == "GET" || method == "HEAD") {
        return false;
    }
    // Operations and searches by POST go to their own routes.
    return url.find('$') == std::string_view::npos && url.find("_search") == std::string_view::npos;
}

// One entry's answer: what a route of its own would have said.
struct EntryAnswer {
    int status = 200;
    std::string location;
    std::string etag;
    std::string last_modified;  // instant
    std::string resource;       // JSON, or empty
    std::string outcome;        // JSON, or empty
};

EntryAnswer Refused(const core::Error& error, core::Language language) {
    EntryAnswer answer;
    answer.status = core::FactsOf(error.code).http_status;
    answer.outcome = fhir::OperationOutcome({error}, language);
    return answer;
}

// Runs what a Bundle asks for, entry by entry or together.
class BundleRun {
public:
    BundleRun(
        const FhirServices& fhir,
        const Request& request,
        const search::Restriction& restriction,
        JsonNode bundle
    )
        : fhir_(fhir), request_(request), restriction_(restriction), bundle_(bundle) {
        for (JsonNode entry = bundle["entry"].first(); entry; entry = entry.next()) {
            entries_.push_back(entry);
        }
        answers_.resize(entries_.size());
    }

    core::Status Transaction() {
        for (const JsonNode entry : entries_) {
            const JsonNode asked = entry["request"];
            const std::string_view method = asked["method"].text();
            if (method == "POST" && !IsWriteKind(method, asked["url"].text())) {
                return MakeError(ErrorCode::kNotSupported, std::string(asked["url"].text()));
            }
        }
        KQ_ASSIGN(const auto receipts, fhir_.records.Transaction(restriction_, bundle_));
        for (std::size_t i = 0; i < receipts.size(); ++i) {
            if (receipts[i].outcome != Receipt::Outcome::kNotAWrite) {
                KQ_TRY(TellWritten(fhir_, request_, receipts[i]));
                answers_[i] = AnswerOf(receipts[i], entries_[i]);
            }
        }
        // What the bundle reads, it reads as it stands after its writes.
        for (std::size_t i = 0; i < receipts.size(); ++i) {
            if (receipts[i].outcome == Receipt::Outcome::kNotAWrite) {
                answers_[i] = Dispatch(entries_[i]);
            }
        }
        return {};
    }

    core::Status Batch() {
        KQ_TRY(records::CheckBundleSize(bundle_));
        std::vector<std::size_t> at;
        std::vector<Change> changes;
        std::vector<std::size_t> others;
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            const JsonNode asked = entries_[i]["request"];
            if (!IsWriteKind(asked["method"].text(), asked["url"].text())) {
                others.push_back(i);
                continue;
            }
            auto change = ChangeOf(i);
            if (change.ok()) {
                at.push_back(i);
                changes.push_back(std::move(change).value());
            } else {
                answers_[i] = Refused(change.error(), request_.language);
            }
        }
        KQ_TRY(ApplyInOrder(at, changes));
        for (const std::size_t i : others) {
            answers_[i] = Dispatch(entries_[i]);
        }
        return {};
    }

    std::string Body(std::string_view type) const {
        std::string body;
        JsonWriter writer(body);
        writer.BeginObject().Field("resourceType", "Bundle").Field("type", type);
        if (!answers_.empty()) {
            writer.Key("entry").BeginArray();
            for (const EntryAnswer& answer : answers_) {
                WriteAnswer(writer, answer);
            }
            writer.EndArray();
        }
        writer.EndObject();
        return body;
    }

private:
    core::Result<Change> ChangeOf(std::size_t index) const {
        const std::string where = "Bundle.entry[" + std::to_string(index) + "]";
        KQ_ASSIGN(auto change, records::ReadEntry(entries_[index], where, false));
        KQ_CHECK(change.has_value(), "an entry that writes is a change");
        if (change->kind == Change::Kind::kPatch) {
            KQ_ASSIGN(change->patch, records::PatcherOf(change->resource));
        }
        return std::move(*change);
    }

    // Deletions, creations, updates and patches, in pages of what may wait for the writer.
    core::Status
    ApplyInOrder(const std::vector<std::size_t>& at, const std::vector<Change>& changes) {
        std::vector<std::size_t> order(changes.size());
        for (std::size_t n = 0; n < order.size(); ++n) {
            order[n] = n;
        }
        const auto phase = [&](std::size_t n) {
            const Change::Kind kind = changes[n].kind;
            return kind == Change::Kind::kDelete ? 0 : kind == Change::Kind::kCreate ? 1 : 2;
        };
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return phase(a) < phase(b);
        });
        for (std::size_t from = 0; from < order.size(); from += records::kBatchUnit) {
            const std::size_t to = std::min(order.size(), from + records::kBatchUnit);
            std::vector<Change> page;
            for (std::size_t n = from; n < to; ++n) {
                page.push_back(changes[order[n]]);
            }
            const auto results = fhir_.records.ApplyEach(restriction_, page);
            for (std::size_t n = from; n < to; ++n) {
                const std::size_t i = at[order[n]];
                const auto& result = results[n - from];
                if (result.ok()) {
                    KQ_TRY(TellWritten(fhir_, request_, *result));
                }
                answers_[i] = result.ok() ? AnswerOf(*result, entries_[i])
                                          : Refused(result.error(), request_.language);
            }
        }
        return {};
    }

    EntryAnswer AnswerOf(const Receipt& receipt, JsonNode entry) const {
        EntryAnswer answer;
        answer.status = StatusOf(receipt);
        if (entry["request"]["method"].text() == "DELETE") {
            answer.status = 204;
        }
        if (receipt.version == 0) {
            return answer;
        }
        answer.etag = Etag(receipt.version);
        answer.last_modified = core::FormatInstant(receipt.updated);
        if (answer.status == 204) {
            return answer;
        }
        answer.location =
            receipt.type + "/" + receipt.id + "/_history/" + std::to_string(receipt.version);
        const Return wanted = ReturnOf(request_, Return::kMinimal);
        if (wanted == Return::kRepresentation) {
            auto record =
                fhir_.records.ReadVersion(restriction_, receipt.type, receipt.id, receipt.version);
            answer.resource = record.ok() ? std::move(record->json) : std::string();
        } else if (wanted == Return::kOutcome) {
            answer.outcome = fhir::OperationOutcome({}, request_.language);
        }
        return answer;
    }

    // An entry as a request of its own, answered by the route of its address under the same
    // principal.
    EntryAnswer Dispatch(JsonNode entry) const {
        auto response = Handle(entry);
        if (!response.ok()) {
            return Refused(response.error(), request_.language);
        }
        EntryAnswer answer;
        answer.status = response->status;
        (answer.status < 400 ? answer.resource : answer.outcome) = std::move(response->body);
        if (const std::string* const etag = response->Find("ETag")) {
            answer.etag = *etag;
        }
        return answer;
    }

    core::Result<Response> Handle(JsonNode entry) const {
        KQ_TRY(request_.CheckTime());
        const JsonNode asked = entry["request"];
        std::string_view url = asked["url"].text();
        url.remove_prefix(url.starts_with('/') ? 1 : 0);
        Request own;
        own.method = FindMethod(asked["method"].text());
        own.method = own.method == Method::kHead ? Method::kGet : own.method;
        own.principal = request_.principal;
        own.peer = request_.peer;
        own.language = request_.language;
        own.deadline = request_.deadline;
        own.deadline_ms = request_.deadline_ms;
        own.stopping = request_.stopping;
        own.received = request_.received;
        KQ_TRY(ParseTarget("/fhir/" + std::string(url), own));
        AddHeaders(asked, own);
        if (entry["resource"]) {
            own.headers.push_back({"content-type", "application/fhir+json"});
            own.body = entry["resource"].raw();
        }
        Registry::Match match = fhir_.registry->Find(own.segments, own.method);
        // A bundle within a bundle's entry would have no bound.
        if (match.route == nullptr || own.segments.size() < 2) {
            return MakeError(ErrorCode::kRouteUnknown, own.path);
        }
        const Route& route = *match.route;
        if (route.needs == Needs::kSocketOnly) {
            return MakeError(ErrorCode::kSocketOnly);
        }
        const bool able = route.ability.empty() ||
                          (own.principal != nullptr && own.principal->May(route.ability));
        if (!able) {
            return MakeError(ErrorCode::kForbidden, route.summary.In(own.language));
        }
        own.params = std::move(match.params);
        return route.handler(own);
    }

    void AddHeaders(JsonNode asked, Request& own) const {
        for (const Pair& header : request_.headers) {
            if (std::find(kInherited.begin(), kInherited.end(), header.name) != kInherited.end()) {
                own.headers.push_back(header);
            }
        }
        if (asked["ifNoneMatch"]) {
            own.headers.push_back({"if-none-match", std::string(asked["ifNoneMatch"].text())});
        }
        const auto since = core::ParseInstant(asked["ifModifiedSince"].text());
        if (since) {
            own.headers.push_back({"if-modified-since", HttpDate(*since)});
        }
    }

    static void WriteAnswer(JsonWriter& writer, const EntryAnswer& answer) {
        writer.BeginObject();
        if (!answer.resource.empty()) {
            writer.Key("resource").Raw(answer.resource);
        }
        writer.Key("response").BeginObject().Field("status", StatusLine(answer.status));
        if (!answer.location.empty()) {
            writer.Field("location", answer.location);
        }
        if (!answer.etag.empty()) {
            writer.Field("etag", answer.etag);
        }
        if (!answer.last_modified.empty()) {
            writer.Field("lastModified", answer.last_modified);
        }
        if (!answer.outcome.empty()) {
            writer.Key("outcome").Raw(answer.outcome);
        }
        writer.EndObject().EndObject();
    }

    const FhirServices& fhir_;
    const Request& request_;
    const search::Restriction& restriction_;
    JsonNode bundle_;
    std::vector<JsonNode> entries_;
    std::vector<EntryAnswer> answers_;
};

core::Result<Response> Submit(const FhirServices& fhir, const Request& request) {
    KQ_ASSIGN(const auto restriction, fhir.restriction(request));
    KQ_ASSIGN(const auto document, BodyOf(request));
    const JsonNode bundle = document->root();
    BundleRun run(fhir, request, restriction, bundle);
    const bool batch =
        bundle["resourceType"].text() == "Bundle" && bundle["type"].text() == "batch";
    KQ_TRY(batch ? run.Batch() : run.Transaction());
    return FhirAnswer(run.Body(batch ? "batch-response" : "transaction-response"));
}

}  // namespace

void RegisterFhirBundle(Registry& registry, const std::shared_ptr<const FhirServices>& fhir) {
    AddFhir(
        registry,
        fhir,
        FhirRoute(
            Method::kPost,
            "/fhir",
            "fhirTransaction",
            {"提交事务包或批处理包", "Submit a transaction or batch bundle"}
        ),
        Submit
    );
}

}  // namespace kangqu::api
