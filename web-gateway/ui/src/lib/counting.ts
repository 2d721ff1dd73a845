/** The length of a text in words, and the room left. */

import { thousands } from './phrases.js';

/** Scripts that put no spaces between words: Chinese, Japanese, Thai, Lao, Khmer, Burmese. */
const SPACELESS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** The most characters of an answer, and from how many on the page shows the count. */
const MOST = 20_000;
const NEAR = 18_000;

/** Counts the words of a text. */
export function wordCount(text: string): number {
  if (!SPACELESS.test(text) || !('Segmenter' in Intl)) return text.match(/\S+/g)?.length ?? 0;
  let words = 0;
  for (const { isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) words += Number(isWordLike);
  return words;
}

/** Says how many of the possible characters a text has; empty while it is far from the limit. */
export function roomWords(text: string): string {
  const length = text.length < NEAR ? 0 : Array.from(text.trim()).length;
  return length < NEAR ? '' : `${thousands(length)} of ${thousands(MOST)} characters`;
}
