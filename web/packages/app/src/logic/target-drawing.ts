import type { Measure, Target } from '@kangqu/model'
import type { Drawing } from './chart/drawing'
import type { UnitNode } from './units'
import { unitRows } from './measure'

interface Words {
  year: string
  reached: string
  wanted: string
}

/** Years without a value keep their place, so that a slope is as steep as it is. */
function everyYear(known: readonly string[]): readonly string[] {
  const [first, last] = [Number(known[0]), Number(known.at(-1))]
  if (!known.every((one) => /^\d{4}$/.test(one))) return known
  return Array.from({ length: last - first + 1 }, (_, n) => String(first + n))
}

/** The years a target has a value in or wants one for, as a drawing; undefined where that is fewer than two. */
export function targetDrawing(target: Target, period: string, words: Words): Drawing | undefined {
  const past = target.history.filter((one) => one.period !== period).map((one) => ({ x: one.period, y: one.value }))
  const reached = target.value === null && past.length === 0 ? [] : [...past, { x: period, y: target.value }]
  const wanted = target.years.flatMap((one) => (one.year !== null && typeof one.value === 'number' ? [{ x: String(one.year), y: one.value }] : []))
  const years = new Set([...reached, ...wanted].map((one) => one.x))
  if (years.size < 2) return undefined
  const places = everyYear([...years].sort())
  const fill = (points: readonly { x: string; y: number | null }[]) => {
    const known = new Map(points.map((one) => [one.x, one.y]))
    return places.map((x) => ({ x, y: known.get(x) ?? null }))
  }
  return {
    unit: target.unit,
    axis: 'category',
    axisName: words.year,
    series: [
      { name: words.reached, as: 'bar', points: fill(reached) },
      ...(wanted.length > 0 ? [{ name: words.wanted, as: 'line' as const, points: fill(wanted) }] : []),
    ],
  }
}

/** The units that have people of their own, the worst first, as lying bars against the wanted level. */
export function unitsDrawing(measure: Measure, tree: readonly UnitNode[], level: number | null, words: { unit: string; target: string }): Drawing {
  const rows = unitRows(measure, tree, measure.increase ? 'value' : '-value')
  const leaves = rows.filter((row, n) => row.unit !== null && (rows[n + 1]?.depth ?? 0) <= row.depth)
  const order = [...leaves].sort((a, b) => ((a.value ?? 0) - (b.value ?? 0)) * (measure.increase ? 1 : -1))
  return {
    unit: measure.unit,
    axis: 'category',
    axisName: words.unit,
    lying: true,
    series: [{ name: measure.name, as: 'bar', points: order.map((row) => ({ x: row.unit?.name ?? '', y: row.value })) }],
    ...(level === null ? {} : { levels: [{ name: words.target, value: level }] }),
  }
}
