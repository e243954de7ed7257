// Every definition for every patient, as a table.
#include "kangqu/expression/batch.hpp"
#include "kangqu/fhir/resource.hpp"

#include <map>

namespace kangqu::expression {

namespace {

using core::JsonNode;

class SubjectSource final : public DataSource {
public:
    SubjectSource(const CqlSubject& subject, const std::vector<CqlSubject>& all)
        : subject_(subject), all_(all) {}
    void Retrieve(fhir::TypeNumber type, const CodeFilter&, const Visitor& visit) const override {
        const std::string_view name = fhir::TypeOf(type).name;
        for (const JsonNode& resource : subject_.resources) {
            if (resource["resourceType"].text() == name) {
                visit(resource);
            }
        }
    }

    bool RetrieveOthers(
        std::string_view patient,
        fhir::TypeNumber type,
        const CodeFilter& filter,
        const Visitor& visit
    ) const override {
        for (const CqlSubject& subject : all_) {
            if (patient.empty() || subject.id == patient) {
                SubjectSource(subject, all_).Retrieve(type, filter, visit);
            }
        }
        return true;
    }

private:
    const CqlSubject& subject_;
    const std::vector<CqlSubject>& all_;
};

void AppendCell(std::string& row, std::string_view cell) {
    row += row.empty() ? "" : ",";
    if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
        row += cell;
        return;
    }
    row += '"';
    for (const char c : cell) {
        row += c == '"' ? "\"\"" : std::string(1, c);
    }
    row += '"';
}

// The id of the patient a resource belongs to, or empty.
std::string_view PatientOf(JsonNode resource) {
    if (resource["resourceType"].text() == "Patient") {
        return resource["id"].text();
    }
    for (const std::string_view element :
         {"subject", "patient", "beneficiary", "individual", "for"}) {
        const std::string_view text = resource[element]["reference"].text();
        const fhir::Reference reference = fhir::ParseReference(text);
        if (reference.type == "Patient") {
            return reference.id;
        }
        if (reference.kind == fhir::Reference::Kind::kUrn) {
            return text.substr(text.rfind(':') + 1);
        }
    }
    return {};
}

}  // namespace

std::vector<CqlSubject> GroupByPatient(const std::vector<JsonNode>& resources) {
    std::vector<CqlSubject> out;
    std::map<std::string_view, std::size_t> known;
    for (const JsonNode& resource : resources) {
        const std::string_view id = PatientOf(resource);
        if (id.empty()) {
            continue;
        }
        const auto [at, added] = known.emplace(id, out.size());
        if (added) {
            out.push_back({std::string(id), {}, {}});
        }
        CqlSubject& subject = out[at->second];
        if (resource["resourceType"].text() == "Patient") {
            subject.patient = resource;
        }
        subject.resources.push_back(resource);
    }
    return out;
}

core::Status CqlRunCsv(
    const CqlLibrary& library,
    const std::vector<CqlSubject>& subjects,
    const CqlRunOptions& options,
    const std::function<void(std::string_view)>& write
) {
    CqlSession session(library, options.environment);
    if (options.period) {
        const Value period = session.PeriodOfDays(options.period->first, options.period->second);
        for (const auto& parameter : library.parameters()) {
            if (parameter.name == "Measurement Period") {
                KQ_TRY(session.SetParameter(parameter.name, period));
            }
        }
    }
    const auto& definitions = library.definitions();
    std::string row = "patient_id";
    for (const auto& definition : definitions) {
        if (!definition.is_private) {
            AppendCell(row, definition.name);
        }
    }
    write(row + "\n");
    for (const CqlSubject& subject : subjects) {
        const SubjectSource source(subject, subjects);
        session.Begin(subject.patient, source);
        row.clear();
        AppendCell(row, subject.id);
        for (std::uint32_t i = 0; i < definitions.size(); ++i) {
            if (!definitions[i].is_private) {
                const auto value = session.Evaluate(i);
                AppendCell(row, value.ok() ? CqlCell(*value) : "#" + value.error().Line());
            }
        }
        write(row + "\n");
    }
    return {};
}

}  // namespace kangqu::expression
