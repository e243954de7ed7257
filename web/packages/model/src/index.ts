// Names for the shapes of the contract. The contract writes them in place; here each is taken from
// where it stands, so that a change there is a change here.
import type { Operations } from './generated'

export type { Operations, Problem } from './generated'

type Answer<K extends keyof Operations> = Operations[K]['answer']
type Item<T> = T extends readonly (infer One)[] ? One : never

export type Session = Answer<'GET /api/session'>
export type Credentials = Operations['POST /api/session']['body']

export type Unit = Item<Answer<'GET /api/units'>['units']>
export type Period = Item<Answer<'GET /api/periods'>['periods']>

export type Plan = Answer<'GET /api/plans/{id}'>
export type Chapter = Item<Plan['chapters']>
export type ResponsibleUnit = Item<Plan['units']>
export type StateCounts = ResponsibleUnit['states']
export type PlanSummary = Plan['summary']
export type PlanTask = Item<Plan['tasks']>
export type Target = Item<Plan['targets']>
export type TargetState = Target['state']
export type TargetYear = Item<Target['years']>
export type TargetValue = TargetYear['value']

export type Measure = Answer<'GET /api/measures/{id}'>
export type MeasureReason = Item<Measure['reasons']>
export type Stratum = Item<Measure['strata']>

export type MeasureResidents = Answer<'GET /api/measures/{id}/residents'>
export type ResidentList = Answer<'GET /api/residents'>
type MeasureRow = Item<MeasureResidents['items']>
/** A row of any list of residents; only a number's own list gives reasons. */
export type ResidentRow = Omit<MeasureRow, 'reasons'> & { reasons?: MeasureRow['reasons'] }

export type Resident = Answer<'GET /api/residents/{id}'>
export type Timeline = Answer<'GET /api/residents/{id}/timeline'>
export type TimelineItem = Item<Timeline['items']>
export type TimelineValue = Item<TimelineItem['values']>

/** A FHIR resource as JSON. */
export type FhirResource = Record<string, unknown>

/** What is read from a plan document: the form of `plan read --json`, which is promised apart. */
export interface PlanReading {
  title: string | null
  issuer: string | null
  doc_no: string | null
  date: string | null
  tasks: ReadTask[]
  indicators: ReadIndicator[]
}

export interface ReadTask {
  no: number
  path: string[]
  title: string
  lead_unit: string | null
  units: string[]
  mode: string | null
  indicators: ReadIndicator[]
}

export interface ReadIndicator {
  name: string
  comparator: string
  value: number | number[] | string | null
  unit: string | null
  year: number | null
  words: string
  attribute?: string | null
}
