/** Messages of the contract as bytes and back, by the tables in gen/viva.ts. What a table does not
 * name is skipped, so that a newer server can say more than this page knows. */

/** A field: its number, its name, its type, and whether it is there many times or maybe not. */
export type Field = readonly [
  number: number,
  name: string,
  type: Scalar | Message<object>,
  label?: 'many' | 'maybe',
];

/** The scalars that the contract uses. An enum is an int32. */
export type Scalar = 'double' | 'int32' | 'int64' | 'bool' | 'string' | 'bytes';

/** A table of the fields of a message. */
export interface Message<T extends object> {
  readonly fields: readonly Field[];
  /** Nothing at run time: keeps tables of different messages apart. */
  readonly type?: T;
}

/** A table from its rows. */
export function message<T extends object>(fields: readonly Field[]): Message<T> {
  return { fields };
}

/** A message that is to be sent: what is left out has its default. */
export type Init<T> = { [K in keyof T]?: T[K] extends object ? Init<T[K]> : T[K] };

const text = new TextEncoder();
const words = new TextDecoder();

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

type Values = Record<string, unknown>;

/** The bytes of a message. */
export function encode<T extends object>(table: Message<T>, value: Init<T>): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  for (const [number, name, type, label] of table.fields) {
    const given = (value as Values)[name];
    if (given === undefined) continue;
    const list = label === 'many' ? (given as unknown[]) : [given];
    for (const one of list) if (label || !isDefault(one)) put(out, number, type, one);
  }
  return Uint8Array.from(out);
}

function isDefault(value: unknown): boolean {
  return value === 0 ? !Object.is(value, -0) : value === 0n || value === '' || value === false || (value instanceof Uint8Array && value.length === 0);
}

function put(out: number[], number: number, type: Field[2], value: unknown): void {
  const tag = (wire: number) => varint(out, BigInt(number * 8 + wire));
  if (type === 'double') {
    tag(FIXED64);
    const bytes = new DataView(new ArrayBuffer(8));
    bytes.setFloat64(0, value as number, true);
    for (let at = 0; at < 8; at += 1) out.push(bytes.getUint8(at));
  } else if (type === 'int32' || type === 'int64' || type === 'bool') {
    tag(VARINT);
    varint(out, BigInt.asUintN(64, BigInt(value as number | bigint | boolean)));
  } else {
    tag(BYTES);
    const bytes = bytesOf(type, value);
    varint(out, BigInt(bytes.length));
    for (const byte of bytes) out.push(byte);
  }
}

function bytesOf(type: Field[2], value: unknown): Uint8Array {
  if (type === 'string') return text.encode(value as string);
  if (type === 'bytes') return value as Uint8Array;
  return encode(type as Message<object>, value as object);
}

function varint(out: number[], value: bigint): void {
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80);
  out.push(Number(rest));
}

/** Thrown when bytes are no message. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
}

/** A message in which nothing is set. */
export function blank<T extends object>(table: Message<T>): T {
  const value: Values = {};
  for (const [, name, type, label] of table.fields) {
    if (label === 'many') value[name] = [];
    else if (!label) value[name] = defaultOf(type);
  }
  return value as T;
}

/** The message in the bytes. */
export function decode<T extends object>(table: Message<T>, bytes: Uint8Array): T {
  const value = blank(table) as Values;
  const reader = new Reader(bytes);
  while (!reader.isDone) {
    const tag = Number(reader.varint());
    const field = table.fields.find(([number]) => number === tag >>> 3);
    if (field) take(reader, field, tag & 7, value);
    else reader.skip(tag & 7);
  }
  return value as T;
}

function defaultOf(type: Field[2]): unknown {
  if (type === 'string') return '';
  if (type === 'int64') return 0n;
  if (type === 'bool') return false;
  return type === 'bytes' ? new Uint8Array() : 0;
}

function take(reader: Reader, [, name, type, label]: Field, wire: number, value: Values): void {
  if (label !== 'many') {
    value[name] = one(reader, type, wire);
    return;
  }
  const list = value[name] as unknown[];
  const isPackable = typeof type === 'string' && type !== 'string' && type !== 'bytes';
  if (wire !== BYTES || !isPackable) {
    list.push(one(reader, type, wire));
    return;
  }
  const packed = new Reader(reader.bytes());
  while (!packed.isDone) list.push(one(packed, type, type === 'double' ? FIXED64 : VARINT));
}

function one(reader: Reader, type: Field[2], wire: number): unknown {
  const expected = type === 'double' ? FIXED64 : type === 'int32' || type === 'int64' || type === 'bool' ? VARINT : BYTES;
  if (wire !== expected) throw new CodecError('a field is of another kind');
  if (type === 'double') return reader.double();
  if (type === 'string') return words.decode(reader.bytes());
  if (type === 'bytes') return reader.bytes().slice();
  if (typeof type === 'object') return decode(type, reader.bytes());
  const value = reader.varint();
  if (type === 'bool') return value !== 0n;
  return type === 'int64' ? BigInt.asIntN(64, value) : Number(BigInt.asIntN(32, value));
}

/** Reads bytes from front to back. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isDone(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#next(1)[0] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new CodecError('a number is too long');
  }

  double(): number {
    const bytes = this.#next(8);
    return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true);
  }

  bytes(): Uint8Array {
    return this.#next(Number(this.varint()));
  }

  skip(wire: number): void {
    if (wire === VARINT) this.varint();
    else if (wire === FIXED64) this.#next(8);
    else if (wire === BYTES) this.bytes();
    else if (wire === FIXED32) this.#next(4);
    else throw new CodecError('a field is of no known kind');
  }

  #next(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw new CodecError('the message ends too early');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }
}
