// Patients a second of npm `cql-execution` with `cql-exec-fhir` on a library in ELM.
//   node cql.mjs LIBRARY.elm.json PATIENTS.ndjson COUNT
import { readFileSync } from 'node:fs';
import cql from 'cql-execution';
import cqlfhir from 'cql-exec-fhir';

const elm = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const bundles = readFileSync(process.argv[3], 'utf8').trim().split('\n')
  .slice(0, Number(process.argv[4])).map((line) => JSON.parse(line));
// The conversions of FHIR elements that the library calls, as the published helpers make them.
const operand = { type: 'OperandRef', name: 'x' };
const value = (path) => ({ type: 'Property', path: 'value', source: { type: 'Property', path, source: operand } });
const plain = { type: 'Property', path: 'value', source: operand };
const given = (expression) => ({ type: 'If', condition: { type: 'IsNull', operand }, then: { type: 'Null' }, else: expression });
const named = (name, expression) => ({
  name, context: 'Patient', accessLevel: 'Public', type: 'FunctionDef', expression: given(expression),
  operand: [{ name: 'x', operandTypeSpecifier: { type: 'NamedTypeSpecifier', name: '{urn:hl7-org:elm-types:r1}Any' } }],
});
const helpers = { library: {
  identifier: { id: 'FHIRHelpers', version: '4.0.1' }, schemaIdentifier: elm.library.schemaIdentifier,
  usings: elm.library.usings,
  statements: { def: [
    named('ToString', plain),
    named('ToDateTime', plain),
    named('ToInterval', { type: 'Interval', low: value('start'), high: value('end'), lowClosed: true, highClosed: true }),
    named('ToQuantity', { type: 'Instance', classType: '{urn:hl7-org:elm-types:r1}Quantity', element: [
      { name: 'value', value: value('value') }, { name: 'unit', value: value('code') }] }),
  ] },
} };
const libraries = { FHIRHelpers: helpers };
const library = new cql.Library(elm, new cql.Repository(libraries));
const period = new cql.Interval(
  cql.DateTime.parse('2025-01-01T00:00:00.000+00:00'), cql.DateTime.parse('2025-12-31T23:59:59.999+00:00'));
const executor = new cql.Executor(library, undefined, { 'Measurement Period': period });
const source = cqlfhir.PatientSource.FHIRv401();
source.loadBundles(bundles);
const start = process.hrtime.bigint();
const result = await executor.exec(source);
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
const count = Object.keys(result.patientResults).length;
console.log(JSON.stringify({ name: 'peer_cql_execution', value: Number((count / seconds).toPrecision(4)), unit: 'patients/s',
  workload: `npm cql-execution with cql-exec-fhir, every definition of ${elm.library.identifier.id} for ${count} patients, one thread`, flush_ms: 0 }));
