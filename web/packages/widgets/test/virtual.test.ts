import { describe, expect, it } from 'vitest'
import { kMaxScrollHeight, scrollHeight, scrollToRow, windowAt } from '../src'

describe('windowAt', () => {
  it('draws the rows in sight and some more on each side', () => {
    expect(windowAt(0, 360, 100_000, 36, 8)).toEqual({ first: 0, last: 19, top: 0 })
    expect(windowAt(3600, 360, 100_000, 36, 8)).toEqual({ first: 92, last: 119, top: 3312 })
  })

  it('ends at the last row', () => {
    expect(windowAt(100_000 * 36, 360, 100_000, 36, 8)).toMatchObject({ first: 99_982, last: 100_000 })
  })

  it('draws nothing of nothing', () => {
    expect(windowAt(50, 360, 0, 36)).toEqual({ first: 0, last: 0, top: 0 })
  })

  it('reaches the first and the last row of a list higher than a browser can draw', () => {
    const total = 3_000_000
    expect(scrollHeight(total, 36)).toBe(kMaxScrollHeight)
    expect(windowAt(0, 360, total, 36).first).toBe(0)
    const end = windowAt(kMaxScrollHeight - 360, 360, total, 36, 0)
    expect(end.last).toBe(total)
    expect(end.top + (end.last - end.first) * 36).toBeCloseTo(kMaxScrollHeight, 3)
  })

  it('keeps every row reachable: windows of neighbouring positions overlap', () => {
    const total = 1_000_000
    let last = windowAt(0, 360, total, 36, 0).last
    for (let at = 0; at < 20_000; at += 100) {
      const next = windowAt(at, 360, total, 36, 0)
      expect(next.first).toBeLessThanOrEqual(last)
      last = next.last
    }
  })
})

describe('scrollToRow', () => {
  it('does not move for a row in sight', () => {
    expect(scrollToRow(12, 360, 360, 1000, 36)).toBe(360)
  })

  it('moves just far enough up or down', () => {
    expect(scrollToRow(5, 360, 360, 1000, 36)).toBe(180)
    expect(scrollToRow(30, 360, 360, 1000, 36)).toBe(31 * 36 - 360)
  })

  it('brings a far row of a huge list into sight', () => {
    const total = 2_000_000
    const at = scrollToRow(1_500_000, 0, 360, total, 36)
    const seen = windowAt(at, 360, total, 36, 0)
    expect(seen.first).toBeLessThanOrEqual(1_500_000)
    expect(seen.last).toBeGreaterThan(1_500_000)
  })
})
