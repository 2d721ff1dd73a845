/** The page's version of the rule in `text/` that makes text from people and models harmless to read: characters that could
 * steer or deceive a reader are made visible or removed. `text/cases.json` has the cases. */

/** Scripts that use joiners: the blocks from Arabic to Sinhala, Myanmar, Khmer, Mongolian, Arabic presentation forms. */
const LETTER = '\\u0620-\\u0dff\\u1000-\\u109f\\u1780-\\u17ff\\u1820-\\u18aa\\ufb50-\\ufdff\\ufe70-\\ufefc';
/** Viramas, which remove the vowel from a letter, from Devanagari to Sinhala: a joiner after one changes how the letter is
 * drawn, even at the end of a word. */
const VIRAMA = '\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d4d\\u0dca';
/** What may precede a joiner within an emoji: a pictograph, a variation selector, a skin tone. */
const PICTURE = '\\p{Extended_Pictographic}\\ufe0f\\u{1f3fb}-\\u{1f3ff}';
/** Invisible characters, which can hide one text in another. */
const INVISIBLE =
  '\\xad\\u034f\\u180b-\\u180f\\u200b-\\u200f\\u061c\\u2060-\\u2065\\u206a-\\u206f\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e0fff}';

/** A joiner where it belongs, or else an invisible character, or else one that steers. */
const RULE = new RegExp(
  // eslint-disable-next-line no-misleading-character-class -- these are the single code points of such characters
  `((?<=[${LETTER}])[\\u200c\\u200d](?=[${LETTER}])|(?<=[${VIRAMA}])[\\u200c\\u200d]|(?<=[${PICTURE}])\\u200d(?=\\p{Extended_Pictographic}))` +
    `|([${INVISIBLE}])|\\r\\n|[\\p{Cc}\\u2028-\\u202e\\u2066-\\u2069]`,
  'gu',
);

/** Returns the text with nothing in it that steers or deceives: control characters and direction marks are made visible, and
 * invisible characters are removed. */
export function neutral(text: string): string {
  return text.replace(RULE, (found: string, joiner?: string, invisible?: string) => (invisible ? '' : (joiner ?? shown(found))));
}

function shown(found: string): string {
  if (/[\r\n\u2028\u2029]/.test(found)) return '\n';
  if (found === '\t') return '    ';
  const code = found.charCodeAt(0);
  if (code > 0x7f) return `<${code.toString(16)}>`;
  // Caret notation: ESC is ^[.
  return `^${String.fromCharCode(code ^ 0x40)}`;
}

/** Makes all texts of a message neutral in place and returns the message. */
export function harmless<T>(message: T): T {
  const fields = message as Record<string, unknown>;
  for (const name in fields) {
    const value = fields[name];
    if (typeof value === 'string') fields[name] = neutral(value);
    else if (typeof value === 'object' && !(value instanceof Uint8Array)) harmless(value);
  }
  return message;
}
