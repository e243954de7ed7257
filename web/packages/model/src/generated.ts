// Generated from openapi.json by tools/generate-model.mjs; do not edit.

/** RFC 9457 problem */
export interface Problem {
  type: string
  title: string
  status: number
  detail?: string
  where?: string
}

export interface UnitRef {
  id: string
  name: string
}

export interface CodedText {
  code: string
  text: string
}

export interface User {
  name: string
  displayName: string
  role: string
  roleName: string
  organization: UnitRef | null
  practitioner: string | null
}

export interface Session {
  user: User
  authRequired: boolean
}

export interface Credentials {
  name: string
  password: string
}

export interface Unit {
  id: string
  name: string
  kind: 'commission' | 'centre' | 'station' | 'hospital' | 'other'
  parent: string | null
}

export interface UnitList {
  units: Unit[]
}

export interface Period {
  id: string
  name: string
  from: string
  to: string
  complete: boolean
}

export interface PeriodList {
  periods: Period[]
}

export interface PlanHead {
  id: string
  title: string
  issuer: string
  docNo: string
  date: string
  taskCount: number
  targetCount: number
}

export interface PlanList {
  plans: PlanHead[]
}

export interface Chapter {
  id: string
  heading: string
  level: number
  parent: string | null
}

export type TargetState = 'met' | 'onTrack' | 'behind' | 'notComputable'

export interface StateCounts {
  met: number
  onTrack: number
  behind: number
  notComputable: number
}

export interface ResponsibleUnit {
  name: string
  lead: number
  assist: number
  targets: number
  states: StateCounts
}

export interface PlanSummary {
  tasks: number
  targets: number
  met: number
  onTrack: number
  behind: number
  notComputable: number
}

export interface PlanTask {
  no: number
  chapter: string
  path: string[]
  title: string
  text: string
  leadUnit: string
  units: string[]
  mode: 'lead-first' | 'each-by-duty'
  targets: string[]
}

export type TargetValue = number | number[] | string

export interface TargetYear {
  year: number | null
  comparator: string
  value: TargetValue
  words: string
}

export interface Due {
  year: number | null
  value: TargetValue
  comparator: string
}

export interface HistoryPoint {
  period: string
  value: number | null
}

export interface Target {
  id: string
  task: number | null
  name: string
  comparator: string
  unit: string
  words: string
  attribute: string | null
  years: TargetYear[]
  measure: string | null
  value: number | null
  numerator: number | null
  denominator: number | null
  state: TargetState
  reason: CodedText | null
  due: Due | null
  expected: number | null
  history: HistoryPoint[]
}

export interface Plan {
  id: string
  title: string
  issuer: string
  docNo: string
  date: string
  position: number
  asOf: string
  period: Period
  chapters: Chapter[]
  units: ResponsibleUnit[]
  summary: PlanSummary
  tasks: PlanTask[]
  targets: Target[]
}

export interface PlanDocument {
  title: string
  text: string
}

export interface MeasureCounts {
  initialPopulation: number
  denominator: number
  denominatorExclusion: number
  numerator: number
  notMet: number
}

export interface MeasureReason {
  code: string
  text: string
  population: 'denominator-exclusion' | 'not-met' | 'not-in-denominator'
  count: number
}

export interface Stratum {
  unit: UnitRef
  denominator: number
  numerator: number
  value: number | null
}

export interface Measure {
  id: string
  name: string
  description: string
  numeratorText: string
  denominatorText: string
  exclusionText: string
  source: string
  basis: string
  denominatorSource: string
  unit: string
  packId: string
  packVersion: string
  cql: string
  period: Period
  position: number
  asOf: string
  ready: boolean
  value: number | null
  counts: MeasureCounts
  reasons: MeasureReason[]
  strata: Stratum[]
}

export type Sex = 'male' | 'female' | 'unknown' | 'other'

export interface ResidentRow {
  id: string
  name: string
  sex: Sex
  birthDate: string | null
  age: number | null
  idNumber: string
  phone: string
  unit: UnitRef | null
  community: string
  reasons?: CodedText[]
}

export interface MeasureResidents {
  total: number
  visible: number
  offset: number
  position: number
  asOf?: string
  items: ResidentRow[]
}

export interface ResidentList {
  total: number
  offset: number
  position: number
  asOf?: string
  items: ResidentRow[]
}

export interface Contract {
  team: string
  doctor: string
  from: string | null
  to: string | null
}

export interface Resident {
  id: string
  name: string
  sex: Sex
  birthDate: string | null
  age: number | null
  deceased: boolean | string | null
  idNumber: string
  phone: string
  address: string
  unit: UnitRef | null
  community: string
  recordNumber: string
  synthetic: boolean
  tags: CodedText[]
  contract: Contract | null
  version: number
  lastUpdated: string
}

export type TimelineKind = 'encounter' | 'observation' | 'condition' | 'episode' | 'procedure' | 'immunization' | 'medication' | 'document' | 'other'

export interface KindCount {
  kind: TimelineKind
  text: string
  count: number
}

export interface TimelineValue {
  name: string
  value: number | string
  unit: string
  flag: 'high' | 'low' | null
}

export interface ResourceRef {
  type: string
  id: string
  version: number
}

export interface TimelineItem {
  id: string
  kind: TimelineKind
  date: string
  end: string | null
  title: string
  detail: string
  unit: UnitRef | null
  values: TimelineValue[]
  resource: ResourceRef
}

export interface Timeline {
  total: number
  kinds: KindCount[]
  position: number
  asOf?: string
  items: TimelineItem[]
}

export interface ReadIndicator {
  name: string
  comparator: string
  value: TargetValue | null
  unit: string
  year: number | null
  words: string
  attribute?: string | null
}

export interface ReadTask {
  no: number
  path: string[]
  title: string
  offset_start: number
  offset_end: number
  lead_unit: string | null
  units: string[]
  mode: string | null
  indicators: ReadIndicator[]
}

export interface PlanReading {
  title: string | null
  issuer: string | null
  doc_no: string | null
  date: string | null
  tasks: ReadTask[]
  indicators: ReadIndicator[]
}

/** a FHIR R4 resource */
export type FhirResource = Record<string, unknown>

export interface Operations {
  'GET /api/session': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: Session
  }
  'POST /api/session': {
    path: Record<never, never>
    query: Record<never, never>
    body: Credentials
    answer: Session
  }
  'DELETE /api/session': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: undefined
  }
  'GET /api/units': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: UnitList
  }
  'GET /api/periods': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: PeriodList
  }
  'GET /api/plans': {
    path: Record<never, never>
    query: Record<never, never>
    body: undefined
    answer: PlanList
  }
  'POST /api/plans/read': {
    path: Record<never, never>
    query: Record<never, never>
    body: string
    answer: PlanReading
  }
  'GET /api/plans/{id}': {
    path: { id: string }
    query: { unit?: string; period?: string }
    body: undefined
    answer: Plan
  }
  'GET /api/plans/{id}/document': {
    path: { id: string }
    query: Record<never, never>
    body: undefined
    answer: PlanDocument
  }
  'GET /api/measures/{id}': {
    path: { id: string }
    query: { unit?: string; period?: string }
    body: undefined
    answer: Measure
  }
  'GET /api/measures/{id}/residents': {
    path: { id: string }
    query: { unit?: string; period?: string; population?: 'denominator' | 'numerator' | 'not-met' | 'denominator-exclusion'; reason?: string; q?: string; sort?: string; offset?: number; limit?: number }
    body: undefined
    answer: MeasureResidents
  }
  'GET /api/residents': {
    path: Record<never, never>
    query: { q?: string; unit?: string; offset?: number; limit?: number }
    body: undefined
    answer: ResidentList
  }
  'GET /api/residents/{id}': {
    path: { id: string }
    query: Record<never, never>
    body: undefined
    answer: Resident
  }
  'GET /api/residents/{id}/timeline': {
    path: { id: string }
    query: { kind?: TimelineKind; offset?: number; limit?: number }
    body: undefined
    answer: Timeline
  }
  'GET /fhir/{type}/{id}': {
    path: { type: string; id: string }
    query: Record<never, never>
    body: undefined
    answer: FhirResource
  }
  'GET /fhir/{type}/{id}/_history': {
    path: { type: string; id: string }
    query: Record<never, never>
    body: undefined
    answer: FhirResource
  }
  'GET /fhir/{type}/{id}/_history/{v}': {
    path: { type: string; id: string; v: string }
    query: Record<never, never>
    body: undefined
    answer: FhirResource
  }
}
