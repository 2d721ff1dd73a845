/** The contract's descriptors, in the short form that the build writes (`lib/shortening`). They have what reading and writing
 * messages needs. They take the place of protobuf-es's own, which come with a reader for all of its descriptor format: 9 KB. */

/** A type of the contract. */
interface Type {
  kind: 'message' | 'enum';
  typeName: string;
}

interface Message extends Type {
  kind: 'message';
  file: { edition: number };
  parent: Message | undefined;
  fields: object[];
  field: Record<string, object>;
  members: object[];
  oneofs: [];
  nestedMessages: Message[];
  nestedEnums: Enum[];
}

interface Enum extends Type {
  kind: 'enum';
  open: true;
  values: { localName: string; number: number }[];
}

interface Service {
  kind: 'service';
  typeName: string;
  methods: object[];
  method: Record<string, object>;
}

interface File {
  messages: Message[];
  enums: Enum[];
  services: Service[];
}

/** proto3, and whether a field says that it is set: numbers of the descriptor format. */
const PROTO3 = 999;
const EXPLICIT = 1;
const IMPLICIT = 2;
const STRING = 9;
const BYTES = 12;

/** All types that were read, by name. */
const types = new Map<string, Type>();

/** Reads the types of a file: the package, then a line for each. The imports are named so that they are read first. */
export function fileDesc(text: string, _imports?: File[]): File {
  const [scope, ...lines] = text.split('\n');
  const file: File = { messages: [], enums: [], services: [] };
  const named = (name: string) => types.get(`${scope}.${name}`) ?? types.get(name);
  // Types may refer to types below them.
  const referring: (() => void)[] = [];
  for (const line of lines) {
    const [kind, name = '', ...words] = line.split(' ');
    const typeName = `${scope}.${name}`;
    const parent = types.get(typeName.slice(0, typeName.lastIndexOf('.'))) as Message | undefined;
    if (kind === 's') {
      referring.push(() => file.services.push(service(typeName, words, named)));
    } else if (kind === 'e') {
      const one: Enum = { kind: 'enum', typeName, open: true, values: values(words) };
      types.set(typeName, one);
      (parent?.nestedEnums ?? file.enums).push(one);
    } else {
      const one: Message = {
        kind: 'message',
        typeName,
        file: { edition: PROTO3 },
        parent,
        fields: [],
        field: {},
        members: [],
        oneofs: [],
        nestedMessages: [],
        nestedEnums: [],
      };
      types.set(typeName, one);
      (parent?.nestedMessages ?? file.messages).push(one);
      referring.push(() => addFields(one, words, named));
    }
  }
  for (const refer of referring) refer();
  return file;
}

/** Adds fields: `name` for a string; else `name:type`, with `?` or `*` behind the name if the field may be unset or is a list,
 * and `#number` if that is not the next. */
function addFields(parent: Message, words: string[], named: (name: string) => Type | undefined): void {
  let last = 0;
  for (const word of words) {
    const [, localName = '', mark, type = `${STRING}`, number = last + 1] = /^([\w$]+)([?*]?)(?::([\w.]+))?(?:#(\d+))?$/.exec(word) ?? [];
    last = Number(number);
    const scalar = Number(type) || undefined;
    const other = scalar ? undefined : named(type);
    const kind = other?.kind ?? 'scalar';
    const isList = mark === '*';
    const field = {
      kind: 'field',
      fieldKind: isList ? 'list' : kind,
      listKind: isList ? kind : undefined,
      name: localName,
      localName,
      number: last,
      parent,
      scalar,
      message: kind === 'message' ? other : undefined,
      enum: kind === 'enum' ? other : undefined,
      presence: mark === '?' || (kind === 'message' && !isList) ? EXPLICIT : IMPLICIT,
      packed: isList && kind !== 'message' && scalar !== STRING && scalar !== BYTES,
      utf8Validation: true,
      delimitedEncoding: false,
      longAsString: false,
      getDefaultValue: () => undefined,
    };
    parent.fields.push(field);
    parent.members.push(field);
    parent.field[localName] = field;
  }
}

/** The values of an enum: `NAME`, or `NAME:number` if that is not the next. */
function values(words: string[]): Enum['values'] {
  let next = 0;
  return words.map((word) => {
    const [localName = '', number = next] = word.split(':');
    next = Number(number) + 1;
    return { localName, number: Number(number) };
  });
}

/** A service with its methods: `Name`, with `*` behind it if the server streams, and `:Input:Output` unless those are
 * called `NameRequest` and `NameResponse`. */
function service(typeName: string, words: string[], named: (name: string) => Type | undefined): Service {
  const parent: Service = { kind: 'service', typeName, methods: [], method: {} };
  for (const word of words) {
    const [, name = '', isStream, input = `${name}Request`, output = `${name}Response`] =
      /^(\w+)(\*?)(?::([\w.]+):([\w.]+))?$/.exec(word) ?? [];
    const localName = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
    const methodKind = isStream ? 'server_streaming' : 'unary';
    const method = { kind: 'rpc', name, localName, parent, methodKind, input: named(input), output: named(output), idempotency: 0 };
    parent.methods.push(method);
    parent.method[localName] = method;
  }
  return parent;
}

/** The message at a place in a file, and below it. */
export function messageDesc(file: File, at: number, ...below: number[]): Message | undefined {
  return below.reduce<Message | undefined>((message, one) => message?.nestedMessages[one], file.messages[at]);
}

/** The enum at a place in a file, or in the message there. */
export function enumDesc(file: File, at: number, ...below: number[]): Enum | undefined {
  const last = below.pop();
  return last === undefined ? file.enums[at] : messageDesc(file, at, ...below)?.nestedEnums[last];
}

/** The service at a place in a file. */
export function serviceDesc(file: File, at: number): Service | undefined {
  return file.services[at];
}

/** An enum as TypeScript has them: from names to numbers, and back. */
export function tsEnum({ values }: Enum): Record<string, string | number> {
  return Object.fromEntries(
    values.flatMap(({ localName, number }) => [
      [localName, number],
      [number, localName],
    ]),
  );
}
