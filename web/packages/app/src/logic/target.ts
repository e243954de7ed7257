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

/** A wanted value in words short enough for a table cell, e.g. `≥80%`, `95–98%`, `降低10%`. */
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

/** The years of a plan's targets in order; 0 stands for targets without a year and comes last. */
export function yearColumns(targets: readonly Target[], most: number): number[] {
  const years = new Set(targets.flatMap((one) => one.years.map((year) => year.year ?? 0)))
  const dated = [...years].filter((year) => year !== 0).sort((a, b) => a - b)
  const kept = dated.slice(Math.max(0, dated.length - most))
  return years.has(0) ? [...kept, 0] : kept
}

export function wantedIn(target: Target, year: number): TargetYear | undefined {
  return target.years.find((one) => (one.year ?? 0) === year)
}

/** The level a trend is drawn against: the milestone it is judged by, where that is one number. */
export function levelOf(target: Target): number | null {
  const value = target.due?.value
  return typeof value === 'number' ? value : null
}
