import { describe, expect, it } from 'vitest'
import type { Plan, PlanTask, Target } from '@kangqu/model'
import { chapterNodes, looseTargets, shownCounts, taskGroups, taskSpan } from '../src/logic/plan'
import { levelOf, trendPoints, wantedText, yearColumns } from '../src/logic/target'

const none = { chapter: '', responsible: '', state: '', words: '' }

function target(id: string, task: number | null, state: Target['state'], years: (number | null)[] = [2030]): Target {
  return {
    id, task, name: `rate ${id}`, comparator: '>=', unit: '%', words: '', attribute: null, measure: null, value: null,
    numerator: 0, denominator: 0, baseline: null,
    basis: '',
    shortUnits: [],
    notes: [], state, reason: null, due: null, expected: null, history: [],
    years: years.map((year) => ({ year, comparator: '>=', value: 80, unit: '%' })),
  }
}

function task(no: number, chapter: string, units: string[], targets: string[]): PlanTask {
  return { no, chapter, path: ['A', chapter], title: `task ${no}`, text: `task ${no}. Do it.`, leadUnit: units[0] ?? '', units, mode: 'lead-first', targets }
}

const targets = [target('a', 1, 'met'), target('b', 1, 'behind', [2025, null]), target('c', 3, 'behind'), target('d', null, 'behind')]
const plan: Plan = {
  id: 'p', title: 'P', issuer: '', docNo: '', date: '', position: 1, asOf: '', period: '2026',
  chapters: [
    { id: 'c1', heading: 'One', level: 1, parent: null },
    { id: 'c2', heading: 'One.a', level: 2, parent: 'c1' },
    { id: 'c3', heading: 'Two', level: 1, parent: null },
    { id: 'c4', heading: 'Empty', level: 1, parent: null },
  ],
  units: [], summary: { tasks: 3, targets: 4, met: 1, onTrack: 0, behind: 3, notComputable: 0 },
  tasks: [task(1, 'c2', ['health', 'school'], ['a', 'b']), task(2, 'c2', ['school'], []), task(3, 'c3', ['health'], ['c', 'gone'])],
  targets,
}

describe('chapterNodes', () => {
  it('counts tasks below, knows depth and leaves empty chapters out', () => {
    expect(chapterNodes(plan).map((one) => [one.chapter.id, one.depth, one.tasks])).toEqual([['c1', 0, 2], ['c2', 1, 2], ['c3', 0, 1]])
  })

  it('survives chapters that are each other’s parents', () => {
    const chapters = [{ id: 'c1', heading: '', level: 1, parent: 'c2' }, { id: 'c2', heading: '', level: 1, parent: 'c1' }]
    expect(chapterNodes({ ...plan, chapters }).length).toBe(2)
  })
})

describe('taskGroups', () => {
  const numbers = (filter: Partial<typeof none>) =>
    taskGroups(plan, { ...none, ...filter }).flatMap((one) => one.entries.map((entry) => entry.task.no))

  it('groups neighbouring tasks of one chapter', () => {
    expect(taskGroups(plan, none).map((one) => one.entries.length)).toEqual([2, 1])
  })

  it('finds tasks below a chosen chapter', () => {
    expect(numbers({ chapter: 'c1' })).toEqual([1, 2])
    expect(numbers({ chapter: 'c3' })).toEqual([3])
  })

  it('finds what a unit leads and assists', () => {
    expect(numbers({ responsible: 'school' })).toEqual([1, 2])
  })

  it('keeps only targets in a state', () => {
    const groups = taskGroups(plan, { ...none, state: 'behind' })
    expect(groups.flatMap((one) => one.entries).flatMap((one) => one.targets.map((t) => t.id))).toEqual(['b', 'c'])
  })

  it('finds all words in title, unit or target name, in any case', () => {
    expect(numbers({ words: ' TASK  school ' })).toEqual([1, 2])
    expect(numbers({ words: 'rate health task 3' })).toEqual([3])
    expect(numbers({ words: 'nowhere' })).toEqual([])
  })

  it('counts what is shown together with targets of no task, so that a state shows as many as its count', () => {
    const filter = { ...none, state: 'behind' }
    const loose = looseTargets(plan, filter)
    expect(shownCounts(taskGroups(plan, filter), loose).targets).toBe(plan.summary.behind)
    expect(looseTargets(plan, { ...none, chapter: 'c1' })).toEqual([])
  })
})

describe('taskSpan', () => {
  const one = task(1, 'c1', [], [])

  it('finds the words, else the title to the end of its line, else nothing', () => {
    expect(taskSpan('x\ntask 1. Do it.\ny', one)).toEqual({ start: 2, end: 16 })
    expect(taskSpan('x\ntask 1, differently\ny', one)).toEqual({ start: 2, end: 21 })
    expect(taskSpan('nothing', one)).toBeUndefined()
  })
})

describe('targets', () => {
  const t = (key: string, named: Record<string, unknown> = {}) => `${key}:${String(named['value'])}`

  it('are worded by their comparator', () => {
    expect(wantedText('>=', 80, '%', t)).toBe('≥80%')
    expect(wantedText('=', 1, '所', t)).toBe('1\u2009所')
    expect(wantedText('between', [95, 98], '%', t)).toBe('95–98%')
    expect(wantedText('reduce_by', 10, '%', t)).toBe('target.reduceBy:10%')
    expect(wantedText('>=', '逐步提高', '%', t)).toBe('逐步提高')
    expect(wantedText('>=', null, '%', t)).toBe('')
  })

  it('give the year columns, the latest when there are many', () => {
    expect(yearColumns(targets, 4)).toEqual([2025, 2030])
    expect(yearColumns([target('x', 1, 'met', [2020, 2022, 2025, 2030, 2035])], 3)).toEqual([2025, 2030, 2035])
  })

  it('end their trend with the present value, and have none without a past', () => {
    const one = { ...target('x', 1, 'met'), value: 9 }
    expect(trendPoints(one, '2026')).toEqual([])
    const past = [{ period: '2025', value: null }, { period: '2026', value: 8 }]
    expect(trendPoints({ ...one, history: past }, '2026')).toEqual([{ label: '2025', value: null }, { label: '2026', value: 9 }])
  })

  it('draw a level only where the milestone is one number', () => {
    const one = target('x', 1, 'met')
    expect(levelOf(one)).toBeNull()
    expect(levelOf({ ...one, due: { year: 2030, value: 80, comparator: '>=' } })).toBe(80)
    expect(levelOf({ ...one, due: { year: 2030, value: [1, 2], comparator: 'between' } })).toBeNull()
  })
})
