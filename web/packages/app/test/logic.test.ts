import { describe, expect, it, vi } from 'vitest'
import type { Measure, TimelineItem } from '@kangqu/model'
import { ProblemError } from '@kangqu/client'
import { csvCell, csvText, fetchAll, tabText } from '../src/logic/csv'
import { decodeDocument } from '../src/logic/document'
import { isPopulation, listOf, populationCount, reasonsOf, populationName, unitRows } from '../src/logic/measure'
import { localPath } from '../src/logic/next'
import { problemText } from '../src/logic/problem'
import { changedQuery, contextOf, queryText } from '../src/logic/query'
import { versionsOf } from '../src/logic/record'
import { steppedRow } from '../src/logic/searching'
import { kMaxTabs, neighbour, tabKeyOf, visited } from '../src/logic/tabs'
import { chartTitle, groupByMonth, unitText, valueCharts } from '../src/logic/timeline'
import { unitName, unitTree } from '../src/logic/units'

describe('csv', () => {
  it('quotes what needs quoting and defuses formulas', () => {
    expect(csvCell('a,b')).toBe('"a,b"')
    expect(csvCell('say "x"')).toBe('"say ""x"""')
    expect(csvCell('=1+1')).toBe("'=1+1")
    expect(csvCell('-5')).toBe("'-5")
    expect(csvText([['姓名', '1']])).toBe('\uFEFF姓名,1\r\n')
    expect(tabText([['a\tb', '=c']])).toBe("a b\t'=c")
  })

  it('fetches every row, page after page', async () => {
    const load = vi.fn((offset: number, limit: number) =>
      Promise.resolve({ total: 1203, items: Array.from({ length: Math.min(limit, 1203 - offset) }, (_, k) => offset + k) }),
    )
    const seen: number[] = []
    const rows = await fetchAll(load, (done) => seen.push(done), 10_000)
    expect(rows).toHaveLength(1203)
    expect(rows[1202]).toBe(1202)
    expect(seen).toEqual([500, 1000, 1203])
  })

  it('ends when the list shrinks, and at the most rows asked for', async () => {
    const shrunk = await fetchAll(() => Promise.resolve({ total: 10, items: [] }), () => {}, 100)
    expect(shrunk).toEqual([])
    const most = await fetchAll((_o, limit) => Promise.resolve({ total: 9999, items: new Array<number>(limit).fill(0) }), () => {}, 700)
    expect(most).toHaveLength(700)
  })
})

describe('measure', () => {
  const measure = {
    counts: { initialPopulation: 12, denominator: 10, denominatorExclusion: 2, numerator: 7, notMet: 3 },
    reasons: [
      { code: 'a', text: 'A', population: 'not-met', count: 1 },
      { code: 'b', text: 'B', population: 'not-met', count: 2 },
      { code: 'z', text: 'Z', population: 'not-met', count: 0 },
      { code: 'c', text: 'C', population: 'not-in-denominator', count: 5 },
    ],
    strata: [],
  } as unknown as Measure

  it('gives the count of each population', () => {
    expect(['denominator', 'numerator', 'not-met', 'denominator-exclusion'].filter(isPopulation).map((one) => populationCount(measure, one))).toEqual([10, 7, 3, 2])
    expect(isPopulation('everything')).toBe(false)
  })

  it('orders reasons and leaves empty ones out', () => {
    expect(reasonsOf(measure, 'not-met').map((one) => one.code)).toEqual(['b', 'a'])
    expect(measure.reasons.map(listOf)).toEqual(['not-met', 'not-met', 'not-met', undefined])
  })

  const units = (['root', 'x', 'y', 'y1'] as const).map((id) => ({
    id, name: id.toUpperCase(), kind: 'other', parent: { root: null, x: 'root', y: 'root', y1: 'y' }[id],
  }))
  const stratum = (id: string | null, denominator: number, numerator: number) => ({
    unit: id === null ? null : { id, name: id }, denominator, numerator, notMet: 0, denominatorExclusion: 0, value: null,
  })
  const byUnit = { ...measure, strata: [stratum('x', 10, 8), stratum('y', 4, 1), stratum('y1', 6, 2), stratum('far', 5, 5), stratum(null, 2, 1)] }

  it('counts a unit with those below, as its list does', () => {
    expect(unitRows(byUnit, unitTree(units), 'value').map((one) => [one.unit?.id, one.depth, one.denominator, one.numerator, one.value])).toEqual([
      ['root', 0, 20, 11, 55],
      ['y', 1, 10, 3, 30],
      ['y1', 2, 6, 2, 33.33],
      ['x', 1, 10, 8, 80],
      ['far', 0, 5, 5, 100],
      [undefined, 0, 2, 1, 50],
    ])
  })

  it('orders siblings and keeps those below with their unit', () => {
    const ids = (by: string) => unitRows(byUnit, unitTree(units), by).map((one) => one.unit?.id)
    expect(ids('-value')).toEqual(['root', 'x', 'y', 'y1', 'far', undefined])
    expect(ids('-name')).toEqual(['root', 'y', 'y1', 'x', 'far', undefined])
    expect(unitRows({ ...byUnit, strata: [] }, unitTree(units), 'value')).toEqual([])
  })

  it('does not call people a failure where less is better', () => {
    expect([populationName('not-met', true), populationName('not-met', false), populationName('numerator', false)]).toEqual(['not-met', 'not-in-numerator', 'numerator'])
  })
})

describe('timeline', () => {
  const item = (date: string, values: TimelineItem['values'] = []): TimelineItem => ({
    id: date, kind: 'observation', date, end: null, title: '', detail: '', unit: null, values, resource: { type: 'Observation', id: date, version: 1 },
  })
  const value = (name: string, number: number | string, unit: string) => ({ name, value: String(number), unit, flag: null })

  it('groups by year and month in the order given', () => {
    const years = groupByMonth([item('2026-11-20'), item('2026-11-01'), item('2026-10-01'), item('2025-10-01')])
    expect(years.map((one) => [one.year, one.count, one.months.map((m) => m.month)])).toEqual([['2026', 3, ['11', '10']], ['2025', 1, ['10']]])
  })

  it('writes coded units as people do', () => {
    expect(['mm[Hg]', 'mmol/L', '{score}', '/min'].map(unitText)).toEqual(['mmHg', 'mmol/L', '', '/min'])
  })

  it('puts values recorded together on one chart, oldest first', () => {
    const charts = valueCharts([
      item('2026-03-01', [value('up', 140, 'mmHg'), value('low', '88', 'mmHg')]),
      item('2026-02-01', [value('sugar', 6.1, 'mmol/L')]),
      item('2026-01-01', [value('up', 150, 'mmHg'), value('low', 90, 'mmHg')]),
      item('2025-12-01', [value('sugar', 5.9, 'mmol/L'), value('once', 1, 'kg'), value('word', 'positive', 'x')]),
    ])
    expect(charts.map(chartTitle)).toEqual(['up / low', 'sugar'])
    expect(charts[0]?.series[1]?.points).toEqual([{ day: '2026-01-01', value: 90 }, { day: '2026-03-01', value: 88 }])
  })
})

describe('address', () => {
  it('keeps other values and drops emptied ones', () => {
    expect(changedQuery({ unit: 'a', state: 'met', x: ['1', '2'] }, { state: '', q: 'b' })).toEqual({ unit: 'a', x: ['1', '2'], q: 'b' })
    expect(queryText({ x: ['1', '2'], y: null }, 'x')).toBe('1')
    expect(queryText({ y: null }, 'y')).toBe('')
    expect(contextOf({ unit: 'a', q: 'b' })).toEqual({ unit: 'a' })
  })

  it('leads after signing in only to places of its own', () => {
    expect(localPath('/plans/x?unit=a')).toBe('/plans/x?unit=a')
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', undefined, ['/a'], '/sign-in']) {
      expect(localPath(next)).toBe('/home')
    }
  })
})

describe('tabs', () => {
  const open = (keys: string[]) =>
    keys.reduce((state, key) => visited(state.tabs, state.used, key, `${key}?x=1`, 't'), { tabs: [], used: [] } as ReturnType<typeof visited>)

  it('are one a path and remember where they stood', () => {
    const state = open(['/a', '/b', '/a'])
    expect(state.tabs.map((one) => one.address)).toEqual(['/a?x=1', '/b?x=1'])
    expect(state.used).toEqual(['/b', '/a'])
    expect(tabKeyOf({ path: '/a/' })).toBe('/a')
  })

  it('close the one left alone longest beyond the limit', () => {
    const keys = Array.from({ length: kMaxTabs }, (_, n) => `/${n}`)
    const state = open([...keys, '/0', '/new'])
    expect(state.tabs).toHaveLength(kMaxTabs)
    expect(state.tabs.map((one) => one.key)).toContain('/0')
    expect(state.tabs.map((one) => one.key)).not.toContain('/1')
  })

  it('hand over to a neighbour', () => {
    const { tabs } = open(['/a', '/b', '/c'])
    expect(neighbour(tabs, '/b')?.key).toBe('/c')
    expect(neighbour(tabs, '/c')?.key).toBe('/b')
    expect(neighbour(open(['/a']).tabs, '/a')).toBeUndefined()
  })
})

describe('units', () => {
  const unit = (id: string, parent: string | null) => ({ id, name: id.toUpperCase(), kind: 'other' as const, parent })

  it('form a tree; a branch without its trunk stands at the top', () => {
    const tree = unitTree([unit('b', 'a'), unit('a', null), unit('c', 'b'), unit('x', 'unseen')])
    expect(tree.map((one) => one.value)).toEqual(['a', 'x'])
    expect(tree[0]?.children[0]?.children[0]?.value).toBe('c')
  })

  it('are all shown even when their parents go round in a circle', () => {
    expect(unitTree([unit('a', 'b'), unit('b', 'a')]).map((one) => one.value)).toEqual(['a', 'b'])
    expect(unitName([unit('a', null)], 'a')).toBe('A')
    expect(unitName([], 'a')).toBe('')
  })
})

describe('record versions', () => {
  it('come from the history bundle, a deletion without its resource', () => {
    const bundle = {
      entry: [
        { response: { etag: 'W/"3"', lastModified: '2026-03-01T00:00:00Z' } },
        { resource: { meta: { versionId: '2', lastUpdated: '2026-02-01T00:00:00Z' } } },
      ],
    }
    expect(versionsOf(bundle).map((one) => [one.version, one.deleted])).toEqual([['3', true], ['2', false]])
    expect(versionsOf({})).toEqual([])
  })
})

describe('others', () => {
  it('tell a problem in the server’s words, else in their own', () => {
    const t = (key: string) => key
    expect(problemText(new ProblemError('c', 404, 'T', 'D'), t)).toEqual({ title: 'T', detail: 'D' })
    expect(problemText(new ProblemError('network', 0), t).title).toBe('problem.network')
    expect(problemText(new Error('bug'), t)).toEqual({ title: 'problem.unexpected', detail: 'bug' })
  })

  it('read a document in either encoding', () => {
    expect(decodeDocument(new TextEncoder().encode('规划'))).toBe('规划')
    expect(decodeDocument(new Uint8Array([0xb9, 0xe6, 0xbb, 0xae]))).toBe('规划')
  })

  it('go round a list', () => {
    expect([steppedRow(0, -1, 3), steppedRow(2, 1, 3), steppedRow(0, 1, 0)]).toEqual([2, 0, -1])
  })
})
