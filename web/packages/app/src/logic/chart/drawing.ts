/**
 * What a chart says, free of how it is drawn: one description gives the picture, the table beneath
 * it and the file that is downloaded, so that the three cannot differ.
 */
export interface DrawingPoint {
  /** A category, or a day `2026-11-22` where the axis is time. */
  x: string
  /** Null where there is no value; it is left out of the line and shown as "—" in the table. */
  y: number | null
}

export interface DrawingSeries {
  name: string
  points: readonly DrawingPoint[]
  /** Bars unless said; `dashed` is a line of what is expected, not measured. */
  as?: 'line' | 'bar' | 'dashed'
}

/** An interval around a line, for a forecast. */
export interface DrawingBand {
  name: string
  points: readonly { x: string; low: number; high: number }[]
}

export interface Drawing {
  /** What y counts, as it is written after a value; a chart without a unit is not drawn. */
  unit: string
  axis: 'time' | 'category'
  /** What x is called in the table. */
  axisName: string
  series: readonly DrawingSeries[]
  stacked?: boolean
  /** Bars lie: names stand at the left, for units and places. */
  lying?: boolean
  /** Level lines, such as a target. */
  levels?: readonly { name: string; value: number }[]
  bands?: readonly DrawingBand[]
  /** Words at a place on the axis: a change of definition, a holiday. */
  notes?: readonly { x: string; text: string }[]
  /** From here on values are not complete yet; drawn shaded. */
  incompleteFrom?: string
}

/** Every place on the axis once, in order of time or of first appearance. */
export function placesOf(drawing: Drawing): string[] {
  const all = new Set([
    ...drawing.series.flatMap((one) => one.points.map((point) => point.x)),
    ...(drawing.bands ?? []).flatMap((one) => one.points.map((point) => point.x)),
  ])
  return drawing.axis === 'time' ? [...all].sort() : [...all]
}

/** The drawing as a table: a heading row, then a row for each place on the axis. */
export function tableOf(drawing: Drawing, words: { low: string; high: string }): (string | number | null)[][] {
  const unit = drawing.unit === '' ? '' : `（${drawing.unit}）`
  const bands = drawing.bands ?? []
  const head = [
    drawing.axisName,
    ...drawing.series.map((one) => one.name + unit),
    ...bands.flatMap((one) => [`${one.name} ${words.low}${unit}`, `${one.name} ${words.high}${unit}`]),
    ...(drawing.levels ?? []).map((one) => one.name + unit),
  ]
  const values = drawing.series.map((one) => new Map(one.points.map((point) => [point.x, point.y])))
  const edges = bands.map((one) => new Map(one.points.map((point) => [point.x, point])))
  const rows = placesOf(drawing).map((x) => [
    x,
    ...values.map((one) => one.get(x) ?? null),
    ...edges.flatMap((one) => [one.get(x)?.low ?? null, one.get(x)?.high ?? null]),
    ...(drawing.levels ?? []).map((one) => one.value),
  ])
  return [head, ...rows]
}

/** True when there is nothing to draw: no series has a value. */
export function isEmpty(drawing: Drawing): boolean {
  return drawing.series.every((one) => one.points.every((point) => point.y === null))
}
