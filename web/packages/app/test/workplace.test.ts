// @vitest-environment jsdom
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Plan, ResidentRow, Target } from '@kangqu/model'
import { shownColumns, toggled } from '../src/logic/columns'
import { gapOf, measuresOf, targetsInState } from '../src/logic/home'
import { helpOf } from '../src/logic/help'
import { kEntries, menuOf } from '../src/logic/menu'
import { paletteRows } from '../src/logic/palette'
import { withRecent } from '../src/logic/recent'
import { savedViews, withView } from '../src/logic/views'
import { kRoutes } from '../src/router'
import { zh } from '../src/i18n/zh'

interface Workplace {
  menu: string[]
  home: { part: string; show?: string }[]
}
/** The folder `web`, where the tests are started. */
const kRoot = process.cwd()
const kPack = JSON.parse(readFileSync(join(kRoot, '../packs/base/access/roles.json'), 'utf8')) as { workplace: Workplace; roles: { id: string; workplace: Workplace }[] }
const kHomePage = readFileSync(join(kRoot, 'packages/app/src/pages/HomePage.vue'), 'utf8')

describe('the workplaces of the pack', () => {
  it.each([{ id: 'built-in', workplace: kPack.workplace }, ...kPack.roles].map((one) => [one.id, one.workplace] as const))('%s names only what there is', (_, place) => {
    expect(menuOf(place.menu).map((one) => one.id)).toEqual(place.menu)
    for (const one of place.home) expect(kHomePage).toContain(`one.part === '${one.part}'`)
  })

  it('lead to pages that exist and have a name', () => {
    const paths = kRoutes.map((one) => one.path)
    for (const entry of kEntries) {
      expect(paths).toContain(entry.path)
      expect(Object.keys(zh.menu)).toContain(entry.text.replace('menu.', ''))
    }
    expect(menuOf(['residents', 'no-such-page', 'home']).map((one) => one.id)).toEqual(['residents', 'home'])
  })
})

const target = (id: string, state: string, value: number | null, expected: number | null, measure: string | null = null) =>
  ({ id, state, value, expected, due: null, measure }) as unknown as Target

describe('the home page of a plan', () => {
  it('lists the targets of a state, the furthest behind first', () => {
    const plan = { targets: [target('a', 'behind', 50, 60), target('b', 'met', 90, 60), target('c', 'behind', 20, 60), target('d', 'behind', null, 60)] } as unknown as Plan
    expect(targetsInState(plan, 'behind').map((one) => one.id)).toEqual(['c', 'a', 'd'])
    expect(gapOf(target('x', 'behind', 5, 0))).toBe(-1)
  })

  it('names each measure once', () => {
    const plan = { targets: [target('a', 'met', 1, 1, 'm'), target('b', 'met', 1, 1, 'm'), target('c', 'met', 1, 1, 'n'), target('d', 'met', 1, 1)] } as unknown as Plan
    expect(measuresOf(plan).map((one) => one.id)).toEqual(['m', 'n'])
  })
})

describe('the palette', () => {
  const pages = kEntries.map((entry) => ({ entry, title: entry.id }))
  const person = { id: 'p1', name: '王小明' } as unknown as ResidentRow

  it('offers pages and what was opened lately when nothing is typed', () => {
    const rows = paletteRows('', pages, [{ address: '/residents/p9', title: '李雷' }, { address: '/plans?unit=a', title: 'plans' }], [])
    expect(rows.filter((one) => one.kind === 'page')).toHaveLength(kEntries.length)
    expect(rows.filter((one) => one.kind === 'recent').map((one) => one.title)).toEqual(['李雷'])
  })

  it('puts people first and keeps only pages with the words in them', () => {
    expect(paletteRows('resid', pages, [], [person]).map((one) => one.address)).toEqual(['/residents/p1', '/residents'])
  })

  it('remembers a page once, at its latest address, and no more than a dozen', () => {
    const list = withRecent([{ address: '/plans/a?x=1', title: 'A' }], { address: '/plans/a?x=2', title: 'A' })
    expect(list).toEqual([{ address: '/plans/a?x=2', title: 'A' }])
    const long = Array.from({ length: 20 }, (_, n) => ({ address: `/p/${n}`, title: String(n) })).reduce(withRecent, [])
    expect(long).toHaveLength(12)
    expect(long[0]?.address).toBe('/p/19')
  })
})

describe('the columns of a list', () => {
  const columns = [{ key: 'name', label: '', width: 1 }, { key: 'age', label: '', width: 1 }]
  it('can be hidden, but never the one that names the row', () => {
    expect(shownColumns(columns, ['name', 'age']).map((one) => one.key)).toEqual(['name'])
    expect(toggled([], 'age')).toEqual(['age'])
    expect(toggled(['age'], 'age')).toEqual([])
  })
})

describe('help', () => {
  it('is written for every page, in both languages', () => {
    const pages = kRoutes.map((one) => one.path).filter((path) => !['/', '/sign-in', '/:rest(.*)*'].includes(path))
    for (const path of pages) {
      expect(helpOf(path), path).not.toBe('any')
      expect(Object.keys(zh.help.pages)).toContain(helpOf(path))
    }
    expect(helpOf('/unknown')).toBe('any')
  })
})

describe('saved views', () => {
  it('replace one of the same name and keep the newest fifty', () => {
    const one = withView([{ name: 'a', address: '/plans' }], { name: ' a ', address: '/plans?state=behind' })
    expect(one).toEqual([{ name: 'a', address: '/plans?state=behind' }])
    expect(withView(one, { name: '  ', address: '/x' })).toEqual(one)
    const full = Array.from({ length: 60 }, (_, n) => ({ name: String(n), address: '/p' })).reduce(withView, [])
    expect(full).toHaveLength(50)
    expect(full[0]?.name).toBe('10')
  })

  it('never lead to another site, whatever the browser kept', () => {
    localStorage.setItem('kangqu.views.u', JSON.stringify([{ name: 'bad', address: '//evil.example' }, { name: 'good', address: '/plans' }, 7]))
    expect(savedViews('u')).toEqual([{ name: 'good', address: '/plans' }])
    localStorage.setItem('kangqu.views.u', '{')
    expect(savedViews('u')).toEqual([])
  })
})
