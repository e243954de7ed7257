// Observations for the benchmark: one JSON document a line, the same bytes for the same count.
//   node observations.mjs COUNT
const codes = [
  ['8480-6', 'Systolic blood pressure', 'mmHg', 'mm[Hg]', 120],
  ['2339-0', 'Glucose', 'mmol/L', 'mmol/L', 6],
  ['29463-7', 'Body weight', 'kg', 'kg', 70],
  ['8867-4', 'Heart rate', '/min', '/min', 72],
];
let seed = 42;
const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
for (let i = 0; i < Number(process.argv[2]); i++) {
  const [code, text, unit, ucum, mean] = codes[i % codes.length];
  const value = Number((mean * (0.8 + 0.4 * next())).toFixed(1));
  const day = String(1 + (i % 28)).padStart(2, '0');
  const one = {
    resourceType: 'Observation', id: `o${i}`, status: i % 7 === 0 ? 'amended' : 'final',
    meta: { lastUpdated: '2025-03-01T08:00:00.000+08:00' },
    category: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs', display: 'Vital Signs' }] }],
    code: { coding: [{ system: 'http://loinc.org', code, display: text }, { system: 'urn:local', code: `L${i % 4}` }], text },
    subject: { reference: `Patient/p${i % 100}` }, effectiveDateTime: `2025-02-${day}T09:30:00+08:00`,
    performer: [{ reference: `Practitioner/d${i % 9}`, display: 'Dr' }],
    valueQuantity: { value, unit, system: 'http://unitsofmeasure.org', code: ucum },
    referenceRange: [{ low: { value: mean * 0.8, unit }, high: { value: mean * 1.2, unit }, text: 'usual' }],
  };
  if (i % 4 === 0) {
    one.component = [
      { code: { coding: [{ system: 'http://loinc.org', code: '8480-6' }] }, valueQuantity: { value, unit, code: ucum } },
      { code: { coding: [{ system: 'http://loinc.org', code: '8462-4' }] }, valueQuantity: { value: value - 40, unit, code: ucum } },
    ];
  }
  process.stdout.write(JSON.stringify(one) + '\n');
}
