import { describe, expect, it, vi } from 'vitest'
import { PagedRows, type Page } from '../src'

function source(total: number, position: () => number = () => 1) {
  return vi.fn((offset: number, limit: number, signal: AbortSignal): Promise<Page<number>> => {
    const items = Array.from({ length: Math.max(0, Math.min(limit, total - offset)) }, (_, k) => offset + k)
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('x', 'AbortError')))
      queueMicrotask(() => resolve({ total, position: position(), items }))
    })
  })
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 0))

describe('PagedRows', () => {
  it('loads the pages in sight once and answers their rows', async () => {
    const load = source(1000)
    const rows = new PagedRows<number>(load, () => {}, 100)
    rows.ensure(150, 260)
    rows.ensure(150, 260)
    await settle()
    expect(load.mock.calls.map((call) => call[0])).toEqual([100, 200])
    expect(rows.row(150)).toBe(150)
    expect(rows.row(299)).toBe(299)
    expect(rows.row(300)).toBeUndefined()
    expect(rows.head?.total).toBe(1000)
  })

  it('cancels pages that left the sight before they came', async () => {
    const load = source(100_000)
    const rows = new PagedRows<number>(load, () => {}, 100)
    rows.ensure(5000, 5020)
    rows.ensure(90_000, 90_020)
    expect(load.mock.calls[0]?.[2].aborted).toBe(true)
    await settle()
    expect(rows.row(5000)).toBeUndefined()
    expect(rows.row(90_010)).toBe(90_010)
    expect(rows.error).toBeUndefined()
  })

  it('asks again for a page that was cancelled', async () => {
    const rows = new PagedRows<number>(source(100_000), () => {}, 100)
    rows.ensure(5000, 5020)
    rows.ensure(90_000, 90_020)
    rows.ensure(5000, 5020)
    await settle()
    expect(rows.row(5001)).toBe(5001)
  })

  it('tells when the records changed between two pages', async () => {
    let position = 7
    const rows = new PagedRows<number>(source(1000, () => position), () => {}, 100)
    rows.ensure(0, 10)
    await settle()
    expect(rows.moved).toBe(false)
    position = 8
    rows.ensure(500, 510)
    await settle()
    expect(rows.moved).toBe(true)
  })

  it('keeps a failure until it is asked to try again', async () => {
    let fail = true
    const load = vi.fn((offset: number) =>
      fail ? Promise.reject(new Error('down')) : Promise.resolve({ total: 1, position: 1, items: [offset] }),
    )
    const rows = new PagedRows<number>(load, () => {}, 100)
    rows.ensure(0, 10)
    await settle()
    rows.ensure(0, 10)
    expect(rows.error).toBeInstanceOf(Error)
    expect(load).toHaveBeenCalledTimes(1)
    fail = false
    rows.retry()
    rows.ensure(0, 10)
    await settle()
    expect(rows.row(0)).toBe(0)
  })

  it('drops the oldest pages of a long scroll but never the one just loaded', async () => {
    const rows = new PagedRows<number>(source(100_000), () => {}, 10)
    for (let at = 0; at < 2000; at += 10) {
      rows.ensure(at, at + 10)
      await settle()
    }
    expect(rows.row(1995)).toBe(1995)
    expect(rows.row(0)).toBe(0)
    expect(rows.row(20)).toBeUndefined()
  })
})
