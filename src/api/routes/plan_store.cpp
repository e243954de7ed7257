#include "plan_store.hpp"

#include "kangqu/plan/resource.hpp"

namespace kangqu::api {

namespace {

core::Result<StoredPlan> Parsed(const records::Record& record) {
    KQ_ASSIGN(const auto json, core::JsonDocument::Parse(record.json));
    StoredPlan stored;
    stored.id = record.id;
    stored.version = record.version;
    stored.source_reference = plan::SourceReferenceOf(json->root());
    KQ_ASSIGN(stored.document, plan::FromPlanDefinition(json->root()));
    return stored;
}

}  // namespace

core::Result<StoredPlan> ReadStored(
    const PlanServices& services,
    const search::Restriction& restriction,
    std::string_view id
) {
    KQ_ASSIGN(
        const records::Record record, services.records.Read(restriction, "PlanDefinition", id)
    );
    return Parsed(record);
}

core::Result<StoredPlan> ReadStoredVersion(
    const PlanServices& services,
    const search::Restriction& restriction,
    std::string_view id,
    std::int64_t version
) {
    KQ_ASSIGN(
        const records::Record record,
        services.records.ReadVersion(restriction, "PlanDefinition", id, version)
    );
    return Parsed(record);
}

core::Result<std::string> SourceText(
    const PlanServices& services,
    const search::Restriction& restriction,
    const StoredPlan& stored
) {
    constexpr std::string_view kType = "DocumentReference/";
    if (stored.source_reference.substr(0, kType.size()) != kType) {
        return std::string();
    }
    KQ_ASSIGN(
        const records::Record record,
        services.records.Read(
            restriction, "DocumentReference", stored.source_reference.substr(kType.size())
        )
    );
    KQ_ASSIGN(const auto json, core::JsonDocument::Parse(record.json));
    return plan::SourceTextOf(json->root());
}

core::Result<std::int64_t> WriteNext(
    const PlanServices& services,
    const search::Restriction& restriction,
    const StoredPlan& stored,
    const plan::PlanDocument& document
) {
    KQ_ASSIGN(
        const auto json,
        core::JsonDocument::Parse(
            plan::ToPlanDefinition(document, stored.id, stored.source_reference)
        )
    );
    KQ_ASSIGN(
        const records::Receipt receipt,
        services.records.Update(
            restriction, "PlanDefinition", stored.id, json->root(), stored.version
        )
    );
    return receipt.version;
}

core::Status WriteAll(
    const PlanServices& services,
    const search::Restriction& restriction,
    const std::string& bundle
) {
    KQ_ASSIGN(const auto json, core::JsonDocument::Parse(bundle));
    KQ_ASSIGN(const auto receipts, services.records.Transaction(restriction, json->root()));
    static_cast<void>(receipts);
    return {};
}

plan::UnitNames UnitNamesOf(const PlanServices& services) {
    std::vector<plan::RegisteredUnit> registered;
    for (const timeline::Organization& one : services.measures.organizations.Tree()) {
        registered.push_back({one.id, one.name, {}});
    }
    return {services.organs, std::move(registered)};
}

std::vector<plan::LibraryEntry> LibraryOf(const PlanServices& services, core::Language language) {
    std::vector<plan::LibraryEntry> library;
    for (const measure::Pack& pack : services.measures.populations.packs()) {
        for (const measure::Measure& measure : pack.measures) {
            library.push_back({measure.id, pack.Text("measure." + measure.id + ".name", language)});
        }
    }
    return library;
}

core::Result<std::unique_ptr<const core::JsonDocument>> PlanBodyOf(const Request& request) {
    KQ_ASSIGN(auto json, core::JsonDocument::Parse(request.body));
    if (!json->root().is_object()) {
        return core::MakeError(core::ErrorCode::kInvalidArgument, "body", "{}");
    }
    return json;
}

}  // namespace kangqu::api
