// Makes gen/viva.ts of the contract: for the page, its types, its enums, and a table of each message
// that src/lib/wire/codec.ts reads and writes it by. protobuf-es and connect do the same with 28 KB
// of gzipped script, which is half of what the whole page may be; the tables and their client are
// 4 KB, and tests/wire.test.ts holds them against protobuf-es.
import { readdirSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { ScalarType } from '@bufbuild/protobuf';

const SCALARS = {
  [ScalarType.DOUBLE]: ['double', 'number'],
  [ScalarType.INT32]: ['int32', 'number'],
  [ScalarType.INT64]: ['int64', 'bigint'],
  [ScalarType.BOOL]: ['bool', 'boolean'],
  [ScalarType.STRING]: ['string', 'string'],
  [ScalarType.BYTES]: ['bytes', 'Uint8Array'],
};

const root = new URL('../../../gen/es/', import.meta.url);
const paths = readdirSync(root, { recursive: true }).filter((path) => path.endsWith('_pb.js')).sort();
const modules = await Promise.all(paths.map((path) => import(pathToFileURL(new URL(path, root).pathname).href)));
const files = modules.map((module) => Object.values(module).find((value) => value?.kind === 'file'));

const out = [
  '// Generated from the contract by src/lib/wire/tables.mjs.',
  "import { message, type Message } from '../src/lib/wire/codec.js';",
  "import { rpc } from '../src/lib/wire/rpc.js';",
];
const done = new Map();

/** A message's or an enum's name in the page. Two of one name would be a fault of this file. */
function nameOf(desc) {
  const name = desc.typeName.split('.').slice(desc.file.proto.package.split('.').length).join('_');
  const known = done.get(name);
  if (known && known !== desc.typeName) throw new Error(`${known} and ${desc.typeName} are both ${name}`);
  return name;
}

/** A field's type: for the table, and for TypeScript. */
function typeOf(field) {
  const kind = field.fieldKind === 'list' ? field.listKind : field.fieldKind;
  if (kind === 'message') return [nameOf(field.message), nameOf(field.message)];
  if (kind === 'enum') return ["'int32'", nameOf(field.enum)];
  const scalar = kind === 'scalar' && SCALARS[field.scalar];
  if (!scalar) throw new Error(`${field} is of a kind that the page does not know`);
  return [`'${scalar[0]}'`, scalar[1]];
}

function labelOf(field) {
  if (field.fieldKind === 'list') return 'many';
  // Set or not is told apart for messages, and for what the contract calls optional.
  return field.fieldKind === 'message' || field.proto.proto3Optional ? 'maybe' : 'one';
}

function property(field) {
  const [, type] = typeOf(field);
  const label = labelOf(field);
  if (label === 'many') return `  ${field.localName}: ${type}[];`;
  return `  ${field.localName}${label === 'maybe' ? '?' : ''}: ${type};`;
}

function row(field) {
  const [type] = typeOf(field);
  const label = labelOf(field) === 'one' ? '' : `, '${labelOf(field)}'`;
  return `  [${field.number}, '${field.localName}', ${type}${label}],`;
}

function addEnum(desc) {
  const name = nameOf(desc);
  if (done.has(name)) return;
  done.set(name, desc.typeName);
  const values = desc.values.map((value) => `  ${value.localName}: ${value.number},`);
  out.push(`export const ${name} = {`, ...values, '} as const;');
  out.push(`export type ${name} = number;`);
}

/** What a message is made of stands before it. */
function addMessage(desc) {
  const name = nameOf(desc);
  if (done.has(name)) return;
  done.set(name, desc.typeName);
  for (const field of desc.fields) {
    if (field.message) addMessage(field.message);
    if (field.enum) addEnum(field.enum);
  }
  desc.nestedEnums.forEach(addEnum);
  desc.nestedMessages.forEach(addMessage);
  out.push(`export interface ${name} {`, ...desc.fields.map(property), '}');
  out.push(`export const ${name}: Message<${name}> = /* @__PURE__ */ message([`, ...desc.fields.map(row), ']);');
}

for (const file of files) {
  file.enums.forEach(addEnum);
  file.messages.forEach(addMessage);
}
for (const service of files.flatMap((file) => file.services)) {
  for (const method of service.methods) {
    const [input, output] = [nameOf(method.input), nameOf(method.output)];
    const path = `/${service.typeName}/${method.name}`;
    out.push(`export const ${method.localName} = /* @__PURE__ */ rpc('${path}', ${input}, ${output});`);
  }
}
writeFileSync(new URL('../../../gen/viva.ts', import.meta.url), `${out.join('\n')}\n`);
