/** Writes descriptors in the short form that `lib/descriptors` reads. The build does it; the page has only the result. */

import {
  ScalarType,
  type DescEnum,
  type DescField,
  type DescFile,
  type DescMessage,
  type DescMethod,
  type DescService,
} from '@bufbuild/protobuf';

const PROTO3 = 999;
const EXPLICIT = 1;

/** All types of a file; undefined if the short form has no way to write one of them. */
export function shortened(file: DescFile): string | undefined {
  if (file.edition !== PROTO3 || file.extensions.length > 0) return undefined;
  const scope = file.proto.package;
  const lines = [
    ...file.enums.map((one) => enumLine(one, scope)),
    ...file.messages.flatMap((one) => messageLines(one, scope)),
    ...file.services.map((one) => serviceLine(one, scope)),
  ];
  return lines.includes(undefined) ? undefined : [scope, ...lines].join('\n');
}

function within(scope: string, { typeName }: { typeName: string }): string {
  return typeName.startsWith(`${scope}.`) ? typeName.slice(scope.length + 1) : typeName;
}

/** The line of a message, and of all types within it. */
function messageLines(message: DescMessage, scope: string): (string | undefined)[] {
  const isPlain = message.oneofs.length === 0 && message.nestedExtensions.length === 0;
  const numbers = message.fields.map(({ number }) => number);
  const fields = message.fields.map((field, at) => fieldWord(field, scope, (numbers[at - 1] ?? 0) + 1));
  const line = isPlain && !fields.includes(undefined) ? ['m', within(scope, message), ...fields].join(' ') : undefined;
  return [
    line,
    ...message.nestedEnums.map((one) => enumLine(one, scope)),
    ...message.nestedMessages.flatMap((one) => messageLines(one, scope)),
  ];
}

function fieldWord(field: DescField, scope: string, next: number): string | undefined {
  if (field.fieldKind === 'map') return undefined;
  const isList = field.fieldKind === 'list';
  const other = field.message ?? field.enum;
  if (!isList && field.getDefaultValue() !== undefined) return undefined;
  if ('longAsString' in field && field.longAsString) return undefined;
  const mark = isList ? '*' : field.fieldKind !== 'message' && field.presence === EXPLICIT ? '?' : '';
  const type = other ? `:${within(scope, other)}` : field.scalar === ScalarType.STRING ? '' : `:${field.scalar}`;
  return `${field.localName}${mark}${type}${field.number === next ? '' : `#${field.number}`}`;
}

function enumLine(one: DescEnum, scope: string): string {
  const numbers = one.values.map(({ number }) => number);
  const words = one.values.map(({ localName, number }, at) =>
    number === (numbers[at - 1] ?? -1) + 1 ? localName : `${localName}:${number}`,
  );
  return ['e', within(scope, one), ...words].join(' ');
}

function serviceLine(service: DescService, scope: string): string | undefined {
  const words = service.methods.map((method) => methodWord(method, scope));
  return words.includes(undefined) ? undefined : ['s', within(scope, service), ...words].join(' ');
}

function methodWord({ name, methodKind, input, output }: DescMethod, scope: string): string | undefined {
  if (methodKind !== 'unary' && methodKind !== 'server_streaming') return undefined;
  const ends = [within(scope, input), within(scope, output)];
  const isNamedAsUsual = ends[0] === `${name}Request` && ends[1] === `${name}Response`;
  return `${name}${methodKind === 'unary' ? '' : '*'}${isNamedAsUsual ? '' : `:${ends.join(':')}`}`;
}
