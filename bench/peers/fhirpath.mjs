// Expressions a second of npm `fhirpath` on the documents of the benchmark.
//   node fhirpath.mjs EXPRESSIONS.json OBSERVATIONS.ndjson SECONDS
import { readFileSync } from 'node:fs';
import fhirpath from 'fhirpath';
import model from 'fhirpath/fhir-context/r4/index.js';

const expressions = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const documents = readFileSync(process.argv[3], 'utf8').trim().split('\n').map((line) => JSON.parse(line));
const seconds = Number(process.argv[4]);

function rate(evaluate) {
  for (const document of documents.slice(0, 20)) evaluate(document);
  const start = process.hrtime.bigint();
  let count = 0;
  let elapsed = 0;
  while (elapsed < seconds) {
    for (const document of documents) {
      count += evaluate(document);
      if ((count & 255) === 0) {
        elapsed = Number(process.hrtime.bigint() - start) / 1e9;
        if (elapsed >= seconds) break;
      }
    }
    elapsed = Number(process.hrtime.bigint() - start) / 1e9;
  }
  return count / elapsed;
}

const compiled = expressions.map((expression) => fhirpath.compile(expression, model));
const fast = rate((document) => {
  for (const path of compiled) path(document);
  return compiled.length;
});
const slow = rate((document) => {
  for (const expression of expressions) fhirpath.evaluate(document, expression, undefined, model);
  return expressions.length;
});
const text = `npm fhirpath, ${expressions.length} expressions on ${documents.length} Observations, one thread`;
console.log(JSON.stringify({ name: 'peer_fhirpath_compiled', value: Math.round(fast), unit: 'expressions/s', workload: text, flush_ms: 0 }));
console.log(JSON.stringify({ name: 'peer_fhirpath_interpreted', value: Math.round(slow), unit: 'expressions/s', workload: text, flush_ms: 0 }));
