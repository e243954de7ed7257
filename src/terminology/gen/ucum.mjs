// Writes the C++ table of unit atoms and prefixes.
//   node ucum.mjs tables/ucum-units.tsv OUTPUT.cpp
// Same input, same bytes.
import fs from 'node:fs';

const [input, output] = process.argv.slice(2);
const lines = fs
  .readFileSync(input, 'utf8')
  .split('\n')
  .filter((line) => line && !line.startsWith('#'));
const header = lines.shift().split('\t');
const expected = 'kind code metric function value unit name_en name_zh';
if (header.join(' ') !== expected) {
  console.error(`${input}: the columns must be: ${expected}`);
  process.exit(1);
}
const kinds = new Set(['prefix', 'base', 'unit', 'arbitrary', 'special']);
const capital = (text) => text[0].toUpperCase() + text.slice(1);
const quote = (text) => JSON.stringify(text);

const rows = lines.map((line, index) => {
  const cells = line.split('\t');
  const row = Object.fromEntries(header.map((name, i) => [name, cells[i]]));
  if (cells.length !== header.length || !kinds.has(row.kind) || !row.code || !row.name_zh) {
    console.error(`${input}: row ${index + 1} is not complete: ${line}`);
    process.exit(1);
  }
  return row;
});
const prefixes = rows.filter((row) => row.kind === 'prefix');
const atoms = rows.filter((row) => row.kind !== 'prefix');

const text = `#include "ucum/atoms.hpp"

#include <array>

namespace kangqu::terminology::ucum {

namespace {

constexpr std::array<PrefixRow, ${prefixes.length}> kPrefixes = {{
${prefixes.map((r) => `    {${[r.code, r.value, r.name_en, r.name_zh].map(quote).join(', ')}},`).join('\n')}
}};

constexpr std::array<AtomRow, ${atoms.length}> kAtoms = {{
${atoms
  .map(
    (r) =>
      `    {${quote(r.code)}, AtomKind::k${capital(r.kind)}, ${r.metric === 'yes'}, ` +
      `Function::k${r.function ? capital(r.function) : 'None'}, ` +
      `${[r.value, r.unit, r.name_en, r.name_zh].map(quote).join(', ')}},`
  )
  .join('\n')}
}};

}  // namespace

std::span<const PrefixRow> PrefixRows() {
    return kPrefixes;
}

std::span<const AtomRow> AtomRows() {
    return kAtoms;
}

}  // namespace kangqu::terminology::ucum
`;
fs.writeFileSync(output, text);
