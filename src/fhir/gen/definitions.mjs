// Writes the C++ tables of FHIR R4 from the published definitions.
//   node definitions.mjs FOLDER OUTPUT.cpp
// FOLDER holds profiles-resources.json, profiles-types.json, search-parameters.json and
// compartmentdefinition-patient.json. Same input, same bytes.
import fs from 'node:fs';
import path from 'node:path';

const [folder, output] = process.argv.slice(2);

function fail(message) {
  console.error(message);
  process.exit(1);
}

if (!folder || !output) {
  fail('usage: node definitions.mjs FOLDER OUTPUT.cpp');
}
if (!fs.existsSync(folder)) {
  fail(`The published FHIR definitions are not at ${folder}: run "make setup" first.`);
}

function resourcesOf(name) {
  const bundle = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
  return bundle.entry.map((entry) => entry.resource);
}

const structures = [...resourcesOf('profiles-types.json'), ...resourcesOf('profiles-resources.json')].filter(
  (r) => r.resourceType === 'StructureDefinition' && r.derivation !== 'constraint' && r.kind !== 'logical'
);
const tail = (url) => url.slice(url.lastIndexOf('/') + 1);
const capital = (text) => text[0].toUpperCase() + text.slice(1);
const byText = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

// ---- types and their elements -------------------------------------------------------------------

// name -> {name, kind, base, abstract, elements: [{name, pathName, type, min, many, choice, summary}]}
const types = new Map();

// The type of an element that is not a choice.
function typeName(element) {
  if (element.contentReference) {
    return element.contentReference.slice(1);
  }
  const code = element.type[0].code;
  if (!code.startsWith('http://hl7.org/fhirpath/')) {
    return isBackbone(element) ? element.path : code;
  }
  // Resource.id is published as a string; its format is that of an id.
  if (element.base.path === 'Resource.id') {
    return 'id';
  }
  const exact = element.type[0].extension?.find((e) => e.url.endsWith('structuredefinition-fhir-type'));
  return exact?.valueUrl ?? 'string';
}

function isBackbone(element) {
  const code = element.type?.[0]?.code;
  return (code === 'BackboneElement' || code === 'Element') && element.path.includes('.');
}

function rowsOf(element) {
  const leaf = element.path.slice(element.path.lastIndexOf('.') + 1);
  const facts = { min: element.min, many: element.max !== '1', summary: element.isSummary === true };
  if (!leaf.endsWith('[x]')) {
    return [{ ...facts, name: leaf, pathName: leaf, type: typeName(element), choice: false }];
  }
  const pathName = leaf.slice(0, -3);
  return element.type.map((type) => {
    return { ...facts, name: pathName + capital(type.code), pathName, type: type.code, choice: true };
  });
}

function addType(name, kind, base, abstract) {
  types.set(name, { name, kind, base, abstract, elements: [] });
}

for (const structure of structures) {
  const kind = { resource: 'kResource', 'complex-type': 'kComplex', 'primitive-type': 'kPrimitive' }[structure.kind];
  const base = structure.baseDefinition ? tail(structure.baseDefinition) : null;
  addType(structure.name, kind, base, structure.abstract);
  for (const element of structure.snapshot.element.slice(1)) {
    const parent = types.get(element.path.slice(0, element.path.lastIndexOf('.')));
    // `value` of a primitive is the JSON value itself; a maximum of 0 forbids the element.
    if (element.max === '0' || (kind === 'kPrimitive' && element.path === `${structure.name}.value`)) {
      continue;
    }
    if (!parent) {
      fail(`${element.path} has no parent`);
    }
    if (!element.contentReference && isBackbone(element)) {
      addType(element.path, 'kBackbone', element.type[0].code, false);
    }
    parent.elements.push(...rowsOf(element));
  }
}

const names = [...types.keys()].sort(byText);
const numberOf = new Map(names.map((name, index) => [name, index]));
const concrete = names.filter((name) => types.get(name).kind === 'kResource' && !types.get(name).abstract);

function number(name) {
  if (!numberOf.has(name)) {
    fail(`unknown type ${name}`);
  }
  return numberOf.get(name);
}

// ---- search parameters --------------------------------------------------------------------------

// The alternatives of a FHIRPath union that stand outside all brackets.
function alternatives(expression) {
  const parts = [''];
  let depth = 0;
  for (const c of expression) {
    depth += c === '(' ? 1 : c === ')' ? -1 : 0;
    if (c === '|' && depth === 0) {
      parts.push('');
    } else {
      parts[parts.length - 1] += c;
    }
  }
  return parts.map((part) => part.trim());
}

// The part of an expression that speaks of one base; a path without a type name speaks of each.
function expressionFor(base, expression) {
  return alternatives(expression)
    .filter((part) => {
      const first = /^\(*([A-Za-z]+)/.exec(part)?.[1];
      return first === base || /^[a-z]/.test(first);
    })
    .join(' | ');
}

function ancestors(name) {
  const out = [];
  for (let type = types.get(name); type; type = types.get(type.base)) {
    out.push(type.name);
  }
  return out;
}

const published = resourcesOf('search-parameters.json').filter((p) => p.resourceType === 'SearchParameter');
const parameterAt = new Map(published.map((p) => [p.url, p]));
function componentsOf(parameter) {
  return (parameter.component ?? []).map((component) => {
    const part = parameterAt.get(component.definition) ?? fail(`${parameter.url} is made of ${component.definition}`);
    return { code: part.code, kind: `k${capital(part.type)}`, expression: component.expression };
  });
}
const rows = published.flatMap((p) =>
  p.expression
    ? p.base.map((base) => ({
        base,
        code: p.code,
        url: p.url,
        kind: `k${capital(p.type)}`,
        expression: expressionFor(base, p.expression),
        targets: (p.target ?? []).filter((t) => numberOf.has(t)).map(number).sort((a, b) => a - b),
        components: componentsOf(p),
      }))
    : []
);
const empty = rows.find((row) => row.expression === '');
if (empty) {
  fail(`search parameter ${empty.url} says nothing of ${empty.base}`);
}

const compartment = new Map(
  JSON.parse(fs.readFileSync(path.join(folder, 'compartmentdefinition-patient.json'), 'utf8')).resource.map((r) => [
    r.code,
    r.param ?? [],
  ])
);

// ---- output -------------------------------------------------------------------------------------

const lines = [];
const text = (value) => `{${JSON.stringify(value)},${Buffer.byteLength(value)}}`;
function array(type, name, values, perLine) {
  lines.push(`constexpr ${type} ${name}[] = {`);
  for (let at = 0; at < values.length; at += perLine) {
    lines.push(values.slice(at, at + perLine).join(',') + ',');
  }
  lines.push('};');
}

const elementRows = [];
const byName = [];
const byPath = [];
const searchRows = [];
const targetNumbers = [];
const componentRows = [];
const compartmentCodes = [];
const typeRows = [];
const indexRows = [];
const order = (list, key) => list.map((_, at) => at).sort((a, b) => byText(list[a][key], list[b][key]) || a - b);

for (const name of names) {
  const type = types.get(name);
  const index = { elements: elementRows.length, name: byName.length, path: byPath.length };
  for (const e of type.elements) {
    const flags = [e.many, e.choice, e.summary].map((flag) => (flag ? 1 : 0)).join(',');
    elementRows.push(`{${text(e.name)},${text(e.pathName)},${number(e.type)},${e.min},${flags}}`);
  }
  byName.push(...order(type.elements, 'name'));
  const firsts = order(type.elements, 'pathName').filter(
    (at) => at === 0 || type.elements[at - 1].pathName !== type.elements[at].pathName
  );
  for (const at of firsts) {
    const count = type.elements.filter((e) => e.pathName === type.elements[at].pathName).length;
    byPath.push(`{${at},${count}}`);
  }
  const bases = concrete.includes(name) ? ancestors(name) : [name];
  const own = rows.filter((row) => bases.includes(row.base)).sort((a, b) => byText(a.code, b.code));
  const search = searchRows.length;
  for (const row of own) {
    const targets = row.targets.length === 0 ? '{}' : `{kTargets+${targetNumbers.length},${row.targets.length}}`;
    targetNumbers.push(...row.targets);
    const size = row.components.length;
    const components = size === 0 ? '{}' : `{kComponents+${componentRows.length},${size}}`;
    componentRows.push(
      ...row.components.map((c) => `{${text(c.code)},SearchKind::${c.kind},${text(c.expression)}}`)
    );
    searchRows.push(
      `{${text(row.code)},${text(row.url)},SearchKind::${row.kind},${number(name)},` +
        `${text(row.expression)},${targets},${components}}`
    );
  }
  const codes = compartment.get(name) ?? [];
  const base = type.base === null ? 'kNoType' : number(type.base);
  typeRows.push(
    `{${text(name)},TypeKind::${type.kind},${base},${type.abstract ? 1 : 0},` +
      `{kElements+${index.elements},${type.elements.length}}}`
  );
  indexRows.push(
    `{${index.name},${index.path},${firsts.length},${search},${own.length},${compartmentCodes.length},${codes.length}}`
  );
  compartmentCodes.push(...codes.map(text));
}

lines.push('// Generated from the published FHIR R4 definitions. Do not edit.');
lines.push('#include "tables.hpp"', 'namespace kangqu::fhir::tables {', 'namespace {');
array('ElementFacts', 'kElements', elementRows, 1);
array('TypeNumber', 'kTargets', targetNumbers, 24);
array('TypeFacts', 'kTypeRows', typeRows, 1);
array('TypeIndex', 'kIndexRows', indexRows, 4);
array('std::uint16_t', 'kByNameRows', byName, 32);
array('PathRows', 'kByPathRows', byPath, 16);
array('SearchComponentFacts', 'kComponents', componentRows, 1);
array('SearchParameterFacts', 'kSearchRows', searchRows, 1);
array('std::string_view', 'kCompartmentRows', compartmentCodes, 8);
array('TypeNumber', 'kResourceRows', concrete.map(number), 24);
lines.push('}  // namespace');
lines.push('const std::span<const TypeFacts> kTypes{kTypeRows};');
lines.push('const std::span<const TypeIndex> kIndexes{kIndexRows};');
lines.push('const std::uint16_t* const kByName = kByNameRows;');
lines.push('const PathRows* const kByPath = kByPathRows;');
lines.push('const SearchParameterFacts* const kSearch = kSearchRows;');
lines.push('const std::string_view* const kCompartment = kCompartmentRows;');
lines.push('const std::span<const TypeNumber> kResources{kResourceRows};');
lines.push('}  // namespace kangqu::fhir::tables');
fs.writeFileSync(output, lines.join('\n') + '\n');
