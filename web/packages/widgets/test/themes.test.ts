import { execSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const kText = readFileSync(new URL('../src/themes.css', import.meta.url), 'utf8')
/** WCAG 2.2, 1.4.3: text against its ground; 1.4.11: marks and frames against theirs. */
const kTextContrast = 4.5
const kMarkContrast = 3

function tokensOf(selector: string): Map<string, string> {
  const from = kText.indexOf(selector)
  const body = kText.slice(kText.indexOf('{', from) + 1, kText.indexOf('}', from))
  return new Map([...body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((one) => [one[1] ?? '', one[2] ?? '']))
}

/** Relative luminance after WCAG 2.2. */
function luminance(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0)
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05)
}

const kGrounds = ['kq-primary-soft', 'kq-surface', 'kq-surface-2', 'kq-paper', 'kq-hover']
const kPairs: [string, string, number][] = [
  ...kGrounds.flatMap((ground) =>
    ['kq-ink', 'kq-ink-2', 'kq-ink-3', 'kq-primary', 'kq-accent'].map((ink): [string, string, number] => [ink, ground, kTextContrast]),
  ),
  ...['met', 'on-track', 'behind', 'not-computable'].flatMap((state): [string, string, number][] => [
    [`kq-${state}`, `kq-${state}-soft`, kTextContrast],
    [`kq-${state}`, 'kq-surface', kTextContrast],
  ]),
  ['kq-on-primary', 'kq-primary', kTextContrast],
  ['kq-primary-strong', 'kq-primary-soft', kTextContrast],
  ['kq-warm', 'kq-warm-soft', kTextContrast],
  ['kq-frame-ink', 'kq-frame', kTextContrast],
  ['kq-frame-ink-2', 'kq-frame-well', kTextContrast],
  ['kq-ink', 'kq-mark', kTextContrast],
  ['kq-ink-2', 'kq-strip', kTextContrast],
  ...['json-mark', 'json-key', 'json-text', 'json-number', 'json-word'].map((one): [string, string, number] => [`kq-${one}`, 'kq-surface', one === 'json-mark' ? kMarkContrast : kTextContrast]),
  ...[1, 2, 3, 4, 5, 6].map((n): [string, string, number] => [`kq-series-${n}`, 'kq-surface', kMarkContrast]),
  ['kq-bar-on-track', 'kq-surface', kMarkContrast],
  ['kq-bar-behind', 'kq-surface', kMarkContrast],
]

describe.each([['light', ':root,'], ['dark', "[data-theme='dark'],"]])('the %s theme', (_, selector) => {
  const tokens = tokensOf(selector)
  it.each(kPairs)('%s on %s reaches its contrast', (ink, ground, least) => {
    const [a, b] = [tokens.get(ink), tokens.get(ground)]
    expect(a && b, `${ink} and ${ground} are defined`).toBeTruthy()
    expect(contrast(a ?? '', b ?? '')).toBeGreaterThanOrEqual(least)
  })
})

it('both themes define the same tokens', () => {
  const names = (selector: string) => [...tokensOf(selector).keys()].sort()
  expect(names("[data-theme='dark'],")).toEqual(names(':root,'))
})

it('no style sheet or component names a colour of its own', () => {
  const root = new URL('../../', import.meta.url).pathname
  const found = execSync(`grep -rnE "#[0-9a-fA-F]{3,8}\\b" ${root}*/src --include=*.vue --include=*.css || true`, { encoding: 'utf8' })
  expect(found.split('\n').filter((line) => line !== '' && !line.includes('themes.css'))).toEqual([])
})
