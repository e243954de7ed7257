#include "kangqu/measure/subject.hpp"

#include "kangqu/expression/catalogue.hpp"
#include "kangqu/expression/cql.hpp"
#include "kangqu/fhir/definitions.hpp"

#include "logic.hpp"

namespace kangqu::measure {

namespace {

using expression::Kind;
using expression::Value;

class RecordSource final : public expression::DataSource {
public:
    explicit RecordSource(const SubjectRecords& records) : records_(records) {}
    void Retrieve(fhir::TypeNumber type, const expression::CodeFilter&, const Visitor& visit)
        const override {
        const std::string_view name = fhir::TypeOf(type).name;
        for (const core::JsonNode resource : records_.resources()) {
            if (resource["resourceType"].text() == name) {
                visit(resource);
            }
        }
    }

private:
    const SubjectRecords& records_;
};

// The text of a list item: a System string or a FHIR primitive.
std::string_view TextOf(const Value& value) {
    if (value.is(Kind::kString)) {
        return value.text();
    }
    return value.is(Kind::kNode) ? value.node().text() : std::string_view{};
}

// Null counts as not in the population, as FHIR's measure specification has it.
bool IsTrue(const Value& value) {
    return (value.is(Kind::kBoolean) && value.boolean()) ||
           (value.is(Kind::kNode) && value.node().boolean());
}

class CqlJudge final : public SubjectJudge {
public:
    // `sets` are those that `environment` points to.
    CqlJudge(
        const Logic& logic,
        const Period& period,
        const expression::Environment& environment,
        std::unique_ptr<const expression::CatalogueValueSets> sets
    )
        : logic_(logic),
          sets_(std::move(sets)),
          environment_(environment),
          session_(logic.library(), environment_),
          period_(period) {}

    core::Status Prepare() {
        for (const auto& parameter : logic_.library().parameters()) {
            if (parameter.name == "Measurement Period") {
                return session_.SetParameter(
                    parameter.name, session_.PeriodOfDays(period_.from, period_.to)
                );
            }
        }
        return {};
    }

    core::Result<SubjectResult> Judge(const SubjectRecords& records) override {
        const RecordSource source(records);
        session_.Begin(records.patient(), source);
        SubjectResult result;
        for (const auto& [bit, definition] : logic_.populations()) {
            KQ_ASSIGN(const Value value, session_.Evaluate(definition));
            if (IsTrue(value)) {
                result.populations = static_cast<std::uint8_t>(result.populations | bit);
            }
        }
        for (const std::uint32_t definition : logic_.reasons()) {
            KQ_ASSIGN(const Value value, session_.Evaluate(definition));
            for (const Value& item : expression::ItemsOf(value)) {
                if (const std::string_view code = TextOf(item); !code.empty()) {
                    result.reasons.emplace_back(code);
                }
            }
        }
        return result;
    }

private:
    const Logic& logic_;
    std::unique_ptr<const expression::CatalogueValueSets> sets_;
    const expression::Environment environment_;
    expression::CqlSession session_;
    const Period period_;
};

}  // namespace

core::Status SubjectRecords::Add(std::string_view json) {
    KQ_ASSIGN(auto document, core::JsonDocument::Parse(std::string(json)));
    const core::JsonNode root = document->root();
    if (root["resourceType"].text() == "Patient") {
        patient_ = root;
    }
    resources_.push_back(root);
    documents_.push_back(std::move(document));
    return {};
}

void SubjectRecords::Clear() {
    resources_.clear();
    documents_.clear();
    patient_ = core::JsonNode();
}

core::Result<std::unique_ptr<SubjectJudge>> SubjectJudge::Make(
    const Measure& measure,
    const Period& period,
    core::InstantMs now,
    std::shared_ptr<const terminology::Catalogue> catalogue
) {
    expression::Environment environment;
    environment.now = core::Temporal::OfInstant(now, core::kChinaOffsetMinutes);
    std::unique_ptr<const expression::CatalogueValueSets> sets;
    if (catalogue) {
        sets = std::make_unique<const expression::CatalogueValueSets>(std::move(catalogue));
        environment.value_sets = sets.get();
    }
    auto judge = std::make_unique<CqlJudge>(*measure.logic, period, environment, std::move(sets));
    KQ_TRY(judge->Prepare());
    return std::unique_ptr<SubjectJudge>(std::move(judge));
}

const std::vector<std::string>& TypesRead(const Measure& measure) noexcept {
    return measure.logic->types_read();
}

}  // namespace kangqu::measure
