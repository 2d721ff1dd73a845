/** The colours of code, loaded when there is code to show. */

import type { Token } from '../lib/answer.js';

type Tokenizer = (code: string, language: string) => Token[];

/** Longer code than this is not coloured, in characters. */
const MOST = 10_000;

const fetchIt = async (): Promise<Tokenizer> => (await import('../lib/colouring.js')).tokensOf;

let tokenizer: Tokenizer | undefined = $state.raw();

/** Loads the script that colours code. Without it, code is shown in one colour. */
export async function loadColours(): Promise<void> {
  if (tokenizer) return;
  const loaded = await fetchIt().catch(() => undefined);
  if (loaded) tokenizer = loaded;
}

/** Returns the coloured tokens of code; none until the script is loaded. */
export function coloursOf(code: string, language: string): Token[] {
  return tokenizer && code.length <= MOST ? tokenizer(code, language) : [];
}
