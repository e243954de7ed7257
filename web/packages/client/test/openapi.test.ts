import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

interface GeneratorModule {
  generate: (document: unknown) => string
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

it('has types generated from the openapi.json beside it', async () => {
  const module = (await import(here('../../../tools/generate-model.mjs'))) as GeneratorModule
  const document: unknown = JSON.parse(readFileSync(here('../../../openapi.json'), 'utf8'))
  expect(readFileSync(here('../../model/src/generated.ts'), 'utf8')).toBe(module.generate(document))
})
