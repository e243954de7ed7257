// Runs the cases of the language natively and through the WebAssembly module, and compares.
//   node compare.mjs MODULE.js NATIVE_PROGRAM
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../../..');
const cases = join(root, 'src/expression/test/cases');
const suites = join(root, '../shared/suites');
const now = 1795336200000;

const patient = JSON.parse(readFileSync(join(cases, 'patient.json'), 'utf8'));
const lines = { fhirpath: [], cql: [] };
for (const file of readdirSync(cases).filter((name) => name.endsWith('.txt'))) {
  const cql = file.startsWith('cql-');
  for (const line of readFileSync(join(cases, file), 'utf8').split('\n')) {
    const arrow = line.lastIndexOf(' => ');
    if (arrow < 0 || line.startsWith('#')) continue;
    const expression = line.slice(0, arrow);
    if (cql) lines.cql.push(JSON.stringify({ id: lines.cql.length, expression }));
    else lines.fhirpath.push(JSON.stringify({ id: lines.fhirpath.length, expression, mode: 'strict', resource: patient }));
  }
}

const entities = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
const plain = (text) => text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, decimal, name) =>
  hex ? String.fromCodePoint(parseInt(hex, 16)) : decimal ? String.fromCodePoint(Number(decimal)) : entities[name] ?? all);
const inputs = new Map();
if (existsSync(suites)) {
  const suite = readFileSync(join(suites, 'fhirpath/tests-fhir-r4.xml'), 'utf8').replace(/<!--[^]*?-->/g, '');
  for (const [, attributes, body] of suite.matchAll(/<test\s([^>]*)>([^]*?)<\/test>/g)) {
    const expression = /<expression[^>]*>([^]*?)<\/expression>/.exec(body);
    const input = /inputfile="([^"]*)"/.exec(attributes);
    if (!expression) continue;
    const request = { id: lines.fhirpath.length, expression: plain(expression[1]) };
    if (input) {
      request.file = join(suites, 'fhirpath/inputs', input[1]);
      if (existsSync(request.file)) inputs.set(request.file, readFileSync(request.file));
    }
    lines.fhirpath.push(JSON.stringify(request));
  }
  for (const file of readdirSync(join(suites, 'cql')).filter((name) => name.endsWith('.xml'))) {
    const text = readFileSync(join(suites, 'cql', file), 'utf8').replace(/<!--[^]*?-->/g, '');
    for (const [, expression] of text.matchAll(/<expression[^>]*>([^]*?)<\/expression>/g)) {
      lines.cql.push(JSON.stringify({ id: lines.cql.length, expression: plain(expression) }));
    }
  }
} else {
  console.log('wasm: the published suites are not beside the project; only its own cases run');
}

const require = createRequire(import.meta.url);
const path = resolve(process.argv[2]);
const module = await require(path)({ wasmBinary: readFileSync(path.replace(/\.js$/, '.wasm')) });
for (const [file, bytes] of inputs) {
  module.FS.mkdirTree(dirname(file));
  module.FS.writeFile(file, bytes);
}
let wrong = 0;
let all = 0;
for (const mode of ['fhirpath', 'cql']) {
  const native = spawnSync(resolve(process.argv[3]), [mode, String(now)], {
    input: lines[mode].join('\n') + '\n', maxBuffer: 1 << 28, encoding: 'utf8',
  });
  if (native.status !== 0) throw new Error(`the native program failed: ${native.stderr}`);
  const answers = native.stdout.split('\n');
  lines[mode].forEach((line, at) => {
    const answer = module.ccall(`kq_${mode}`, 'string', ['string', 'number'], [line, now]);
    all += 1;
    if (answer !== answers[at]) {
      wrong += 1;
      if (wrong <= 20) console.log(`${mode}: ${JSON.parse(line).expression}\n  native ${answers[at]}\n  wasm   ${answer}`);
    }
  });
}
console.log(`wasm: ${all - wrong} of ${all} answers equal the native ones`);
process.exit(wrong === 0 && all > 0 ? 0 : 1);
