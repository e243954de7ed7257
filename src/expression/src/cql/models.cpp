#include "cql/models.hpp"

#include <algorithm>
#include <array>

namespace kangqu::expression {

namespace {

// QI-Core 6 (US Core 6 below it): the profiles whose names are not those of FHIR types. A profile
// that fixes one element's value takes only resources with that value; categories are not asked
// for, because senders leave them out.
constexpr auto kProfiles = std::to_array<ProfileFacts>({
    {"AllergyIntoleranceNoKnownAllergy", "AllergyIntolerance", "", ""},
    {"CommunicationDone", "Communication", "", ""},
    {"CommunicationNotDone", "Communication", "status", "not-done"},
    {"ConditionEncounterDiagnosis", "Condition", "", ""},
    {"ConditionProblemsHealthConcerns", "Condition", "", ""},
    {"DeviceNotRequested", "DeviceRequest", "", ""},
    {"DeviceProhibited", "DeviceRequest", "", ""},
    {"DiagnosticReportLab", "DiagnosticReport", "", ""},
    {"DiagnosticReportNote", "DiagnosticReport", "", ""},
    {"ImmunizationDone", "Immunization", "", ""},
    {"ImmunizationNotDone", "Immunization", "status", "not-done"},
    {"ImplantableDeviceProfile", "Device", "", ""},
    {"LaboratoryResultObservation", "Observation", "", ""},
    {"MedicationAdministrationNotDone", "MedicationAdministration", "status", "not-done"},
    {"MedicationDispenseDeclined", "MedicationDispense", "status", "declined"},
    {"MedicationDispenseNotDone", "MedicationDispense", "status", "declined"},
    {"MedicationNotRequested", "MedicationRequest", "doNotPerform", "true"},
    {"MedicationProhibited", "MedicationRequest", "doNotPerform", "true"},
    {"NonPatientObservation", "Observation", "", ""},
    {"NutritionNotRequested", "NutritionOrder", "", ""},
    {"NutritionProhibited", "NutritionOrder", "", ""},
    {"ObservationCancelled", "Observation", "status", "cancelled"},
    {"ObservationClinicalResult", "Observation", "", ""},
    {"ObservationScreeningAssessment", "Observation", "", ""},
    {"ProcedureNotDone", "Procedure", "status", "not-done"},
    {"ServiceNotRequested", "ServiceRequest", "doNotPerform", "true"},
    {"ServiceProhibited", "ServiceRequest", "doNotPerform", "true"},
    {"SimpleObservation", "Observation", "", ""},
    {"TaskNotRequested", "Task", "", ""},
    {"TaskRejected", "Task", "status", "rejected"},
    {"USCoreBMIProfile", "Observation", "code", "39156-5"},
    {"USCoreBloodPressureProfile", "Observation", "code", "85354-9"},
    {"USCoreBodyHeightProfile", "Observation", "code", "8302-2"},
    {"USCoreBodyTemperatureProfile", "Observation", "code", "8310-5"},
    {"USCoreBodyWeightProfile", "Observation", "code", "29463-7"},
    {"USCoreDiagnosticReportProfileLaboratoryReporting", "DiagnosticReport", "", ""},
    {"USCoreDiagnosticReportProfileNoteExchange", "DiagnosticReport", "", ""},
    {"USCoreDocumentReferenceProfile", "DocumentReference", "", ""},
    {"USCoreHeadCircumferenceProfile", "Observation", "code", "9843-4"},
    {"USCoreHeartRateProfile", "Observation", "code", "8867-4"},
    {"USCoreImplantableDeviceProfile", "Device", "", ""},
    {"USCoreLaboratoryResultObservationProfile", "Observation", "", ""},
    {"USCoreObservationClinicalResultProfile", "Observation", "", ""},
    {"USCoreObservationOccupationProfile", "Observation", "code", "11341-5"},
    {"USCoreObservationPregnancyIntentProfile", "Observation", "code", "86645-9"},
    {"USCoreObservationPregnancyStatusProfile", "Observation", "code", "82810-3"},
    {"USCoreObservationScreeningAssessmentProfile", "Observation", "", ""},
    {"USCoreObservationSexualOrientationProfile", "Observation", "code", "76690-7"},
    {"USCorePediatricBMIforAgeObservationProfile", "Observation", "code", "59576-9"},
    {"USCorePediatricHeadOccipitalFrontalCircumferencePercentileProfile",
     "Observation",
     "code",
     "8289-1"},
    {"USCorePediatricWeightForHeightObservationProfile", "Observation", "code", "77606-2"},
    {"USCorePulseOximetryProfile", "Observation", "code", "59408-5"},
    {"USCoreRespiratoryRateProfile", "Observation", "code", "9279-1"},
    {"USCoreSimpleObservationProfile", "Observation", "", ""},
    {"USCoreSmokingStatusProfile", "Observation", "code", "72166-2"},
    {"USCoreVitalSignsProfile", "Observation", "", ""},
});

// Elements of QI-Core 6 that FHIR carries as extensions.
constexpr auto kExtensionElements = std::to_array<ExtensionElement>({
    {"Patient", "race", "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race", false},
    {"Patient",
     "ethnicity",
     "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity",
     false},
    {"Patient",
     "birthsex",
     "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex",
     false},
    {"Patient", "sex", "http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex", false},
    {"Patient",
     "genderIdentity",
     "http://hl7.org/fhir/us/core/StructureDefinition/us-core-genderIdentity",
     true},
    {"Patient",
     "tribalAffiliation",
     "http://hl7.org/fhir/us/core/StructureDefinition/us-core-tribal-affiliation",
     true},
    {"Patient", "religion", "http://hl7.org/fhir/StructureDefinition/patient-religion", false},
    {"Patient", "nationality", "http://hl7.org/fhir/StructureDefinition/patient-nationality", true},
    {"Patient", "disability", "http://hl7.org/fhir/StructureDefinition/patient-disability", true},
    {"Patient",
     "congregation",
     "http://hl7.org/fhir/StructureDefinition/patient-congregation",
     false},
    {"Patient",
     "cadavericDonor",
     "http://hl7.org/fhir/StructureDefinition/patient-cadavericDonor",
     false},
    {"Procedure",
     "recorded",
     "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-recorded",
     false},
    {"MedicationAdministration",
     "recorded",
     "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-recorded",
     false},
    {"MedicationDispense",
     "recorded",
     "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-recorded",
     false},
    {"Communication",
     "recorded",
     "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-recorded",
     false},
    {"Immunization",
     "isElective",
     "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-isElective",
     false},
    {"ServiceRequest",
     "isElective",
     "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-isElective",
     false},
    {"Observation",
     "notDoneReason",
     "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-notDoneReason",
     false},
    {"Observation",
     "statusReason",
     "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-notDoneReason",
     false},
    {"ServiceRequest",
     "reasonRefused",
     "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-doNotPerformReason",
     true},
    {"DeviceRequest",
     "reasonRefused",
     "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-doNotPerformReason",
     true},
    {"DeviceRequest",
     "doNotPerform",
     "http://hl7.org/fhir/StructureDefinition/request-doNotPerform",
     false},
    {"DeviceRequest",
     "doNotPerformReason",
     "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-doNotPerformReason",
     true},
    {"Task",
     "reasonRejected",
     "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-doNotPerformReason",
     true},
    {"Encounter.diagnosis",
     "presentOnAdmission",
     "http://hl7.org/fhir/us/qicore/StructureDefinition/"
     "qicore-encounter-diagnosisPresentOnAdmission",
     false},
    {"Encounter",
     "procedure",
     "http://hl7.org/fhir/us/qicore/StructureDefinition/qicore-encounter-procedure",
     true},
    {"AllergyIntolerance",
     "resolutionAge",
     "http://hl7.org/fhir/StructureDefinition/allergyintolerance-resolutionAge",
     false},
    {"AllergyIntolerance",
     "substanceExposureRisk",
     "http://hl7.org/fhir/StructureDefinition/allergyintolerance-substanceExposureRisk",
     false},
});

// Primary code paths of the FHIR model that are not `code`.
struct PrimaryPath {
    std::string_view type;
    std::string_view path;
};
constexpr auto kPrimaryPaths = std::to_array<PrimaryPath>({
    {"AdverseEvent", "event"},
    {"Appointment", "serviceType"},
    {"BodyStructure", "location"},
    {"CarePlan", "category"},
    {"CareTeam", "category"},
    {"Claim", "type"},
    {"ClaimResponse", "type"},
    {"Communication", "reasonCode"},
    {"CommunicationRequest", "reasonCode"},
    {"Composition", "type"},
    {"Consent", "category"},
    {"Coverage", "type"},
    {"Device", "type"},
    {"DocumentReference", "type"},
    {"Encounter", "type"},
    {"EpisodeOfCare", "type"},
    {"ExplanationOfBenefit", "type"},
    {"FamilyMemberHistory", "relationship"},
    {"Goal", "category"},
    {"HealthcareService", "type"},
    {"ImagingStudy", "procedureCode"},
    {"Immunization", "vaccineCode"},
    {"ImmunizationRecommendation", "recommendation.vaccineCode"},
    {"Location", "type"},
    {"MedicationAdministration", "medication"},
    {"MedicationDispense", "medication"},
    {"MedicationRequest", "medication"},
    {"MedicationStatement", "medication"},
    {"Organization", "type"},
    {"Provenance", "activity"},
    {"RelatedPerson", "relationship"},
    {"Schedule", "serviceType"},
    {"Slot", "serviceType"},
    {"Specimen", "type"},
});

}  // namespace

std::optional<Model> FindModel(std::string_view name, std::string_view version) {
    if (name.empty() || name == "FHIR") {
        return version.empty() || version.starts_with("4.0") ? std::optional(Model::kFhir)
                                                             : std::nullopt;
    }
    if (name == "QICore" || name == "USCore" || name == "QUICK") {
        return Model::kQiCore;
    }
    return std::nullopt;
}

const ProfileFacts* FindProfile(Model model, std::string_view name) {
    if (model != Model::kQiCore) {
        return nullptr;
    }
    const auto at = std::lower_bound(
        kProfiles.begin(),
        kProfiles.end(),
        name,
        [](const ProfileFacts& row, std::string_view key) { return row.name < key; }
    );
    return at != kProfiles.end() && at->name == name ? &*at : nullptr;
}

const ExtensionElement*
FindExtensionElement(Model model, fhir::TypeNumber type, std::string_view name) {
    if (model != Model::kQiCore || type == fhir::kNoType) {
        return nullptr;
    }
    for (const ExtensionElement& row : kExtensionElements) {
        if (row.name == name && row.type == fhir::TypeOf(type).name) {
            return &row;
        }
    }
    return nullptr;
}

fhir::TypeNumber FindModelType(Model model, std::string_view name) {
    const ProfileFacts* profile = FindProfile(model, name);
    return fhir::FindType(profile != nullptr ? profile->type : name);
}

std::string_view PrimaryCodePath(std::string_view type) {
    for (const PrimaryPath& row : kPrimaryPaths) {
        if (row.type == type) {
            return row.path;
        }
    }
    return "code";
}

}  // namespace kangqu::expression
