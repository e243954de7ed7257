// Packs what validation needs of the published R4 definitions into one gzip text in a C++ array.
//   node definitions.mjs FOLDER OUTPUT.cpp
// The text is JSON: {"structures":[StructureDefinition...]}, each with the members that are read and no
// others. Base types carry their snapshot, profiles and extensions their differential. Same input,
// same bytes.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';

const [folder, output] = process.argv.slice(2);
if (!folder || !output || !fs.existsSync(folder)) {
  console.error(`The published FHIR definitions are not at ${folder}: run "make setup" first.`);
  process.exit(1);
}

function resourcesOf(name) {
  const bundle = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
  return bundle.entry.map((entry) => entry.resource);
}

// `object` with the named members; a name ending in * stands for all that begin with it.
function only(object, names) {
  const out = {};
  for (const [key, value] of Object.entries(object)) {
    if (names.some((n) => (n.endsWith('*') ? key.startsWith(n.slice(0, -1)) : key === n))) {
      out[key] = value;
    }
  }
  return out;
}

const all = [
  ...resourcesOf('profiles-types.json'),
  ...resourcesOf('profiles-resources.json'),
  ...resourcesOf('profiles-others.json'),
  ...resourcesOf('extension-definitions.json'),
].filter((r) => r.resourceType === 'StructureDefinition' && r.kind !== 'logical');
const isBase = (r) => r.derivation !== 'constraint';

// Constraints of a type's own root, which are checked wherever the type occurs.
const rootKeys = new Map(
  all.filter(isBase).map((r) => [r.type, new Set((r.snapshot.element[0].constraint ?? []).map((c) => c.key))])
);

// Invariants whose published expression does not say what their text says: a FHIR boolean is no
// System.Boolean; "more than one" is not "> 2".
const corrected = {
  'que-7': "operator = 'exists' implies (answer is boolean)",
  'que-12': 'enableWhen.count() > 1 implies enableBehavior.exists()',
};

// Chinese texts of the published invariants; those of names end in -0 and say all the same.
const chinese = new Map(
  fs
    .readFileSync(path.join(path.dirname(fileURLToPath(import.meta.url)), 'constraints_zh.tsv'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'))
);
function chineseOf(constraint) {
  const name = /^Name should be usable/.test(constraint.human) ? '名称宜能作程序中的标识符：大写字母开头，只含字母、数字和下划线。' : null;
  return name ?? chinese.get(constraint.key);
}

function slimElement(element, base) {
  const out = only(element, [
    'id', 'path', 'sliceName', 'slicing', 'min', 'max', 'fixed*', 'pattern*', 'contentReference', 'maxLength',
    'minValue*', 'maxValue*',
  ]);
  if (element.isModifier) {
    out.isModifier = true;
  }
  if (element.type) {
    out.type = element.type.map((t) => only(t, ['code', 'profile', 'targetProfile', 'aggregation']));
  }
  if (element.binding) {
    out.binding = only(element.binding, ['strength', 'valueSet']);
  }
  // Of the constraints that a type's root has anyway, the element repeats none.
  const root = !element.path.includes('.');
  const inherited = new Set(
    root || !base ? [] : (element.type ?? []).flatMap((t) => [...(rootKeys.get(t.code) ?? [])])
  );
  const constraints = (element.constraint ?? []).filter((c) => c.expression && !inherited.has(c.key));
  if (constraints.length > 0) {
    out.constraint = constraints.map((c) => ({
      ...only(c, ['key', 'severity', 'human', 'expression']),
      ...(corrected[c.key] ? { expression: corrected[c.key] } : {}),
      ...(chineseOf(c) ? { zh: chineseOf(c) } : {}),
    }));
  }
  if (out.slicing) {
    out.slicing = only(out.slicing, ['discriminator', 'ordered', 'rules']);
  }
  delete out.id;
  return element.id && element.id !== element.path ? { id: element.id, ...out } : out;
}

const structures = all.map((r) => ({
  ...only(r, ['resourceType', 'url', 'name', 'kind', 'abstract', 'type', 'baseDefinition', 'derivation', 'context', 'contextInvariant']),
  [isBase(r) ? 'snapshot' : 'differential']: {
    element: (isBase(r) ? r.snapshot : r.differential).element.map((e) => slimElement(e, isBase(r))),
  },
}));

const text = Buffer.from(JSON.stringify({ structures }));
const packed = zlib.gzipSync(text, { level: 9 });
const lines = [
  '// Generated from the published FHIR R4 definitions. Do not edit.',
  '#include "embedded.hpp"',
  'namespace kangqu::validate {',
  'namespace {',
  'constexpr unsigned char kBytes[] = {',
];
for (let at = 0; at < packed.length; at += 32) {
  lines.push([...packed.subarray(at, at + 32)].join(',') + ',');
}
lines.push('};', '}  // namespace');
lines.push(`const std::size_t kEmbeddedSize = ${text.length};`);
lines.push('const std::span<const unsigned char> kEmbedded{kBytes};');
lines.push('}  // namespace kangqu::validate');
fs.writeFileSync(output, lines.join('\n') + '\n');
