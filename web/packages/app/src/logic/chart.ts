import { chartTitle, type ValueChart } from './timeline'

/** Blue, vermilion, green, ochre: told apart without colour sight, and by their marks. */
const kColours = ['#0a5ba3', '#c2570c', '#00704f', '#8a6100']
const kSymbols = ['circle', 'rect', 'triangle', 'diamond']
const kFont = 'PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif'
const kManyPoints = 40

/** The drawing of measured values over time, as the chart library wants it told. */
export function chartOption(chart: ValueChart) {
  const text = { color: '#44555b', fontSize: 11, fontFamily: kFont }
  return {
    animation: false,
    color: kColours,
    aria: { enabled: true, label: { description: chartTitle(chart) } },
    textStyle: { fontFamily: kFont },
    grid: { left: 36, right: 12, top: 40, bottom: 24 },
    legend: { show: chart.series.length > 1, top: 0, right: 8, itemWidth: 16, itemHeight: 8, textStyle: text },
    tooltip: { trigger: 'axis', confine: true, textStyle: { fontSize: 12 } },
    xAxis: { type: 'time', axisLabel: { ...text, hideOverlap: true, formatter: '{yyyy}-{MM}' }, axisLine: { lineStyle: { color: '#b9c7c9' } }, splitNumber: 3 },
    yAxis: { type: 'value', scale: true, name: chart.unit, nameTextStyle: { ...text, align: 'left', padding: [0, 0, 0, -28] }, nameGap: 12, axisLabel: text, splitLine: { lineStyle: { color: '#e8eeee' } } },
    series: chart.series.map((one, n) => ({
      type: 'line' as const,
      name: one.name,
      symbol: kSymbols[n % kSymbols.length],
      symbolSize: one.points.length > kManyPoints ? 3 : 5,
      lineStyle: { width: 1.5 },
      data: one.points.map((point) => [point.day, point.value]),
    })),
  }
}
