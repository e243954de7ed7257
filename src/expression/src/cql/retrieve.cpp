// Retrieves: the records of a patient, by type and code.
#include "cql/cql_functions.hpp"
#include "cql/cql_run.hpp"
#include "cql/query_plan.hpp"
#include "navigate.hpp"

namespace kangqu::expression {

namespace {

// Whether a code matches: one of those wanted, or a member of the value set or code system.
bool IsWanted(
    std::string_view system,
    std::string_view code,
    const CodeFilter& filter,
    const ValueSets* sets
) {
    for (const Code& wanted : filter.codes) {
        if (wanted.code == code && wanted.system == system) {
            return true;
        }
    }
    if (filter.value_set == nullptr) {
        return false;
    }
    if (!filter.value_set->is_value_set) {
        return filter.value_set->id == system;
    }
    return sets != nullptr &&
           sets->Contains(filter.value_set->id, filter.value_set->version, system, code) ==
               ValueSets::Answer::kYes;
}

bool CodeIsOneOf(core::JsonNode coding, const CodeFilter& filter, const ValueSets* sets) {
    return IsWanted(coding["system"].text(), coding["code"].text(), filter, sets);
}

// One element of a coded path: CodeableConcept, Coding, or a code.
bool ElementMatches(
    core::JsonNode json,
    fhir::TypeNumber type,
    const CodeFilter& filter,
    const ValueSets* sets
) {
    if (type == Known().codeable_concept) {
        const core::JsonNode list = json["coding"];
        for (core::JsonNode coding = list.first(); coding; coding = coding.next()) {
            if (CodeIsOneOf(coding, filter, sets)) {
                return true;
            }
        }
        return false;
    }
    if (type == Known().coding) {
        return CodeIsOneOf(json, filter, sets);
    }
    for (const Code& wanted : filter.codes) {
        if (wanted.code == json.text()) {
            return true;
        }
    }
    return filter.value_set != nullptr && sets != nullptr &&
           sets->Contains(filter.value_set->id, filter.value_set->version, {}, json.text()) ==
               ValueSets::Answer::kYes;
}

bool Matches(
    core::JsonNode resource,
    const RetrievePlan& plan,
    const CodeFilter& filter,
    const ValueSets* sets
) {
    for (const fhir::ElementFacts& row : plan.rows) {
        const core::JsonNode json = resource[row.name];
        if (!json.is_array()) {
            if (json && ElementMatches(json, row.type, filter, sets)) {
                return true;
            }
            continue;
        }
        for (core::JsonNode item = json.first(); item; item = item.next()) {
            if (ElementMatches(item, row.type, filter, sets)) {
                return true;
            }
        }
    }
    return false;
}

// The same for a path of several steps: its value is computed.
bool ValueMatches(Evaluation& evaluation, const RetrievePlan& plan, const CodeFilter& filter) {
    const ValueSets* sets = evaluation.environment().value_sets;
    const Value found = evaluation.Run(plan.path_value);
    for (const Value& item : ItemsOf(found)) {
        const Value value = ToCql(evaluation, item);
        if (value.is(Kind::kCode)) {
            if (IsWanted(value.code().system, value.code().code, filter, sets)) {
                return true;
            }
        } else if (value.is(Kind::kConcept)) {
            for (const Code& code : value.concept_value().codes) {
                if (IsWanted(code.system, code.code, filter, sets)) {
                    return true;
                }
            }
        }
    }
    return false;
}

// Whether a resource is of the profile: its element has the fixed value.
bool IsOfProfile(core::JsonNode resource, const RetrievePlan& plan) {
    if (plan.element.empty()) {
        return true;
    }
    const core::JsonNode element = resource[plan.element];
    if (!element.is_object()) {
        return element.text() == plan.value;
    }
    const core::JsonNode codings = element["coding"];
    for (core::JsonNode coding = codings.first(); coding; coding = coding.next()) {
        if (coding["code"].text() == plan.value) {
            return true;
        }
    }
    return false;
}

// The patient that a retrieve with a context is about: of a Patient its own id, else the patient
// that the resource refers to.
std::string_view SubjectId(const Value& value) {
    const core::JsonNode json = value.is(Kind::kNode) ? value.node() : core::JsonNode();
    if (json["resourceType"].text() == "Patient") {
        return json["id"].text();
    }
    const std::string_view reference = json["patient"]["reference"].text();
    return reference.substr(reference.rfind('/') + 1);
}

// The terminology of a retrieve as a filter; false when it is null.
bool MakeFilter(Evaluation& evaluation, const PlanNode& node, const Value& terms, CodeFilter& out) {
    const Value value = ToCql(evaluation, terms);
    if (value.is(Kind::kVocabulary)) {
        out.value_set = &value.vocabulary();
        if (!out.value_set->is_value_set) {
            return true;
        }
        const ValueSets* sets = evaluation.environment().value_sets;
        const bool known =
            sets != nullptr && sets->Contains(out.value_set->id, out.value_set->version, {}, {}) !=
                                   ValueSets::Answer::kUnknownValueSet;
        if (!known) {
            evaluation.Fail(node, "value set " + std::string(out.value_set->id) + " is not known");
        }
        return known;
    }
    if (value.is(Kind::kCode)) {
        out.codes = std::span<const Code>(&value.code(), 1);
        return true;
    }
    if (value.is(Kind::kConcept)) {
        out.codes = value.concept_value().codes;
        return true;
    }
    if (!value.is(Kind::kList)) {
        return false;
    }
    auto* codes = evaluation.arena().Room<Code>(value.items().size());
    std::size_t count = 0;
    for (const Value& item : value.items()) {
        const Value code = ToCql(evaluation, item);
        if (code.is(Kind::kCode)) {
            codes[count++] = code.code();
        }
    }
    out.codes = std::span<const Code>(codes, count);
    return true;
}

// Records of all patients or of another one; false when there are none to be had.
bool RetrieveOthers(
    Evaluation& evaluation,
    const PlanNode& node,
    const CodeFilter& filter,
    const DataSource::Visitor& visit
) {
    const RetrievePlan& plan = evaluation.plan().retrieves[node.data];
    std::string_view patient;
    if (plan.subject != kNoNode) {
        const Value subject = evaluation.Run(plan.subject);
        patient = SubjectId(subject);
        if (evaluation.failed() || patient.empty()) {
            return !evaluation.failed();
        }
    }
    const DataSource* source = evaluation.cql->source;
    if (source == nullptr || !source->RetrieveOthers(patient, plan.type, filter, visit)) {
        evaluation.Fail(
            node,
            patient.empty() ? "the records of all patients are not at hand here"
                            : "the records of another patient are not at hand here"
        );
        return false;
    }
    return true;
}

}  // namespace

Value RunRetrieve(Evaluation& evaluation, const PlanNode& node) {
    const RetrievePlan& plan = evaluation.plan().retrieves[node.data];
    const CqlRun& run = *evaluation.cql;
    CodeFilter filter;
    const bool filtered = plan.terminology != kNoNode;
    if (filtered) {
        filter.path = plan.path;
        if (!MakeFilter(evaluation, node, evaluation.Run(plan.terminology), filter)) {
            return Value::List({});
        }
    }
    ListBuilder out(evaluation);
    const ValueSets* sets = evaluation.environment().value_sets;
    const auto visit = [&](core::JsonNode resource) {
        if (evaluation.failed() || !IsOfProfile(resource, plan)) {
            return;
        }
        const Value item = Value::Node(resource, plan.type);
        if (filtered && plan.path_value != kNoNode) {
            evaluation.slot(plan.item_slot) = item;
            if (!ValueMatches(evaluation, plan, filter)) {
                return;
            }
        } else if (filtered && !Matches(resource, plan, filter, sets)) {
            return;
        }
        out.Add(item);
    };
    if (plan.unfiltered || plan.subject != kNoNode) {
        return RetrieveOthers(evaluation, node, filter, visit) ? out.List() : Value();
    }
    if (plan.type == Known().patient) {
        if (!run.patient.is_null()) {
            visit(run.patient.node());
        }
        return out.List();
    }
    if (run.source == nullptr) {
        return evaluation.Fail(node, "there is no patient to retrieve records of");
    }
    run.source->Retrieve(plan.type, filter, visit);
    return out.List();
}

Value CodesOfValueSet(Evaluation& evaluation, const PlanNode& node, const Value& value_set) {
    if (!value_set.is(Kind::kVocabulary)) {
        return {};
    }
    const Vocabulary& set = value_set.vocabulary();
    const ValueSets* sets = evaluation.environment().value_sets;
    ListBuilder out(evaluation);
    const bool known = sets != nullptr && set.is_value_set &&
                       sets->Expand(set.id, set.version, [&](const Code& code) {
                           Code kept;
                           kept.code = evaluation.arena().Copy(code.code);
                           kept.system = evaluation.arena().Copy(code.system);
                           kept.version = evaluation.arena().Copy(code.version);
                           kept.display = evaluation.arena().Copy(code.display);
                           out.Add(Value::Of(evaluation.arena().New(kept)));
                       });
    if (!known) {
        return evaluation.Fail(
            node, "the codes of value set " + std::string(set.id) + " are not known"
        );
    }
    return out.List();
}

}  // namespace kangqu::expression
