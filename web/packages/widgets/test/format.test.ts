import { describe, expect, it } from 'vitest'
import { dayText, instantText, jsonTokens, numberText, rateText, shareOf, sparkShape, withUnit } from '../src'

describe('numbers', () => {
  it('have thousands separators and keep their decimals', () => {
    expect(numberText(1234567)).toBe('1,234,567')
    expect(numberText(2.35)).toBe('2.35')
    expect(numberText(78, 1)).toBe('78.0')
  })

  it('are never zero when there is none', () => {
    for (const none of [null, undefined, Number.NaN, Infinity]) expect(numberText(none)).toBe('—')
    expect(rateText(null, '%')).toBe('—')
    expect(numberText(0)).toBe('0')
  })

  it('carry their unit', () => {
    expect(rateText(78.34, '%')).toBe('78.3%')
    expect(rateText(3, '‰')).toBe('3.0‰')
    expect(withUnit('2.5', '平方米')).toBe('2.5\u2009平方米')
    expect(withUnit('5', '')).toBe('5')
  })

  it('have a share only of something', () => {
    expect(shareOf(5, 0)).toBe(0)
    expect(shareOf(5, 20)).toBe(0.25)
    expect(shareOf(30, 20)).toBe(1)
  })
})

describe('times', () => {
  it('are shown at +08:00 whatever zone they are written in', () => {
    expect(instantText('2026-11-22T06:40:12Z')).toBe('2026-11-22 14:40')
    expect(instantText('2026-11-22T23:59:59+08:00')).toBe('2026-11-22 23:59')
  })

  it('stay what they are when they are no instant', () => {
    expect(instantText('2026年')).toBe('2026年')
    expect(dayText('2026-11-22T06:40:12Z')).toBe('2026-11-22')
    expect(dayText(null)).toBe('—')
  })
})

describe('sparkShape', () => {
  it('breaks the line at a missing value', () => {
    const points = [1, 2, null, 4, 5].map((value, n) => ({ label: String(n), value }))
    expect(sparkShape(points, null, 100, 20).lines).toHaveLength(2)
  })

  it('places a higher value and target higher', () => {
    const shape = sparkShape([{ label: 'a', value: 1 }, { label: 'b', value: 2 }], 3, 100, 20)
    expect(shape.target).toBeLessThan(shape.last?.y ?? 0)
    expect(shape.last).toEqual({ x: 96, y: 10 })
  })

  it('draws nothing of nothing', () => {
    expect(sparkShape([], 5, 100, 20)).toEqual({ lines: [], last: undefined, target: undefined })
  })
})

describe('jsonTokens', () => {
  it('tells keys, texts, numbers and words apart and loses nothing', () => {
    const line = '  "a\\"b": "c: 1", "n": -1.50e3, "t": true, "z": null'
    const tokens = jsonTokens(line)
    expect(tokens.map((one) => one.text).join('')).toBe(line)
    expect(tokens.filter((one) => one.kind === 'key').map((one) => one.text)).toEqual(['"a\\"b"', '"n"', '"t"', '"z"'])
    expect(tokens.find((one) => one.kind === 'number')?.text).toBe('-1.50e3')
    expect(tokens.filter((one) => one.kind === 'word').map((one) => one.text)).toEqual(['true', 'null'])
  })
})
