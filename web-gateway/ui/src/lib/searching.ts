/** Searching questions and answers on the server. */

import { AnswerService, type SearchAnswersResponse, type TextRange } from '#gen/viva/v1/answer_pb.js';
import type { Api } from './api.js';

/** The most characters of a query that the contract allows. */
const MOST_WORDS = 8;
const MOST_CHARS = 200;
/** The shortest text that is searched for: a shorter one finds nearly everything. */
const LEAST_CHARS = 2;

/** The query for a typed text; empty if the text is too short. */
export function queryOf(text: string): string {
  const query = text.trim().split(/\s+/).slice(0, MOST_WORDS).join(' ');
  return query.length < LEAST_CHARS ? '' : Array.from(query).slice(0, MOST_CHARS).join('').trim();
}

/** A page of hits. */
export function searchAnswers(api: Api, query: string, pageToken: string): Promise<SearchAnswersResponse> {
  return api.call(AnswerService.method.searchAnswers, { query, pageToken });
}

/** A text in pieces, some of which match the query. Neutralising the text may have moved the matches, so a piece that is
 * not a word of the query is not marked. */
export function marked(text: string, ranges: Pick<TextRange, 'start' | 'end'>[], query: string): { text: string; isMatch: boolean }[] {
  const characters = Array.from(text);
  const words = query.toLowerCase().split(/\s+/);
  const piece = (from: number, to: number) => characters.slice(from, to).join('');
  const pieces: { text: string; isMatch: boolean }[] = [];
  let at = 0;
  for (const { start, end } of ranges) {
    const found = piece(start, end);
    pieces.push({ text: piece(at, start), isMatch: false });
    pieces.push({ text: found, isMatch: words.some((word) => found.toLowerCase().includes(word)) });
    at = end;
  }
  return [...pieces, { text: piece(at, characters.length), isMatch: false }].filter((one) => one.text !== '');
}
