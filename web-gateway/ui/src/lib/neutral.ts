/** The rule of `text/`, by which text from people and models is made harmless to read, as the page has
 * it: what would steer or deceive a reader is shown or goes. `text/cases.json` says what it does. */

/** Where joiners belong: the blocks of Arabic to Sinhala, Myanmar, Khmer, Mongolian, Arabic's forms. */
const LETTER = '\\u0620-\\u0dff\\u1000-\\u109f\\u1780-\\u17ff\\u1820-\\u18aa\\ufb50-\\ufdff\\ufe70-\\ufefc';
/** What a joiner within an emoji stands behind: a picture, its selector, its colour of skin. */
const PICTURE = '\\p{Extended_Pictographic}\\ufe0f\\u{1f3fb}-\\u{1f3ff}';
/** What is not seen itself, and can hide a text in another. */
const INVISIBLE =
  '\\xad\\u034f\\u180b-\\u180f\\u200b-\\u200f\\u061c\\u2060-\\u2065\\u206a-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e0fff}';

/** A joiner in its place, else what is invisible, else what steers. */
const RULE = new RegExp(
  `((?<=[${LETTER}])[\\u200c\\u200d](?=[${LETTER}])|(?<=[${PICTURE}])\\u200d(?=\\p{Extended_Pictographic}))` +
    `|([${INVISIBLE}])|\\r\\n|[\\p{Cc}\\u2028-\\u202e\\u2066-\\u2069]`,
  'gu',
);

/** The text with nothing in it that steers or deceives: control characters and marks that turn the
 * direction of what follows are shown as what they are, and what is invisible vanishes. */
export function neutral(text: string): string {
  return text.replace(RULE, (found: string, joiner?: string, invisible?: string) =>
    invisible ? '' : (joiner ?? shown(found)),
  );
}

function shown(found: string): string {
  if (/[\r\n\u2028\u2029]/.test(found)) return '\n';
  if (found === '\t') return '    ';
  const code = found.charCodeAt(0);
  if (code > 0x7f) return `<${code.toString(16)}>`;
  // As a terminal's own manual writes them: ESC is ^[.
  return `^${String.fromCharCode(code ^ 0x40)}`;
}

/** Makes all texts of a message neutral, within itself, and gives it back. */
export function harmless<T>(message: T): T {
  const fields = message as Record<string, unknown>;
  for (const name in fields) {
    const value = fields[name];
    if (typeof value === 'string') fields[name] = neutral(value);
    else if (typeof value === 'object' && !(value instanceof Uint8Array)) harmless(value);
  }
  return message;
}
