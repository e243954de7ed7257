import { describe, expect, it } from 'vitest'
import type { Target } from '@kangqu/model'
import { isEmpty, placesOf, tableOf, type Drawing } from '../src/logic/chart/drawing'
import { fileNameOf, workbookOf } from '../src/logic/file'
import { optionOf } from '../src/logic/chart/option'
import { kGrey, paletteOf } from '../src/logic/chart/palette'
import { drawnTheme, kept, kThemes, rowHeightOf } from '../src/logic/preferences'
import { targetDrawing } from '../src/logic/target-drawing'

const kWords = { low: '下限', high: '上限' }
const kForecast: Drawing = {
  unit: '%',
  axis: 'category',
  axisName: '年份',
  series: [
    { name: '实际值', points: [{ x: '2024', y: 70 }, { x: '2025', y: null }, { x: '2026', y: 72.5 }] },
    { name: '预测', as: 'dashed', points: [{ x: '2026', y: 72.5 }, { x: '2027', y: 74 }] },
  ],
  bands: [{ name: '95%区间', points: [{ x: '2027', low: 71, high: 77 }] }],
  levels: [{ name: '目标', value: 80 }],
}
const kPalette = paletteOf((name) => `<${name}>`)
const option = (drawing: Drawing) => optionOf(drawing, '标题', kPalette) as unknown as {
  legend: { show: boolean }
  xAxis: { type: string; name?: string; data?: string[] }
  yAxis: { type: string; scale?: boolean; data?: string[] }
  series: { type: string; name: string; data: unknown[][]; stack?: string; markLine?: { data: { name: string; yAxis?: number; xAxis?: unknown }[] }; markArea?: unknown }[]
}

describe('a drawing', () => {
  it('has each place once, categories as they came and days in order', () => {
    expect(placesOf(kForecast)).toEqual(['2024', '2025', '2026', '2027'])
    const days: Drawing = { ...kForecast, axis: 'time', bands: [], series: [{ name: 'a', points: [{ x: '2026-03-01', y: 1 }, { x: '2026-01-01', y: 2 }] }] }
    expect(placesOf(days)).toEqual(['2026-01-01', '2026-03-01'])
  })

  it('says in its table everything it draws, and no zero for what is missing', () => {
    const rows = tableOf(kForecast, kWords)
    expect(rows[0]).toEqual(['年份', '实际值（%）', '预测（%）', '95%区间 下限（%）', '95%区间 上限（%）', '目标（%）'])
    expect(rows[2]).toEqual(['2025', null, null, null, null, 80])
    expect(rows[4]).toEqual(['2027', null, 74, 71, 77, 80])
  })

  it('is empty when no series has a value', () => {
    expect(isEmpty(kForecast)).toBe(false)
    expect(isEmpty({ ...kForecast, series: [{ name: 'a', points: [{ x: '1', y: null }] }] })).toBe(true)
    expect(isEmpty({ ...kForecast, series: [] })).toBe(true)
  })

  it('becomes an option with a level line, a band of height and a legend', () => {
    const made = option(kForecast)
    expect(made.legend.show).toBe(true)
    expect(made.series.map((one) => one.type)).toEqual(['bar', 'line', 'line', 'line'])
    expect(made.series[0]?.markLine?.data).toEqual([{ name: '目标 80%', yAxis: 80 }])
    expect(made.series[3]?.data).toEqual([['2027', 6]])
    expect(made.yAxis.scale).toBe(false)
  })

  it('turns values and places when bars lie', () => {
    const made = option({ unit: '%', axis: 'category', axisName: '机构', lying: true, series: [{ name: 'a', points: [{ x: '甲', y: 1 }] }], levels: [{ name: '目标', value: 2 }] })
    expect(made.xAxis.type).toBe('value')
    expect(made.yAxis.data).toEqual(['甲'])
    expect(made.series[0]?.data).toEqual([[1, '甲']])
    expect(made.series[0]?.markLine?.data[0]?.xAxis).toBe(2)
  })

  it('shades what is not complete yet', () => {
    const made = option({ ...kForecast, incompleteFrom: '2026' })
    expect(made.series[0]?.markArea).toMatchObject({ data: [[{ xAxis: '2026' }, { xAxis: '2027' }]] })
    expect(option(kForecast).series[0]?.markArea).toBeUndefined()
  })

  it('needs no colour in grey print: every series has its own lightness', () => {
    expect(new Set(kGrey.series).size).toBe(kGrey.series.length)
    expect(kGrey.series.every((one) => one.slice(1, 3) === one.slice(3, 5) && one.slice(3, 5) === one.slice(5, 7))).toBe(true)
  })
})

describe('the files of a drawing', () => {
  it('have names that every file system takes', () => {
    expect(fileNameOf('规范管理率：2026/11 "草稿"?')).toBe('规范管理率：2026_11_草稿_')
    expect(fileNameOf('长'.repeat(200))).toHaveLength(80)
  })

  it('are workbooks with texts as texts', async () => {
    const file = await workbookOf([['证件号', '值'], ['440901199001011234', 1.5], ['=1+1', null]], '表[1]')
    const bytes = new Uint8Array(await file.arrayBuffer())
    expect([bytes[0], bytes[1]]).toEqual([0x50, 0x4b])
    expect(bytes.length).toBeGreaterThan(1000)
  })
})

describe('a target by year', () => {
  const target = { unit: '%', value: 72, history: [{ period: '2024', value: 70 }], years: [{ year: 2028, comparator: '>=', value: 80, unit: '%', words: '' }] } as unknown as Target
  const words = { year: '年份', reached: '实际值', wanted: '目标值' }

  it('keeps the place of years without a value', () => {
    const drawing = targetDrawing(target, '2026', words)
    expect(drawing?.series[0]?.points).toEqual([{ x: '2024', y: 70 }, { x: '2025', y: null }, { x: '2026', y: 72 }, { x: '2027', y: null }, { x: '2028', y: null }])
    expect(drawing?.series[1]?.points.at(-1)).toEqual({ x: '2028', y: 80 })
  })

  it('is not drawn with fewer than two years, nor from a value in words', () => {
    expect(targetDrawing({ ...target, value: null, history: [] }, '2026', words)).toBeUndefined()
    const graded = { ...target, years: [{ year: 2028, comparator: '=', value: '三级甲等', unit: '', words: '' }] } as unknown as Target
    expect(targetDrawing(graded, '2026', words)?.series).toHaveLength(1)
  })
})

describe('preferences', () => {
  it('follow the desktop only when asked to', () => {
    expect(drawnTheme('auto', true)).toBe('dark')
    expect(drawnTheme('auto', false)).toBe('light')
    expect(drawnTheme('screen', false)).toBe('screen')
  })

  it('ignore what a browser kept and we do not know', () => {
    const real = globalThis.localStorage as Storage | undefined
    const store = (value: string | null) => Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: { getItem: () => value } })
    store('purple')
    expect(kept('kangqu.theme', kThemes, 'auto')).toBe('auto')
    store('dark')
    expect(kept('kangqu.theme', kThemes, 'auto')).toBe('dark')
    Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: real })
  })

  it('give a roomier page higher rows', () => {
    expect(rowHeightOf('compact')).toBeLessThan(rowHeightOf('regular'))
    expect(rowHeightOf('regular')).toBeLessThan(rowHeightOf('roomy'))
  })
})
