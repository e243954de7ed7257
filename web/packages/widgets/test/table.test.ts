// @vitest-environment jsdom
import { mount } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { BarList, ChipBar, StateTag, VirtualTable } from '../src'

const columns = [
  { key: 'name', label: 'Name', width: 100, sortable: true },
  { key: 'age', label: 'Age', width: 60 },
]
const row = (index: number) => (index === 3 ? undefined : { name: `n${index}`, age: index })

function table(total = 100_000) {
  return mount(VirtualTable, {
    props: { columns, total, row, revision: 0, label: 'people', sort: '-name' },
    slots: { name: '<template #name="{ row }"><b>{{ row.name }}</b></template>' },
  })
}

describe('VirtualTable', () => {
  it('draws few rows of many and tells how many there are', () => {
    const wrapper = table()
    expect(wrapper.findAll('[role=row]').length).toBeLessThan(60)
    expect(wrapper.attributes('aria-rowcount')).toBe('100001')
    expect(wrapper.find('.body').attributes('style')).toContain('3600000px')
  })

  it('asks for the rows in sight and draws a missing one as waiting', () => {
    const wrapper = table()
    expect(wrapper.emitted('range')?.[0]?.[0]).toBe(0)
    expect(wrapper.findAll('.waiting')).toHaveLength(2)
  })

  it('moves by arrows and opens by Enter and by click', async () => {
    const wrapper = table()
    await wrapper.trigger('keydown', { key: 'ArrowDown' })
    await wrapper.trigger('keydown', { key: 'ArrowDown' })
    await wrapper.trigger('keydown', { key: 'Enter' })
    expect(wrapper.emitted('open')).toEqual([[{ name: 'n1', age: 1 }]])
    await wrapper.findAll('.row')[5]?.trigger('click')
    expect(wrapper.emitted('open')?.[1]).toEqual([{ name: 'n5', age: 5 }])
  })

  it('does not open a row that has not come yet', async () => {
    const wrapper = table()
    await wrapper.findAll('.row')[3]?.trigger('click')
    expect(wrapper.emitted('open')).toBeUndefined()
  })

  it('says and changes the order', async () => {
    const wrapper = table()
    expect(wrapper.find('[role=columnheader]').attributes('aria-sort')).toBe('descending')
    await wrapper.find('.sort').trigger('click')
    expect(wrapper.emitted('sort')).toEqual([['name']])
  })
})

describe('ChipBar', () => {
  it('chooses, and goes back to the first by the chosen one', async () => {
    const chips = [{ id: '', text: 'all' }, { id: 'a', text: 'A', count: 1200 }]
    const wrapper = mount(ChipBar, { props: { chips, chosen: 'a', label: 'kinds' } })
    expect(wrapper.text()).toContain('1,200')
    await wrapper.findAll('button')[1]?.trigger('click')
    await wrapper.findAll('button')[0]?.trigger('click')
    expect(wrapper.emitted('choose')).toEqual([[''], ['']])
    expect(wrapper.findAll('button')[1]?.attributes('aria-pressed')).toBe('true')
  })
})

describe('BarList', () => {
  it('shows counts with their share of the whole and opens them', async () => {
    const bars = [{ id: 'x', text: 'X', count: 30 }, { id: 'y', text: 'Y', count: 10 }]
    const wrapper = mount(BarList, { props: { bars, whole: 40, openText: 'open' } })
    expect(wrapper.text()).toContain('75.0%')
    await wrapper.findAll('button')[1]?.trigger('click')
    expect(wrapper.emitted('open')).toEqual([['y']])
  })
})

it('StateTag says its state in words beside colour and shape', () => {
  const wrapper = mount(StateTag, { props: { state: 'behind', text: '滞后' } })
  expect(wrapper.text()).toBe('滞后')
  expect(wrapper.find('svg').attributes('aria-hidden')).toBe('true')
})
