// The built page's short form of the contract, compared with protobuf-es's own.
import { readdirSync } from 'node:fs';
import { create, fromBinary, toBinary, type DescEnum, type DescFile, type DescMessage, type DescService } from '@bufbuild/protobuf';
import {
  file_google_protobuf_any,
  file_google_protobuf_duration,
  file_google_protobuf_struct,
  file_google_protobuf_timestamp,
} from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fileDesc, tsEnum } from '../src/lib/descriptors.js';
import { shortened } from '../src/lib/shortening.js';
import { anyMessage } from './support/messages.js';

const isFile = (one: unknown): one is DescFile => (one as DescFile).kind === 'file';

/** The files of the contract, those that others import first. */
async function contract(): Promise<DescFile[]> {
  const paths = ['../gen/google/rpc', '../gen/viva/v1'].flatMap((folder) =>
    readdirSync(new URL(folder, import.meta.url))
      .filter((name) => name.endsWith('_pb.js'))
      .map((name) => `${folder}/${name}`),
  );
  const modules = await Promise.all(paths.map((path) => import(/* @vite-ignore */ path) as Promise<object>));
  const found: DescFile[] = [];
  const add = (file: DescFile) => {
    file.dependencies.forEach(add);
    if (!found.includes(file)) found.push(file);
  };
  modules
    .flatMap((module) => Object.values(module))
    .filter(isFile)
    .forEach(add);
  return found;
}

const files = (await contract()).filter((file) => shortened(file) !== undefined);
const short = new Map(files.map((file) => [file.name, fileDesc(shortened(file) ?? '') as unknown as DescFile]));
const all = <T>(get: (file: DescFile) => T[]): [T, T][] =>
  files.flatMap((file) => {
    const own = get(short.get(file.name) as DescFile);
    return get(file).map((one, at): [T, T] => [one, own[at] as T]);
  });
const within = (message: DescMessage): DescMessage[] => [message, ...message.nestedMessages.flatMap(within)];
const messages = all((file) => file.messages.flatMap(within));

/** What a field says about itself, as far as reading and writing messages asks. */
function told(message: DescMessage): object[] {
  return message.fields.map((field) => ({
    ...Object.fromEntries(
      ['kind', 'fieldKind', 'listKind', 'localName', 'number', 'scalar', 'presence', 'utf8Validation'].map((name) => [
        name,
        (field as unknown as Record<string, unknown>)[name],
      ]),
    ),
    packed: field.fieldKind === 'list' && field.packed,
    type: (field.message ?? field.enum)?.typeName,
    parent: field.parent.typeName,
  }));
}

test('the short form has every file that a screen reads', () => {
  const names = files.map(({ name }) => name);
  for (const name of ['answer', 'auth', 'interview', 'memory', 'report']) expect(names).toContain(`viva/v1/${name}`);
  for (const file of [file_google_protobuf_any, file_google_protobuf_duration, file_google_protobuf_timestamp])
    expect(shortened(file)).toBeDefined();
});

test('a file with something that the short form cannot say is left as it is', () => {
  expect(shortened(file_google_protobuf_struct)).toBeUndefined();
});

describe('the short form says the same as protobuf-es', () => {
  test('about messages and their fields', () => {
    expect(messages.length).toBeGreaterThan(50);
    for (const [theirs, own] of messages) {
      expect([own.typeName, told(own)]).toEqual([theirs.typeName, told(theirs)]);
    }
  });

  test('about enums', () => {
    const told = (one: DescEnum) => [one.typeName, one.open, one.values.map(({ localName, number }) => [localName, number])];
    const enums = all((file) => [...file.enums, ...file.messages.flatMap(within).flatMap((message) => message.nestedEnums)]);
    expect(enums.length).toBeGreaterThan(5);
    for (const [theirs, own] of enums) expect(told(own)).toEqual(told(theirs));
    expect(tsEnum({ kind: 'enum', typeName: 'x.Y', open: true, values: [{ localName: 'A', number: 3 }] })).toEqual({ A: 3, 3: 'A' });
  });

  test('about services', () => {
    const told = ({ typeName, methods, method }: DescService) => [
      typeName,
      Object.keys(method),
      methods.map(({ name, localName, methodKind, input, output, parent }) => [
        name,
        localName,
        methodKind,
        input.typeName,
        output.typeName,
        parent.typeName,
      ]),
    ];
    for (const [theirs, own] of all((file) => file.services)) expect(told(own)).toEqual(told(theirs));
  });

  test('in bytes, for any message', () => {
    for (const [theirs, own] of messages) {
      expect(create(own)).toEqual(create(theirs));
      const any = anyMessage(theirs);
      fc.assert(
        fc.property(any, (message) => {
          const bytes = toBinary(theirs, message);
          expect(toBinary(own, message)).toEqual(bytes);
          expect(fromBinary(own, bytes)).toEqual(fromBinary(theirs, bytes));
        }),
        { numRuns: 10 },
      );
    }
  });
});
