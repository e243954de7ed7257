// Libraries that go with QI-Core, in CQL. They stand in when a source does not bring its own.
#include "cql/models.hpp"

namespace kangqu::expression {

namespace {

constexpr std::string_view kQiCoreCommon = R"cql(
library QICoreCommon version '4.0.000'
using QICore version '6.0.0'
include FHIRHelpers

codesystem "ConditionClinicalStatusCodes": 'http://terminology.hl7.org/CodeSystem/condition-clinical'
codesystem "ConditionCategory": 'http://terminology.hl7.org/CodeSystem/condition-category'
codesystem "USCoreConditionCategoryExtensionCodes": 'http://hl7.org/fhir/us/core/CodeSystem/condition-category'
codesystem "ObservationCategoryCodes": 'http://terminology.hl7.org/CodeSystem/observation-category'
codesystem "MedicationRequestCategory": 'http://terminology.hl7.org/CodeSystem/medicationrequest-category'

code "active": 'active' from "ConditionClinicalStatusCodes"
code "recurrence": 'recurrence' from "ConditionClinicalStatusCodes"
code "relapse": 'relapse' from "ConditionClinicalStatusCodes"
code "problem-list-item": 'problem-list-item' from "ConditionCategory"
code "encounter-diagnosis": 'encounter-diagnosis' from "ConditionCategory"
code "health-concern": 'health-concern' from "USCoreConditionCategoryExtensionCodes"
code "social-history": 'social-history' from "ObservationCategoryCodes"
code "vital-signs": 'vital-signs' from "ObservationCategoryCodes"
code "imaging": 'imaging' from "ObservationCategoryCodes"
code "laboratory": 'laboratory' from "ObservationCategoryCodes"
code "procedure": 'procedure' from "ObservationCategoryCodes"
code "survey": 'survey' from "ObservationCategoryCodes"
code "exam": 'exam' from "ObservationCategoryCodes"
code "therapy": 'therapy' from "ObservationCategoryCodes"
code "activity": 'activity' from "ObservationCategoryCodes"
code "Community": 'community' from "MedicationRequestCategory"
code "Discharge": 'discharge' from "MedicationRequestCategory"

context Patient

define fluent function hasCategory(resource Any, category Code):
  exists (resource.category C where C ~ category)
define fluent function isActive(condition Condition):
  condition.clinicalStatus ~ "active" or condition.clinicalStatus ~ "recurrence"
    or condition.clinicalStatus ~ "relapse"
define fluent function isProblemListItem(condition Condition): condition.hasCategory("problem-list-item")
define fluent function isEncounterDiagnosis(condition Condition): condition.hasCategory("encounter-diagnosis")
define fluent function isHealthConcern(condition Condition): condition.hasCategory("health-concern")
define fluent function isSocialHistory(observation Observation): observation.hasCategory("social-history")
define fluent function isVitalSign(observation Observation): observation.hasCategory("vital-signs")
define fluent function isImaging(observation Observation): observation.hasCategory("imaging")
define fluent function isLaboratory(observation Observation): observation.hasCategory("laboratory")
define fluent function isProcedure(observation Observation): observation.hasCategory("procedure")
define fluent function isSurvey(observation Observation): observation.hasCategory("survey")
define fluent function isExam(observation Observation): observation.hasCategory("exam")
define fluent function isTherapy(observation Observation): observation.hasCategory("therapy")
define fluent function isActivity(observation Observation): observation.hasCategory("activity")
define fluent function isCommunity(request MedicationRequest): request.hasCategory("Community")
define fluent function isDischarge(request MedicationRequest): request.hasCategory("Discharge")
define fluent function doNotPerform(request DeviceRequest): request.doNotPerform

// A moment, a span, or an age of the patient, as a span of time.
define fluent function toInterval(choice Choice<DateTime, Quantity, Interval<DateTime>, Interval<Quantity>, Timing>):
  case
    when choice is DateTime then Interval[choice as DateTime, choice as DateTime]
    when choice is Interval<DateTime> then choice as Interval<DateTime>
    when choice is Quantity then
      Interval[Patient.birthDate + (choice as Quantity), Patient.birthDate + (choice as Quantity) + 1 year)
    when choice is Interval<Quantity> then
      Interval[Patient.birthDate + (choice.low as Quantity), Patient.birthDate + (choice.high as Quantity) + 1 year)
    when choice is Timing then
      Message(null, true, 'TIMING', 'Error', 'A Timing cannot be made a span of time')
    else null
  end
define function ToInterval(choice Choice<DateTime, Quantity, Interval<DateTime>, Interval<Quantity>, Timing>):
  choice.toInterval()

define fluent function abatementInterval(condition Condition):
  if condition.abatement is Interval<DateTime>
    then Interval[condition.abatement.low, condition.abatement.high)
    else condition.abatement.toInterval()
define function ToAbatementInterval(condition Condition): condition.abatementInterval()

// From onset to abatement; without an abatement known to be active, or open at the end.
define fluent function prevalenceInterval(condition Condition):
  if end of condition.abatementInterval() is null and not condition.isActive()
    then Interval[start of condition.onset.toInterval(), end of condition.abatementInterval())
    else Interval[start of condition.onset.toInterval(), end of condition.abatementInterval()]
define function ToPrevalenceInterval(condition Condition): condition.prevalenceInterval()

define fluent function getId(uri String): Last(Split(uri, '/'))
define function GetId(uri String): uri.getId()
define fluent function references(reference Reference, resource Resource):
  resource.id = Last(Split(reference.reference, '/'))
define fluent function references(reference Reference, resourceId String):
  resourceId = Last(Split(reference.reference, '/'))
define fluent function references(references List<Reference>, resource Resource):
  exists (references R where resource.id = Last(Split(R.reference, '/')))
define fluent function references(references List<Reference>, resourceId String):
  exists (references R where resourceId = Last(Split(R.reference, '/')))
define fluent function includesCode(codeList List<Concept>, code Code):
  exists (codeList C where C ~ code)

define fluent function hasStart(period Interval<DateTime>):
  not (start of period is null or start of period = minimum DateTime)
define function "HasStart"(period Interval<DateTime>): period.hasStart()
define fluent function hasEnd(period Interval<DateTime>):
  not (end of period is null or end of period = maximum DateTime)
define function "HasEnd"(period Interval<DateTime>): period.hasEnd()
define fluent function latest(choice Choice<DateTime, Quantity, Interval<DateTime>, Interval<Quantity>>):
  (choice.toInterval()) Span return if Span.hasEnd() then end of Span else start of Span
define function "Latest"(choice Choice<DateTime, Quantity, Interval<DateTime>, Interval<Quantity>>): choice.latest()
define fluent function earliest(choice Choice<DateTime, Quantity, Interval<DateTime>, Interval<Quantity>>):
  (choice.toInterval()) Span return if Span.hasStart() then start of Span else end of Span
define function "Earliest"(choice Choice<DateTime, Quantity, Interval<DateTime>, Interval<Quantity>>): choice.earliest()

define fluent function toDayNumbers(span Interval<DateTime>):
  (expand { Interval[1, duration in days between start of span and end of span] }) Day return end of Day
define function "Interval To Day Numbers"(span Interval<DateTime>): span.toDayNumbers()
define fluent function daysInPeriod(span Interval<DateTime>):
  (span.toDayNumbers()) Day
    let first: start of span + (24 hours * (Day - 1)),
      last: if hours between first and end of span < 24 then first else start of span + (24 hours * Day)
    return Tuple { dayIndex: Day, dayPeriod: Interval[first, last) }
define function "Days In Period"(span Interval<DateTime>): span.daysInPeriod()
)cql";

constexpr std::string_view kCqmCommon = R"cql(
library CQMCommon version '4.0.000'
using QICore version '6.0.0'
include FHIRHelpers
include QICoreCommon

codesystem "Diagnosis Type": 'http://terminology.hl7.org/CodeSystem/ex-diagnosistype'
codesystem "Procedure Type": 'http://terminology.hl7.org/CodeSystem/ex-procedure-type'
valueset "Emergency Department Visit": 'http://cts.nlm.nih.gov/fhir/ValueSet/2.16.840.1.113883.3.117.1.7.1.292'
valueset "Encounter Inpatient": 'http://cts.nlm.nih.gov/fhir/ValueSet/2.16.840.1.113883.3.666.5.307'
valueset "Intensive Care Unit": 'http://cts.nlm.nih.gov/fhir/ValueSet/2.16.840.1.113762.1.4.1029.206'
valueset "Observation Services": 'http://cts.nlm.nih.gov/fhir/ValueSet/2.16.840.1.113762.1.4.1111.143'
code "Principal Diagnosis": 'principal' from "Diagnosis Type"
code "Primary procedure": 'primary' from "Procedure Type"

parameter "Measurement Period" Interval<DateTime>

context Patient

define "Inpatient Encounter":
  [Encounter: "Encounter Inpatient"] E
    where E.status = 'finished' and E.period ends during day of "Measurement Period"

define function "ToDateInterval"(period Interval<DateTime>):
  Interval[date from start of period, date from end of period]
define fluent function lengthInDays(span Interval<DateTime>):
  difference in days between start of span and end of span
define function "LengthInDays"(span Interval<DateTime>): span.lengthInDays()

// The last finished visit of these that ended in the hour before `moment`.
define private function visitBefore(visits List<Encounter>, moment DateTime):
  Last(visits V
    where V.status = 'finished' and V.period ends 1 hour or less on or before moment
    sort by end of period)
define fluent function edVisit(encounter Encounter):
  visitBefore([Encounter: "Emergency Department Visit"], start of encounter.period)
define function "ED Visit"(encounter Encounter): encounter.edVisit()
define fluent function hospitalization(encounter Encounter):
  Interval[Coalesce(start of (encounter.edVisit()).period, start of encounter.period), end of encounter.period]
define function "Hospitalization"(encounter Encounter): encounter.hospitalization()
define fluent function hospitalizationLocations(encounter Encounter):
  flatten { (encounter.edVisit()).location, encounter.location }
define function "Hospitalization Locations"(encounter Encounter): encounter.hospitalizationLocations()
define fluent function hospitalizationLengthOfStay(encounter Encounter):
  (encounter.hospitalization()).lengthInDays()
define function "Hospitalization Length of Stay"(encounter Encounter): encounter.hospitalizationLengthOfStay()
define fluent function hospitalAdmissionTime(encounter Encounter): start of (encounter.hospitalization())
define function "Hospital Admission Time"(encounter Encounter): encounter.hospitalAdmissionTime()
define fluent function hospitalDischargeTime(encounter Encounter): end of encounter.period
define function "Hospital Discharge Time"(encounter Encounter): encounter.hospitalDischargeTime()
define fluent function hospitalArrivalTime(encounter Encounter):
  start of First((encounter.hospitalizationLocations()) L sort by start of period).period
define function "Hospital Arrival Time"(encounter Encounter): encounter.hospitalArrivalTime()
define fluent function hospitalDepartureTime(encounter Encounter):
  end of Last((encounter.hospitalizationLocations()) L sort by start of period).period
define function "Hospital Departure Time"(encounter Encounter): encounter.hospitalDepartureTime()
define fluent function emergencyDepartmentArrivalTime(encounter Encounter):
  start of (singleton from ((encounter.hospitalizationLocations()) L
    where L.location.getLocation().type in "Emergency Department Visit")).period
define fluent function hospitalizationWithObservation(encounter Encounter):
  encounter Visit
    let observed: Coalesce(
          start of (visitBefore([Encounter: "Observation Services"], start of Visit.period)).period,
          start of Visit.period)
    return Interval[
      Coalesce(start of (visitBefore([Encounter: "Emergency Department Visit"], observed)).period, observed),
      end of Visit.period]
define function "HospitalizationWithObservation"(encounter Encounter): encounter.hospitalizationWithObservation()
define fluent function hospitalizationWithObservationLengthofStay(encounter Encounter):
  (encounter.hospitalizationWithObservation()).lengthInDays()
define fluent function firstInpatientIntensiveCareUnit(encounter Encounter):
  First((encounter.location) L
    where L.location.getLocation().type in "Intensive Care Unit" and L.period during encounter.period
    sort by start of period)

define fluent function getCondition(reference Reference):
  singleton from ([Condition] C where reference.references(C))
define function "GetCondition"(reference Reference): reference.getCondition()
define fluent function getLocation(reference Reference):
  singleton from ([Location] L where reference.references(L))
define function "GetLocation"(reference Reference): reference.getLocation()
define fluent function getMedicationCode(request MedicationRequest):
  if request.medication is Concept then request.medication as Concept
  else (singleton from ([Medication] M where request.medication.references(M))).code
define function "GetMedicationCode"(request MedicationRequest): request.getMedicationCode()
define fluent function encounterDiagnosis(encounter Encounter):
  encounter.reasonReference R return R.getCondition()
define function "EncounterDiagnosis"(encounter Encounter):
  encounter.diagnosis D return D.condition.getCondition()
define fluent function claimDiagnosis(encounter Encounter):
  encounter E
    let claim: ([Claim] C where C.status = 'active' and C.use = 'claim'
          and exists (C.item I where I.encounter.references(E))),
      claimItem: (claim.item I where I.encounter.references(E))
    return claim.diagnosis D where D.sequence in claimItem.diagnosisSequence
define fluent function principalDiagnosis(encounter Encounter):
  singleton from ((encounter.claimDiagnosis()) D where D.type.includesCode("Principal Diagnosis"))
define fluent function hasPrincipalDiagnosisOf(encounter Encounter, valueSet ValueSet):
  (encounter.principalDiagnosis()) D
    return D.diagnosis in valueSet or D.diagnosis.getCondition().code in valueSet
define fluent function isDiagnosisPresentOnAdmission(encounter Encounter, diagnoses ValueSet, indicators ValueSet):
  exists ((encounter.claimDiagnosis()) D
    where D.onAdmission in indicators
      and (D.diagnosis in diagnoses or D.diagnosis.getCondition().code in diagnoses))
define fluent function principalProcedure(encounter Encounter):
  encounter E
    let claim: ([Claim] C where C.status = 'active' and C.use = 'claim'
          and exists (C.item I where I.encounter.references(E))),
      claimItem: (claim.item I where I.encounter.references(E))
    return singleton from (claim.procedure P
      where P.sequence in claimItem.procedureSequence and P.type.includesCode("Primary procedure"))
)cql";

}  // namespace

std::string_view BuiltInLibrary(std::string_view name) {
    if (name == "QICoreCommon") {
        return kQiCoreCommon;
    }
    return name == "CQMCommon" ? kCqmCommon : std::string_view();
}

}  // namespace kangqu::expression
