#include "kangqu/fhir/resource.hpp"
#include "kangqu/resident/chart.hpp"

#include <algorithm>
#include <array>

namespace kangqu::resident {

namespace {

using core::JsonNode;

// text of a CodeableConcept: its own, else the first display, else the first code.
std::string_view TextOf(JsonNode concept_node) {
    if (!concept_node["text"].text().empty()) {
        return concept_node["text"].text();
    }
    for (JsonNode coding = concept_node["coding"].first(); coding; coding = coding.next()) {
        if (!coding["display"].text().empty()) {
            return coding["display"].text();
        }
    }
    return concept_node["coding"][0]["code"].text();
}

std::string_view First(std::initializer_list<std::string_view> texts) {
    for (const std::string_view text : texts) {
        if (!text.empty()) {
            return text;
        }
    }
    return {};
}

std::string OrganizationIn(JsonNode resource) {
    for (const std::string_view element :
         {"serviceProvider", "managingOrganization", "custodian", "performer"}) {
        JsonNode node = resource[element];
        if (node.is_array()) {
            node = node[0];
        }
        const JsonNode reference = node["actor"] ? node["actor"]["reference"] : node["reference"];
        const auto parsed = fhir::ParseReference(reference.text());
        if (parsed.type == "Organization") {
            return std::string(parsed.id);
        }
    }
    return {};
}

Value::Flag FlagOf(JsonNode holder) {
    const std::string_view code = holder["interpretation"][0]["coding"][0]["code"].text();
    if (code == "H" || code == "HH") {
        return Value::Flag::kHigh;
    }
    return code == "L" || code == "LL" ? Value::Flag::kLow : Value::Flag::kNone;
}

// The value of an Observation or of one of its components.
std::optional<Value> ValueOf(JsonNode holder) {
    Value value;
    value.name = TextOf(holder["code"]);
    value.flag = FlagOf(holder);
    if (const JsonNode quantity = holder["valueQuantity"]) {
        value.value = quantity["value"].text();
        value.unit = First({quantity["unit"].text(), quantity["code"].text()});
    } else if (const JsonNode concept_node = holder["valueCodeableConcept"]) {
        value.value = TextOf(concept_node);
    } else {
        value.value = First(
            {holder["valueString"].text(),
             holder["valueInteger"].text(),
             holder["valueBoolean"].text(),
             holder["valueDateTime"].text()}
        );
    }
    return value.value.empty() ? std::nullopt : std::optional(value);
}

void Observe(JsonNode resource, TimelineItem& item) {
    item.kind = "observation";
    item.title = TextOf(resource["code"]);
    item.date = First(
        {resource["effectiveDateTime"].text(),
         resource["effectivePeriod"]["start"].text(),
         resource["effectiveInstant"].text(),
         resource["issued"].text()}
    );
    if (auto value = ValueOf(resource)) {
        item.values.push_back(std::move(*value));
    }
    for (JsonNode part = resource["component"].first(); part; part = part.next()) {
        if (auto value = ValueOf(part)) {
            item.values.push_back(std::move(*value));
        }
    }
}

void Meet(JsonNode resource, TimelineItem& item) {
    item.kind = "encounter";
    const JsonNode kind = resource["class"];
    item.title = First({TextOf(resource["type"][0]), kind["display"].text(), kind["code"].text()});
    if (!TextOf(resource["type"][0]).empty()) {
        item.detail = First({kind["display"].text(), kind["code"].text()});
    }
    const std::string_view reason = TextOf(resource["reasonCode"][0]);
    if (!reason.empty()) {
        item.detail += item.detail.empty() ? "" : " · ";
        item.detail += reason;
    }
    item.date = resource["period"]["start"].text();
    item.end = resource["period"]["end"].text();
}

void Diagnose(JsonNode resource, TimelineItem& item) {
    item.kind = "condition";
    item.title = TextOf(resource["code"]);
    item.detail = resource["code"]["coding"][0]["code"].text();
    item.date = First({resource["onsetDateTime"].text(), resource["recordedDate"].text()});
    item.end = resource["abatementDateTime"].text();
}

void Enrol(JsonNode resource, TimelineItem& item) {
    item.kind = "episode";
    item.title = TextOf(resource["type"][0]);
    item.date = resource["period"]["start"].text();
    item.end = resource["period"]["end"].text();
    item.detail =
        First({resource["careManager"]["display"].text(), resource["team"][0]["display"].text()});
}

void Vaccinate(JsonNode resource, TimelineItem& item) {
    item.kind = "immunization";
    item.title = TextOf(resource["vaccineCode"]);
    item.date = First({resource["occurrenceDateTime"].text(), resource["recorded"].text()});
    const std::string_view dose = resource["protocolApplied"][0]["doseNumberPositiveInt"].text();
    item.detail = First({resource["lotNumber"].text(), dose});
}

void Perform(JsonNode resource, TimelineItem& item) {
    item.kind = "procedure";
    item.title = TextOf(resource["code"]);
    item.date =
        First({resource["performedDateTime"].text(), resource["performedPeriod"]["start"].text()});
    item.end = resource["performedPeriod"]["end"].text();
}

void Medicate(JsonNode resource, TimelineItem& item) {
    item.kind = "medication";
    item.title = First(
        {TextOf(resource["medicationCodeableConcept"]),
         resource["medicationReference"]["display"].text()}
    );
    item.date = First(
        {resource["authoredOn"].text(),
         resource["effectiveDateTime"].text(),
         resource["whenHandedOver"].text(),
         resource["effectivePeriod"]["start"].text()}
    );
    item.detail = resource["dosageInstruction"][0]["text"].text();
}

void Document(JsonNode resource, TimelineItem& item) {
    item.kind = "document";
    item.title =
        First({resource["description"].text(), TextOf(resource["type"]), TextOf(resource["code"])});
    item.date = First(
        {resource["date"].text(), resource["effectiveDateTime"].text(), resource["issued"].text()}
    );
}

// Dates that resource types without a rule of their own carry most often.
void Other(JsonNode resource, TimelineItem& item) {
    item.kind = "other";
    item.title = First(
        {TextOf(resource["code"]),
         TextOf(resource["category"][0]),
         TextOf(resource["type"]),
         item.type}
    );
    item.date = First(
        {resource["authoredOn"].text(),
         resource["date"].text(),
         resource["recordedDate"].text(),
         resource["created"].text(),
         resource["period"]["start"].text(),
         resource["started"].text(),
         resource["sent"].text(),
         resource["occurrenceDateTime"].text()}
    );
}

struct Rule {
    std::string_view type;
    void (*fill)(JsonNode, TimelineItem&);
};
constexpr std::array kRules = {
    Rule{"Encounter", Meet},
    Rule{"Observation", Observe},
    Rule{"Condition", Diagnose},
    Rule{"EpisodeOfCare", Enrol},
    Rule{"Immunization", Vaccinate},
    Rule{"Procedure", Perform},
    Rule{"MedicationRequest", Medicate},
    Rule{"MedicationStatement", Medicate},
    Rule{"MedicationDispense", Medicate},
    Rule{"MedicationAdministration", Medicate},
    Rule{"DocumentReference", Document},
    Rule{"DiagnosticReport", Document},
    Rule{"Composition", Document},
};

}  // namespace

std::optional<TimelineItem> ItemOf(JsonNode resource) {
    TimelineItem item;
    item.type = resource["resourceType"].text();
    if (item.type == "Patient" || item.type == "Provenance" || item.type == "AuditEvent") {
        return std::nullopt;
    }
    const auto* const rule = std::find_if(kRules.begin(), kRules.end(), [&](const Rule& one) {
        return one.type == item.type;
    });
    (rule == kRules.end() ? Other : rule->fill)(resource, item);
    if (item.title.empty()) {
        item.title = item.type;
    }
    item.organization = OrganizationIn(resource);
    return item;
}

}  // namespace kangqu::resident
