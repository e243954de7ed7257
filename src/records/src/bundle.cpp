#include "bundle.hpp"

#include "kangqu/fhir/resource.hpp"
#include "kangqu/records/entry.hpp"
#include "kangqu/records/patch.hpp"
#include "kangqu/records/records.hpp"

#include "links.hpp"
#include <set>

namespace kangqu::records {

namespace {

using core::ErrorCode;
using core::JsonNode;
using core::MakeError;

class BundleReader {
public:
    BundleReader(JsonNode bundle, bool lenient, const BundleContext& context)
        : bundle_(bundle),
          lenient_(lenient),
          context_(context),
          planner_(context.reader, context.indexer, context.ids, context.restriction) {}

    core::Result<PreparedBundle> Run() {
        KQ_TRY(CheckKind());
        changes_.reserve(bundle_["entry"].size());
        std::size_t index = 0;
        for (JsonNode entry = bundle_["entry"].first(); entry; entry = entry.next()) {
            KQ_TRY(Plan(entry, "Bundle.entry[" + std::to_string(index) + "]"));
            ++index;
        }
        index = 0;
        for (JsonNode entry = bundle_["entry"].first(); entry; entry = entry.next()) {
            if (changes_[index]) {
                KQ_TRY(Fill(entry, *changes_[index], *out_.entries[index]));
            }
            ++index;
        }
        return std::move(out_);
    }

private:
    core::Status CheckKind() const {
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
        return CheckBundleSize(bundle_);
    }

    // First pass: what each entry does and under which id.
    core::Status Plan(JsonNode node, const std::string& where) {
        const bool lenient = lenient_ && bundle_["type"].text() != "transaction";
        KQ_ASSIGN(auto change, ReadEntry(node, where, lenient));
        changes_.push_back(change);
        out_.entries.emplace_back();
        if (!change) {
            return {};
        }
        auto identified = planner_.Identify(*change);
        if (!identified.ok()) {
            return Within(std::move(identified).error(), where);
        }
        Planned planned = std::move(identified).value();
        if (!planned.settled && !targets_.insert(LocalName(planned.type, planned.id)).second) {
            return core::At(
                MakeError(
                    ErrorCode::kBundleBadEntry,
                    std::to_string(out_.entries.size() - 1),
                    LocalName(planned.type, planned.id) + " occurs twice"
                ),
                where
            );
        }
        const std::string_view full_url = node["fullUrl"].text();
        if (!full_url.empty() && planned.kind != Change::Kind::kDelete) {
            links_.Add(std::string(full_url), LocalName(planned.type, planned.id));
        }
        out_.entries.back() = std::move(planned);
        return {};
    }

    // Second pass: links and content, once every id is known.
    core::Status Fill(JsonNode node, Change& change, Planned& planned) {
        if (planned.settled || planned.kind == Change::Kind::kDelete) {
            return {};
        }
        const std::string where = change.path;
        KQ_ASSIGN(
            const auto rewritten,
            links_.Rewrite(
                change.resource,
                node["fullUrl"].text(),
                [&](std::string_view text) { return TargetOf(text, where); }
            )
        );
        const JsonNode resource = rewritten ? rewritten->root() : change.resource;
        if (planned.kind == Change::Kind::kPatch) {
            KQ_ASSIGN(change.patch, PatcherOf(resource));
        }
        const core::Status filled = planner_.Fill(change, resource, planned);
        return filled.ok() ? core::Status{} : core::Status{Within(filled.error(), where)};
    }

    // "Type/id" for what must be replaced, empty for what stays.
    core::Result<std::string> TargetOf(std::string_view text, const std::string& where) {
        const fhir::Reference reference = fhir::ParseReference(text);
        if (reference.kind == fhir::Reference::Kind::kUrn) {
            return core::At(MakeError(ErrorCode::kReferenceUnresolved, std::string(text)), where);
        }
        if (reference.kind != fhir::Reference::Kind::kConditional) {
            return std::string();
        }
        auto id = MatchOne(context_.reader, context_.restriction, reference.type, reference.query);
        if (!id.ok()) {
            return Within(std::move(id).error(), where);
        }
        if (id->empty()) {
            return core::At(MakeError(ErrorCode::kReferenceUnresolved, std::string(text)), where);
        }
        std::string target = LocalName(reference.type, *id);
        links_.Add(std::string(text), target);
        out_.criteria.push_back(
            {where, std::string(reference.type), std::string(reference.query), *id}
        );
        return target;
    }

    JsonNode bundle_;
    bool lenient_;
    const BundleContext& context_;
    Planner planner_;
    PreparedBundle out_;
    std::vector<std::optional<Change>> changes_;
    Links links_;
    std::set<std::string> targets_;
};

}  // namespace

core::Status CheckBundleSize(JsonNode bundle) {
    if (bundle["entry"].size() > kMaxBundleEntries) {
        return core::At(
            MakeError(
                ErrorCode::kTooLarge,
                std::to_string(bundle["entry"].size()) + " entries",
                std::to_string(kMaxBundleEntries) + " entries"
            ),
            "Bundle.entry"
        );
    }
    return {};
}

core::Result<PreparedBundle>
PrepareBundle(JsonNode bundle, bool lenient, const BundleContext& context) {
    return BundleReader(bundle, lenient, context).Run();
}

}  // namespace kangqu::records
