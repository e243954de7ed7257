import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { en } from '../src/i18n/en'
import { zh } from '../src/i18n/zh'

type Tree = { [key: string]: string | string[] | Tree }

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const source = here('../src')

function flat(tree: Tree, prefix = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value] as const] : [...flat(value as Tree, `${prefix}${key}.`)],
    ),
  )
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) => {
    const path = join(folder, one.name)
    if (one.isDirectory()) return files(path)
    return /\.(ts|vue)$/.test(one.name) && !path.includes('i18n') ? [path] : []
  })
}

const zhTexts = flat(zh)
const enTexts = flat(en)
const parameters = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((one) => one[1] ?? '').sort()

describe('texts', () => {
  it('have the same keys in both languages', () => {
    expect([...enTexts.keys()].sort()).toEqual([...zhTexts.keys()].sort())
  })

  it('are written, and with the same parameters', () => {
    for (const [key, text] of zhTexts) {
      expect(text.trim(), key).not.toBe('')
      const other = enTexts.get(key) ?? ''
      expect(other.trim(), key).not.toBe('')
      expect(new Set(parameters(other)), key).toEqual(new Set(parameters(text)))
    }
  })

  it('hold every key that the pages name, and no page text outside', () => {
    for (const path of files(source)) {
      const text = readFileSync(path, 'utf8')
      for (const match of text.matchAll(/\bt\(\s*'([\w.-]+)'/g)) {
        expect(zhTexts.has(match[1] ?? ''), `${match[1]} in ${path}`).toBe(true)
      }
    }
  })

  it('leave no Chinese in the pages but the name of the other language and list marks', () => {
    for (const path of files(source)) {
      const text = readFileSync(path, 'utf8').replaceAll("'中文'", '')
      expect(text.match(/[\u4e00-\u9fff]+/g), path).toBeNull()
    }
  })

  it('use the terms of the plan documents', () => {
    expect(zh.targetState).toEqual({ met: '已达标', onTrack: '达序时进度', behind: '滞后', notComputable: '暂无法计算' })
    expect([zh.plan.lead, zh.plan.responsible, zh.measure.title]).toEqual(['牵头单位', '责任单位', '指标口径'])
    expect(zh.measure.reasons['denominator-exclusion']).toBe('剔除原因')
  })
})
