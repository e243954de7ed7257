// Writes the terminology that R4 publishes as one text and a table of where each resource is in it.
//   node published.mjs FOLDER OUTPUT.json OUTPUT.cpp
// FOLDER holds valuesets.json, v3-codesystems.json, v2-tables.json and conceptmaps.json. What only
// people read (narrative, contacts) is left out. Same input, same bytes.
import fs from 'node:fs';
import path from 'node:path';

const [folder, textFile, tableFile] = process.argv.slice(2);
if (!tableFile || !fs.existsSync(folder)) {
  console.error(`The published FHIR definitions are not at ${folder}: run "make setup" first.`);
  process.exit(1);
}
const unused = new Set(['text', 'contact', 'meta', 'identifier', 'publisher', 'copyright', 'extension', 'useContext', 'jurisdiction']);
const slim = (value) =>
  Array.isArray(value)
    ? value.map(slim)
    : value && typeof value === 'object'
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([key]) => !unused.has(key) && !key.startsWith('_'))
            .map(([key, part]) => [key, slim(part)])
        )
      : value;

const types = new Set(['CodeSystem', 'ValueSet', 'ConceptMap']);
const seen = new Set();
const rows = [];
const texts = [];
let offset = 0;
for (const name of ['valuesets.json', 'v3-codesystems.json', 'v2-tables.json', 'conceptmaps.json']) {
  const bundle = JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'));
  for (const { resource } of bundle.entry) {
    const key = `${resource.resourceType} ${resource.url}`;
    if (!types.has(resource.resourceType) || seen.has(key)) {
      continue;
    }
    seen.add(key);
    const text = JSON.stringify(slim(resource));
    const size = Buffer.byteLength(text);
    rows.push([resource.resourceType, resource.id, resource.url, resource.version ?? '', offset, size]);
    texts.push(text);
    offset += size;
  }
}
fs.writeFileSync(textFile, texts.join(''));
const quote = (text) => JSON.stringify(text);
fs.writeFileSync(
  tableFile,
  `#include "published.hpp"

#include <array>

// The text lies in the program as it is and is paged in when it is read.
__asm__(
    ".section .rodata\\n"
    ".global kangqu_published_text\\n"
    "kangqu_published_text:\\n"
    ".incbin ${JSON.stringify(path.resolve(textFile)).replaceAll('"', '\\"')}\\n"
    ".byte 0\\n"
    ".previous\\n"
);
extern "C" const char kangqu_published_text[];

namespace kangqu::terminology {

namespace {

constexpr std::array<PublishedRow, ${rows.length}> kRows = {{
${rows.map(([t, i, u, v, o, s]) => `    {${[t, i, u, v].map(quote).join(', ')}, ${o}, ${s}},`).join('\n')}
}};

}  // namespace

std::span<const PublishedRow> PublishedRows() {
    return kRows;
}

std::string_view PublishedText() {
    return {kangqu_published_text, ${offset}};
}

}  // namespace kangqu::terminology
`
);
