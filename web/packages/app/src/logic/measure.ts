import type { Measure, MeasureReason } from '@kangqu/model'
import type { UnitNode } from './units'

export const kPopulations = ['denominator', 'numerator', 'not-met', 'denominator-exclusion'] as const
export type Population = (typeof kPopulations)[number]

/**
 * The name of a population. Where a smaller value is the better one, whoever is not in the numerator
 * has not failed a target, and is not called so.
 */
export function populationName(population: Population, increase: boolean): string {
  return population === 'not-met' && !increase ? 'not-in-numerator' : population
}

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

export interface UnitRow {
  /** Null for people whom no unit manages. */
  unit: { id: string; name: string } | null
  depth: number
  denominator: number
  numerator: number
  value: number | null
}

type Stratum = Measure['strata'][number]

function percentOf(numerator: number, denominator: number): number | null {
  return denominator > 0 ? Math.round((numerator / denominator) * 10_000) / 100 : null
}

function rowOf(unit: UnitRow['unit'], depth: number, own: readonly Stratum[], below: readonly UnitRow[]): UnitRow {
  const sum = (key: 'denominator' | 'numerator') =>
    [...own, ...below].reduce((total, one) => total + one[key], 0)
  const [denominator, numerator] = [sum('denominator'), sum('numerator')]
  return { unit, depth, denominator, numerator, value: percentOf(numerator, denominator) }
}

function ordered(blocks: UnitRow[][], by: string): UnitRow[] {
  const sign = by.startsWith('-') ? -1 : 1
  const key = by.replace(/^-/, '')
  const keyOf = (row: UnitRow | undefined): number | string | null => {
    if (key === 'name') return row?.unit?.name ?? null
    if (key === 'denominator' || key === 'numerator') return row?.[key] ?? null
    return row?.value ?? null
  }
  return [...blocks]
    .sort(([left], [right]) => {
      const [a, b] = [keyOf(left), keyOf(right)]
      if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1
      if (typeof a === 'string' || typeof b === 'string') return sign * String(a).localeCompare(String(b), 'zh')
      return sign * (a - b)
    })
    .flat()
}

/**
 * The measure by unit as the tree the units form: each row counts its unit with those below, which
 * is what choosing the unit lists. Units without people are left out; those outside the tree stand
 * alone at the end, people of no unit last. Siblings are ordered by `by`, a leading minus for falling.
 */
export function unitRows(measure: Measure, tree: readonly UnitNode[], by: string): UnitRow[] {
  const left = new Map(measure.strata.map((one) => [one.unit?.id ?? '', one]))
  const take = (id: string): Stratum[] => {
    const own = left.get(id)
    left.delete(id)
    return own ? [own] : []
  }
  const block = (node: UnitNode, depth: number): UnitRow[] => {
    const own = take(node.value)
    const below = node.children.map((one) => block(one, depth + 1)).filter((one) => one.length > 0)
    if (own.length + below.length === 0) return []
    const heads = below.flatMap((one) => one[0] ?? [])
    return [rowOf({ id: node.value, name: node.label }, depth, own, heads), ...ordered(below, by)]
  }
  const inside = tree.map((node) => block(node, 0)).filter((one) => one.length > 0)
  const nobody = take('').map((one) => [rowOf(null, 0, [one], [])])
  const outside = [...left.values()].map((one) => [rowOf(one.unit, 0, [one], [])])
  return [...ordered(inside, by), ...ordered(outside, by), ...nobody.flat()]
}
