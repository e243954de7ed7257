import type { Measure, MeasureReason } from '@kangqu/model'

export const kPopulations = ['denominator', 'numerator', 'not-met', 'denominator-exclusion'] as const
export type Population = (typeof kPopulations)[number]

export function isPopulation(text: string): text is Population {
  return (kPopulations as readonly string[]).includes(text)
}

/** How many the measure counts in a population; its list must show the same number. */
export function populationCount(measure: Measure, population: Population): number {
  const { counts } = measure
  switch (population) {
    case 'denominator':
      return counts.denominator
    case 'numerator':
      return counts.numerator
    case 'not-met':
      return counts.notMet
    case 'denominator-exclusion':
      return counts.denominatorExclusion
  }
}

/** The reasons of one population, most frequent first. */
export function reasonsOf(measure: Measure, population: MeasureReason['population']): MeasureReason[] {
  return measure.reasons
    .filter((one) => one.population === population && one.count > 0)
    .sort((a, b) => b.count - a.count)
}

/**
 * Which way a measure's list can be entered from a reason: only reasons of people who are on a list
 * lead there; whoever never entered the denominator is on none.
 */
export function listOf(reason: MeasureReason): Population | undefined {
  return isPopulation(reason.population) ? reason.population : undefined
}

/** The units of a measure, worst first; units without a denominator stand at the end. */
export function sortedStrata(measure: Measure, by: string): Measure['strata'] {
  const sign = by.startsWith('-') ? -1 : 1
  const key = by.replace(/^-/, '')
  const valueOf = (one: Measure['strata'][number]): number | string | null => {
    if (key === 'name') return one.unit.name
    if (key === 'denominator') return one.denominator
    if (key === 'numerator') return one.numerator
    return one.value
  }
  return [...measure.strata].sort((left, right) => {
    const a = valueOf(left)
    const b = valueOf(right)
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
    if (typeof a === 'string' || typeof b === 'string') return sign * String(a).localeCompare(String(b), 'zh')
    return sign * (a - b)
  })
}
