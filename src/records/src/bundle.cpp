#include "bundle.hpp"

#include "kangqu/fhir/resource.hpp"

#include "unit.hpp"
#include <set>

namespace kangqu::records {

namespace {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

class BundleReader {
public:
    BundleReader(
        JsonNode bundle,
        bool lenient,
        const search::Indexer& indexer,
        core::IdSource& ids,
        store::Reader& reader
    )
        : bundle_(bundle), lenient_(lenient), indexer_(indexer), ids_(ids), reader_(reader) {}

    core::Result<PreparedBundle> Run() {
        KQ_TRY(CheckKind());
        std::size_t index = 0;
        for (JsonNode entry = bundle_["entry"].first(); entry; entry = entry.next()) {
            KQ_TRY(Plan(entry, "Bundle.entry[" + std::to_string(index) + "]"));
            ++index;
        }
        index = 0;
        for (JsonNode entry = bundle_["entry"].first(); entry; entry = entry.next()) {
            KQ_TRY(Fill(entry, out_.entries[index]));
            ++index;
        }
        return std::move(out_);
    }

private:
    core::Status CheckKind() {
        if (bundle_["resourceType"].text() != "Bundle") {
            return core::At(
                MakeError(
                    ErrorCode::kFhirBadValue,
                    "resourceType",
                    std::string(bundle_["resourceType"].text()),
                    "Bundle"
                ),
                "resourceType"
            );
        }
        const std::string_view type = bundle_["type"].text();
        const bool known =
            type == "transaction" || (lenient_ && (type == "batch" || type == "collection"));
        if (!known) {
            return core::At(
                MakeError(ErrorCode::kNotSupported, "Bundle.type = " + std::string(type)),
                "Bundle.type"
            );
        }
        if (bundle_["entry"].size() > kMaxBundleEntries) {
            return core::At(
                MakeError(
                    ErrorCode::kTooLarge,
                    std::to_string(bundle_["entry"].size()) + " entries",
                    std::to_string(kMaxBundleEntries) + " entries"
                ),
                "Bundle.entry"
            );
        }
        return {};
    }

    static core::Error Bad(const std::string& where, std::string what) {
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

    // First pass: what each entry does and under which id.
    core::Status Plan(JsonNode node, std::string where) {
        BundleEntry entry;
        entry.where = std::move(where);
        const JsonNode resource = node["resource"];
        const JsonNode request = node["request"];
        entry.type = resource["resourceType"].text();
        entry.id = resource["id"].text();
        std::string_view method = request["method"].text();
        if (request.missing()) {
            if (!lenient_ || bundle_["type"].text() == "transaction") {
                return Bad(entry.where, "request is missing");
            }
            method = entry.id.empty() ? "POST" : "PUT";
        }
        if (method == "DELETE") {
            KQ_TRY(PlanDelete(request["url"].text(), entry));
        } else if (method == "POST" || method == "PUT") {
            if (resource.missing()) {
                return Bad(entry.where, "resource is missing");
            }
            KQ_TRY(PlanWrite(method == "PUT", request, entry));
        } else {
            return Bad(entry.where, "request.method = " + std::string(method));
        }
        if (entry.matched.empty() && !targets_.insert(LocalName(entry.type, entry.id)).second) {
            return Bad(entry.where, LocalName(entry.type, entry.id) + " occurs twice");
        }
        const std::string_view full_url = node["fullUrl"].text();
        if (!full_url.empty() && entry.kind != BundleEntry::Kind::kDelete) {
            names_[std::string(full_url)] =
                LocalName(entry.type, entry.matched.empty() ? entry.id : entry.matched);
        }
        out_.entries.push_back(std::move(entry));
        return {};
    }

    core::Status PlanDelete(std::string_view url, BundleEntry& entry) {
        const fhir::Reference target = fhir::ParseReference(url);
        if (target.kind != fhir::Reference::Kind::kLocal) {
            return Bad(entry.where, "request.url = " + std::string(url));
        }
        entry.kind = BundleEntry::Kind::kDelete;
        entry.type = target.type;
        entry.id = target.id;
        return {};
    }

    core::Status PlanWrite(bool put, JsonNode request, BundleEntry& entry) {
        const std::string_view url = request["url"].text();
        if (fhir::FindResourceType(entry.type) == fhir::kNoType) {
            return core::At(
                MakeError(ErrorCode::kFhirUnknownType, entry.type), entry.where + ".resource"
            );
        }
        if (put) {
            entry.kind = BundleEntry::Kind::kUpdate;
            if (!core::IsFhirId(entry.id)) {
                return Bad(entry.where, "resource.id = " + entry.id);
            }
            if (!url.empty() && url != LocalName(entry.type, entry.id)) {
                return Bad(entry.where, "request.url = " + std::string(url));
            }
            KQ_TRY(ReadIfMatch(request["ifMatch"].text(), entry));
            return {};
        }
        if (!url.empty() && url != entry.type) {
            return Bad(entry.where, "request.url = " + std::string(url));
        }
        entry.if_none_exist = request["ifNoneExist"].text();
        if (!entry.if_none_exist.empty()) {
            KQ_ASSIGN(entry.matched, MatchOne(reader_, entry.type, entry.if_none_exist));
        }
        entry.id = ids_.Next();
        return {};
    }

    static core::Status ReadIfMatch(std::string_view text, BundleEntry& entry) {
        if (text.empty()) {
            return {};
        }
        if (text.size() < 4 || text.substr(0, 3) != "W/\"" || text.back() != '"') {
            return Bad(entry.where, "request.ifMatch = " + std::string(text));
        }
        std::int64_t version = 0;
        for (const char c : text.substr(3, text.size() - 4)) {
            if (c < '0' || c > '9' || version > 1'000'000'000) {
                return Bad(entry.where, "request.ifMatch = " + std::string(text));
            }
            version = version * 10 + (c - '0');
        }
        entry.if_match = version;
        return {};
    }

    // Second pass: references and content, once every id is known.
    core::Status Fill(JsonNode node, BundleEntry& entry) {
        if (entry.kind == BundleEntry::Kind::kDelete || !entry.matched.empty()) {
            return {};
        }
        const std::string where = entry.where + ".resource";
        const JsonNode resource = node["resource"];
        KQ_ASSIGN(const auto rewritten, Rewritten(resource, where));
        KQ_ASSIGN(
            entry.prepared,
            Prepare(indexer_, rewritten ? rewritten->root() : resource, entry.id, where)
        );
        return {};
    }

    // The resource with its references to other entries and its conditional references replaced by
    // local ones; null when there are none.
    core::Result<std::unique_ptr<const core::JsonDocument>>
    Rewritten(JsonNode resource, const std::string& where) {
        std::string text;
        const std::string_view source = resource.raw();
        std::size_t copied = 0;
        for (const JsonNode reference : fhir::ReferencesOf(resource)) {
            KQ_ASSIGN(const std::string target, TargetOf(reference.text(), where));
            if (target.empty()) {
                continue;
            }
            const auto at = static_cast<std::size_t>(reference.raw().data() - source.data());
            text.append(source.substr(copied, at - copied));
            core::AppendJsonString(target, text);
            copied = at + reference.raw().size();
        }
        if (copied == 0) {
            return std::unique_ptr<const core::JsonDocument>();
        }
        text.append(source.substr(copied));
        return core::JsonDocument::Parse(std::move(text));
    }

    // "Type/id" for what must be replaced, empty for what stays.
    core::Result<std::string> TargetOf(std::string_view text, const std::string& where) {
        const auto named = names_.find(std::string(text));
        if (named != names_.end()) {
            return named->second;
        }
        const fhir::Reference reference = fhir::ParseReference(text);
        if (reference.kind == fhir::Reference::Kind::kUrn) {
            return core::At(MakeError(ErrorCode::kReferenceUnresolved, std::string(text)), where);
        }
        if (reference.kind != fhir::Reference::Kind::kConditional) {
            return std::string();
        }
        KQ_ASSIGN(const std::string id, MatchOne(reader_, reference.type, reference.query));
        if (id.empty()) {
            return core::At(MakeError(ErrorCode::kReferenceUnresolved, std::string(text)), where);
        }
        std::string target = LocalName(reference.type, id);
        names_[std::string(text)] = target;
        out_.criteria.push_back(
            {where, std::string(reference.type), std::string(reference.query), id}
        );
        return target;
    }

    JsonNode bundle_;
    bool lenient_;
    const search::Indexer& indexer_;
    core::IdSource& ids_;
    store::Reader& reader_;
    PreparedBundle out_;
    std::map<std::string, std::string> names_;  // fullUrl or criteria -> Type/id
    std::set<std::string> targets_;
};

}  // namespace

core::Result<PreparedBundle> PrepareBundle(
    JsonNode bundle,
    bool lenient,
    const search::Indexer& indexer,
    core::IdSource& ids,
    store::Reader& reader
) {
    return BundleReader(bundle, lenient, indexer, ids, reader).Run();
}

}  // namespace kangqu::records
