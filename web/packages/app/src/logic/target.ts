import { numberText, withUnit } from '@kangqu/widgets'
import type { Target, TargetValue, TargetYear } from '@kangqu/model'

type Translate = (key: string, named?: Record<string, unknown>) => string

const kSigns: Record<string, string> = { '>=': '≥', '<=': '≤', '=': '', '~': '≈', '<': '<', '>': '>' }
const kPhrases: Record<string, string> = {
  reduce_by: 'target.reduceBy',
  increase_by: 'target.increaseBy',
  reduce_by_per_year: 'target.reduceByPerYear',
  rank: 'target.rank',
  trend_down: 'target.trendDown',
}

function amount(value: TargetValue, unit: string): string {
  if (Array.isArray(value)) {
    return withUnit(value.map((one) => numberText(one)).join('–'), unit)
  }
  return typeof value === 'number' ? withUnit(numberText(value), unit) : value
}

/** A wanted value in words short enough for a table cell, e.g. `≥80%` or `95–98%`. */
export function wantedText(
  comparator: string,
  value: TargetValue | null,
  unit: string,
  t: Translate,
): string {
  const phrase = kPhrases[comparator]
  if (value === null) return phrase ? t(phrase, { value: '' }).trim() : ''
  const text = amount(value, unit)
  if (typeof value === 'string') return text
  if (phrase) return t(phrase, { value: text })
  return (kSigns[comparator] ?? '') + text
}

/** The years that a plan's targets name, in order; the latest ones when there are many. */
export function yearColumns(targets: readonly Target[], most: number): number[] {
  const years = new Set(targets.flatMap((one) => one.years.flatMap((year) => year.year ?? [])))
  return [...years].sort((a, b) => a - b).slice(-most)
}

/** What a target wants in a year, or, for null, without one. */
export function wantedIn(target: Target, year: number | null): TargetYear | undefined {
  return target.years.find((one) => one.year === year)
}

/** Past values with the present one as the last point. */
export function trendPoints(target: Target, period: string): { label: string; value: number | null }[] {
  const past = target.history.filter((one) => one.period !== period)
  const points = past.map((one) => ({ label: one.period, value: one.value }))
  return points.length === 0 ? [] : [...points, { label: period, value: target.value }]
}

/** The level a trend is drawn against: the milestone it is judged by, where that is one number. */
export function levelOf(target: Target): number | null {
  const value = target.due?.value
  return typeof value === 'number' ? value : null
}
