import type { TimelineItem, TimelineValue } from '@kangqu/model'
import type { Drawing } from './chart/drawing'

export interface MonthGroup {
  month: string
  items: TimelineItem[]
}

export interface YearGroup {
  year: string
  count: number
  months: MonthGroup[]
}

/** Items under their years and months in the order they came in (newest first); '' is undated. */
export function groupByMonth(items: readonly TimelineItem[]): YearGroup[] {
  const years: YearGroup[] = []
  for (const item of items) {
    const year = item.date?.slice(0, 4) ?? ''
    const month = item.date?.slice(5, 7) ?? ''
    let group = years.at(-1)
    if (group?.year !== year) {
      group = { year, count: 0, months: [] }
      years.push(group)
    }
    group.count += 1
    const last = group.months.at(-1)
    if (last?.month === month) last.items.push(item)
    else group.months.push({ month, items: [item] })
  }
  return years
}

/** A coded unit as it is written by hand: without the brackets and remarks of the code. */
export function unitText(code: string): string {
  return code.replace(/\{[^}]*\}/g, '').replace(/\[([^\]]*)\]/g, '$1')
}

export interface SeriesPoint {
  day: string
  value: number
}

export interface ValueSeries {
  name: string
  points: SeriesPoint[]
}

export interface ValueChart {
  unit: string
  series: ValueSeries[]
}

const kFewestPoints = 2

function numeric(value: TimelineValue['value']): number | undefined {
  const number = Number(value)
  return value.trim() !== '' && Number.isFinite(number) ? number : undefined
}

/**
 * The measured values of a timeline as charts, oldest point first. Values recorded together in one
 * entry under one unit share a chart (two pressures of one reading); everything measured at least
 * twice gets a line. Charts with more points come first.
 */
export function valueCharts(items: readonly TimelineItem[]): ValueChart[] {
  const charts = new Map<string, ValueChart>()
  const chartOfName = new Map<string, string>()
  for (const item of [...items].reverse()) {
    for (const one of item.values) {
      const value = numeric(one.value)
      if (value === undefined || one.unit === '' || item.date === null) continue
      const nameKey = `${one.name}\n${one.unit}`
      const partner = item.values.find((other) => chartOfName.has(`${other.name}\n${other.unit}`) && other.unit === one.unit)
      const chartKey = chartOfName.get(nameKey) ?? (partner && chartOfName.get(`${partner.name}\n${partner.unit}`)) ?? nameKey
      chartOfName.set(nameKey, chartKey)
      const chart = charts.get(chartKey) ?? { unit: one.unit, series: [] }
      charts.set(chartKey, chart)
      let series = chart.series.find((known) => known.name === one.name)
      if (!series) {
        series = { name: one.name, points: [] }
        chart.series.push(series)
      }
      series.points.push({ day: item.date.slice(0, 10), value })
    }
  }
  return [...charts.values()]
    .map((chart) => ({ ...chart, series: chart.series.filter((one) => one.points.length >= kFewestPoints) }))
    .filter((chart) => chart.series.length > 0)
    .sort((a, b) => pointCount(b) - pointCount(a))
}

function pointCount(chart: ValueChart): number {
  return chart.series.reduce((sum, one) => sum + one.points.length, 0)
}

export function chartTitle(chart: ValueChart): string {
  return chart.series.map((one) => one.name).join(' / ')
}

/** Measured values as a drawing over time. */
export function trendDrawing(chart: ValueChart, axisName: string): Drawing {
  return {
    unit: unitText(chart.unit),
    axis: 'time',
    axisName,
    series: chart.series.map((one) => ({
      name: one.name,
      as: 'line' as const,
      points: one.points.map((point) => ({ x: point.day, y: point.value })),
    })),
  }
}
