#include "kangqu/records/entry.hpp"

#include "kangqu/core/ids.hpp"
#include "kangqu/fhir/resource.hpp"

namespace kangqu::records {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;
using Kind = Change::Kind;

namespace {

core::Error Bad(const std::string& where, std::string what) {
    const std::size_t open = where.find('[');
    return core::At(
        MakeError(
            ErrorCode::kBundleBadEntry,
            where.substr(open + 1, where.size() - open - 2),
            std::move(what)
        ),
        where
    );
}

core::Error BadUrl(const std::string& where, std::string_view url) {
    return Bad(where, "request.url = " + std::string(url));
}

// "Type/id" or "Type?criteria" into the change.
bool ReadUrl(std::string_view url, Change& change) {
    if (url.starts_with('/')) {
        url.remove_prefix(1);
    }
    const fhir::Reference target = fhir::ParseReference(url);
    if (target.kind == fhir::Reference::Kind::kLocal) {
        change.type = target.type;
        change.id = target.id;
        return url.size() == change.type.size() + 1 + change.id.size();
    }
    if (target.kind == fhir::Reference::Kind::kConditional && !target.query.empty()) {
        change.type = target.type;
        change.criteria = target.query;
        return true;
    }
    return false;
}

core::Status ReadPreconditions(JsonNode request, Change& change, const std::string& where) {
    const std::string_view if_match = request["ifMatch"].text();
    if (!if_match.empty()) {
        change.if_match = VersionOfEtag(if_match);
        if (!change.if_match) {
            return Bad(where, "request.ifMatch = " + std::string(if_match));
        }
    }
    const std::string_view none = request["ifNoneMatch"].text();
    if (!none.empty() && none != "*") {
        return Bad(where, "request.ifNoneMatch = " + std::string(none));
    }
    change.must_be_new = none == "*";
    return {};
}

core::Status ReadCreate(JsonNode request, Change& change, const std::string& where) {
    std::string_view url = request["url"].text();
    if (url.starts_with('/')) {
        url.remove_prefix(1);
    }
    change.kind = Kind::kCreate;
    change.type = change.resource["resourceType"].text();
    if (!url.empty() && url != change.type) {
        return BadUrl(where, url);
    }
    change.criteria = request["ifNoneExist"].text();
    if (change.criteria.starts_with('?')) {
        change.criteria.erase(0, 1);
    }
    return {};
}

core::Status ReadUpdate(JsonNode request, Change& change, const std::string& where) {
    const std::string_view url = request["url"].text();
    change.kind = Kind::kUpdate;
    if (url.empty()) {
        change.type = change.resource["resourceType"].text();
        change.id = change.resource["id"].text();
        if (!core::IsFhirId(change.id)) {
            return Bad(where, "resource.id = " + change.id);
        }
    } else if (!ReadUrl(url, change)) {
        return BadUrl(where, url);
    }
    return ReadPreconditions(request, change, where);
}

}  // namespace

std::optional<std::int64_t> VersionOfEtag(std::string_view text) noexcept {
    constexpr std::size_t kMostDigits = 15;
    if (text.starts_with("W/")) {
        text.remove_prefix(2);
    }
    const bool quoted = text.size() > 2 && text.front() == '"' && text.back() == '"';
    if (quoted) {
        text = text.substr(1, text.size() - 2);
    }
    if (!quoted || text.size() > kMostDigits) {
        return std::nullopt;
    }
    std::int64_t version = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        version = version * 10 + (c - '0');
    }
    return version;
}

core::Result<std::optional<Change>>
ReadEntry(JsonNode entry, const std::string& where, bool lenient) {
    Change change;
    change.path = where;
    change.resource = entry["resource"];
    const JsonNode request = entry["request"];
    std::string_view method = request["method"].text();
    if (request.missing()) {
        if (!lenient) {
            return Bad(where, "request is missing");
        }
        method = change.resource["id"].missing() ? "POST" : "PUT";
    }
    if (method == "GET" || method == "HEAD") {
        return std::optional<Change>();
    }
    if (method == "DELETE") {
        change.kind = Kind::kDelete;
        if (!ReadUrl(request["url"].text(), change)) {
            return BadUrl(where, request["url"].text());
        }
        KQ_TRY(ReadPreconditions(request, change, where));
        return std::optional<Change>(std::move(change));
    }
    if (method != "POST" && method != "PUT" && method != "PATCH") {
        return Bad(where, "request.method = " + std::string(method));
    }
    if (change.resource.missing()) {
        return Bad(where, "resource is missing");
    }
    change.path += ".resource";
    if (method == "POST") {
        KQ_TRY(ReadCreate(request, change, where));
    } else if (method == "PUT") {
        KQ_TRY(ReadUpdate(request, change, where));
    } else {
        change.kind = Kind::kPatch;
        if (!ReadUrl(request["url"].text(), change)) {
            return BadUrl(where, request["url"].text());
        }
        KQ_TRY(ReadPreconditions(request, change, where));
    }
    return std::optional<Change>(std::move(change));
}

}  // namespace kangqu::records
