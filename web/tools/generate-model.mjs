// Writes packages/model/src/generated.ts from openapi.json.
// With --check it writes nothing and exits 1 when the file on disk is not what would be written.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const kMethods = ['get', 'put', 'post', 'delete', 'patch']
const here = (path) => fileURLToPath(new URL(path, import.meta.url))

function literal(value) {
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value)
}

function property(name) {
  return /^[A-Za-z_]\w*$/.test(name) ? name : literal(name)
}

function objectType(schema, indent) {
  const required = new Set(schema.required ?? [])
  const entries = Object.entries(schema.properties ?? {})
  if (entries.length === 0) return 'Record<string, unknown>'
  const inner = `${indent}  `
  const lines = entries.map(
    ([name, value]) =>
      `${inner}${property(name)}${required.has(name) ? '' : '?'}: ${typeOf(value, inner)}`,
  )
  return `{\n${lines.join('\n')}\n${indent}}`
}

function singleType(name, schema, indent) {
  switch (name) {
    case 'string':
      return 'string'
    case 'integer':
    case 'number':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array': {
      const item = typeOf(schema.items ?? {}, indent)
      return item.includes('|') ? `(${item})[]` : `${item}[]`
    }
    case 'object':
      return objectType(schema, indent)
    default:
      throw new Error(`openapi.json: unknown schema type ${name}`)
  }
}

function typeOf(schema, indent = '') {
  if (schema.$ref) return schema.$ref.split('/').at(-1)
  if (schema.const !== undefined) return literal(schema.const)
  if (schema.enum) return schema.enum.map(literal).join(' | ')
  const choices = schema.oneOf ?? schema.anyOf
  if (choices) return [...new Set(choices.map((one) => typeOf(one, indent)))].join(' | ')
  if (schema.properties && !schema.type) return objectType(schema, indent)
  if (!schema.type) return 'unknown'
  const names = Array.isArray(schema.type) ? schema.type : [schema.type]
  return names.map((name) => singleType(name, schema, indent)).join(' | ')
}

function declaration(name, schema) {
  const comment = schema.description ? `/** ${schema.description} */\n` : ''
  if (schema.type === 'object' && schema.properties) {
    return `${comment}export interface ${name} ${objectType(schema, '')}\n`
  }
  return `${comment}export type ${name} = ${typeOf(schema)}\n`
}

function parameters(operation, place) {
  const found = (operation.parameters ?? []).filter((one) => one.in === place)
  if (found.length === 0) return 'Record<never, never>'
  const fields = found.map(
    (one) => `${property(one.name)}${one.required ? '' : '?'}: ${typeOf(one.schema ?? {})}`,
  )
  return `{ ${fields.join('; ')} }`
}

function content(part) {
  const media = Object.values(part?.content ?? {})[0]
  return media ? typeOf(media.schema ?? {}, '    ') : 'undefined'
}

function operationEntry(method, path, operation) {
  const success = Object.entries(operation.responses ?? {}).find(([code]) => /^2/.test(code))
  return [
    `  '${method.toUpperCase()} ${path}': {`,
    `    path: ${parameters(operation, 'path')}`,
    `    query: ${parameters(operation, 'query')}`,
    `    body: ${content(operation.requestBody)}`,
    `    answer: ${content(success?.[1])}`,
    '  }',
  ].join('\n')
}

export function generate(document) {
  const schemas = Object.entries(document.components?.schemas ?? {}).map(([name, schema]) =>
    declaration(name, schema),
  )
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    kMethods.filter((method) => item[method]).map((m) => operationEntry(m, path, item[m])),
  )
  return [
    '// Generated from openapi.json by tools/generate-model.mjs; do not edit.',
    '',
    schemas.join('\n'),
    'export interface Operations {',
    operations.join('\n'),
    '}',
    '',
  ].join('\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const target = here('../packages/model/src/generated.ts')
  const text = generate(JSON.parse(readFileSync(here('../openapi.json'), 'utf8')))
  if (process.argv.includes('--check')) {
    if (readFileSync(target, 'utf8') !== text) {
      process.stderr.write('packages/model/src/generated.ts differs: run npm run model\n')
      process.exit(1)
    }
  } else {
    writeFileSync(target, text)
  }
}
