import { numberText, withUnit } from '@kangqu/widgets'
import { placesOf, type Drawing, type DrawingBand, type DrawingSeries } from './drawing'
import type { Palette } from './palette'

/** Told apart by mark and dash as well as by colour. */
const kSymbols = ['circle', 'rect', 'triangle', 'diamond', 'roundRect', 'pin']
const kFont = 'PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif'
const kManyPoints = 40

function pointOf(drawing: Drawing, x: string, y: number | null) {
  return drawing.lying ? [y, x] : [x, y]
}

function seriesOption(drawing: Drawing, one: DrawingSeries, n: number, palette: Palette) {
  const bars = (one.as ?? 'bar') === 'bar'
  const name = { name: one.name, data: one.points.map((point) => pointOf(drawing, point.x, point.y)) }
  const stack = drawing.stacked ? { stack: 'whole' } : {}
  if (bars) return { ...name, ...stack, type: 'bar' as const, barMaxWidth: 34, barCategoryGap: '28%' }
  const dashed = one.as === 'dashed'
  return {
    ...name,
    ...stack,
    type: 'line' as const,
    symbol: dashed ? 'none' : kSymbols[n % kSymbols.length],
    symbolSize: one.points.length > kManyPoints ? 3 : 6,
    lineStyle: { width: 1.8, type: dashed ? ('dashed' as const) : ('solid' as const) },
    itemStyle: { color: palette.series[n % palette.series.length] },
    connectNulls: drawing.axis === 'category' && !dashed,
  }
}

/** An interval as an invisible foot and a shaded height on it. */
function bandOption(band: DrawingBand, palette: Palette) {
  const common = { type: 'line' as const, stack: band.name, symbol: 'none', lineStyle: { width: 0 }, silent: true, tooltip: { show: false } }
  return [
    { ...common, name: `${band.name} `, data: band.points.map((point) => [point.x, point.low]) },
    {
      ...common,
      name: band.name,
      data: band.points.map((point) => [point.x, point.high - point.low]),
      areaStyle: { color: palette.series[0], opacity: 0.16 },
    },
  ]
}

function levelsOption(drawing: Drawing, palette: Palette) {
  const key = drawing.lying ? 'xAxis' : 'yAxis'
  return {
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: palette.level, type: 'dashed' as const, width: 1.4 },
      label: { color: palette.level, fontSize: palette.type, fontFamily: kFont, position: drawing.lying ? ('start' as const) : ('insideEndTop' as const), formatter: '{b}' },
      data: [
        ...(drawing.levels ?? []).map((one) => ({ name: `${one.name} ${withUnit(numberText(one.value), drawing.unit)}`, [key]: one.value })),
        ...(drawing.notes ?? []).map((one) => ({ name: one.text, xAxis: one.x })),
      ],
    },
  }
}

function incompleteOption(drawing: Drawing, palette: Palette) {
  if (drawing.incompleteFrom === undefined) return {}
  const last = placesOf(drawing).at(-1)
  return { markArea: { silent: true, itemStyle: { color: palette.shade, opacity: 0.8 }, data: [[{ xAxis: drawing.incompleteFrom }, { xAxis: last }]] } }
}

function axesOf(drawing: Drawing, palette: Palette) {
  const text = { color: palette.ink, fontSize: palette.type, fontFamily: kFont }
  const lines = { axisLine: { lineStyle: { color: palette.line } }, axisTick: { lineStyle: { color: palette.line } } }
  const places =
    drawing.axis === 'time'
      ? { type: 'time' as const, axisLabel: { ...text, hideOverlap: true, formatter: '{yyyy}-{MM}' }, splitNumber: 4, ...lines }
      : { type: 'category' as const, data: placesOf(drawing), inverse: drawing.lying === true, axisLabel: { ...text, hideOverlap: !drawing.lying }, ...lines }
  const values = {
    type: 'value' as const,
    scale: drawing.series.every((one) => (one.as ?? 'bar') !== 'bar'),
    name: drawing.lying ? '' : drawing.unit,
    nameTextStyle: { ...text, align: 'left' as const, padding: [0, 0, 0, -26] },
    nameGap: 12,
    axisLabel: text,
    splitLine: { lineStyle: { color: palette.faint } },
  }
  return drawing.lying ? { xAxis: values, yAxis: places } : { xAxis: places, yAxis: values }
}

/** The drawing as the chart library wants it told. */
export function optionOf(drawing: Drawing, title: string, palette: Palette) {
  const series: Record<string, unknown>[] = drawing.series.map((one, n) => seriesOption(drawing, one, n, palette))
  if (series[0]) Object.assign(series[0], levelsOption(drawing, palette), incompleteOption(drawing, palette))
  const legend = drawing.series.length + (drawing.bands?.length ?? 0) > 1
  return {
    animation: false,
    color: [...palette.series],
    backgroundColor: 'transparent',
    aria: { enabled: true, label: { description: title } },
    textStyle: { fontFamily: kFont },
    grid: { left: 8, right: drawing.lying ? 56 : 16, top: legend ? 44 : 30, bottom: 6, containLabel: true },
    legend: {
      show: legend,
      top: 0,
      right: 8,
      itemWidth: 16,
      itemHeight: 8,
      textStyle: { color: palette.ink, fontSize: palette.type, fontFamily: kFont },
      data: [...drawing.series.map((one) => one.name), ...(drawing.bands ?? []).map((one) => one.name)],
    },
    tooltip: {
      trigger: 'axis' as const,
      confine: true,
      backgroundColor: palette.surface,
      borderColor: palette.line,
      textStyle: { color: palette.ink, fontSize: 12 },
      valueFormatter: (value: unknown) => withUnit(numberText(typeof value === 'number' ? value : null), drawing.unit),
    },
    ...axesOf(drawing, palette),
    series: [...series, ...(drawing.bands ?? []).flatMap((one) => bandOption(one, palette))],
  }
}
