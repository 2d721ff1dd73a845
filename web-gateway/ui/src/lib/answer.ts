/** An answer as it is shown: paragraphs and code, cut wherever a quote, a piece of code or a colour begins or ends. */

import type { Run } from './quotes.js';

/** What a stretch of code is. */
export type TokenKind = 'keyword' | 'string' | 'comment' | 'number' | 'title' | 'type';

/** A stretch of code that has a colour. */
export interface Token {
  from: number;
  to: number;
  kind: TokenKind;
}

/** A piece of text in one style. */
export interface Piece {
  text: string;
  /** The indices of the points whose words it is part of. */
  points: number[];
  /** The numbers of the points whose words end with it. */
  numbers: number[];
  /** Whether it was between backticks. */
  isCode: boolean;
  kind: TokenKind | undefined;
}

/** A paragraph, or fenced code. */
export interface Part {
  isCode: boolean;
  /** The language that the fence names; empty for a paragraph. */
  language: string;
  pieces: Piece[];
}

/** A part before it is cut into pieces. */
interface Range {
  from: number;
  to: number;
  isCode: boolean;
  language: string;
}

/** Cuts an answer into parts. `runs` says what is quoted, and `colours` returns the tokens of code. */
export function partsOf(runs: readonly Run[], colours: (code: string, language: string) => Token[]): Part[] {
  const text = runs.map((run) => run.text).join('');
  const ranges = rangesOf(text);
  const placed = placedRuns(runs, ranges);
  return ranges.map((range) => {
    const code = text.slice(range.from, range.to);
    const tokens = range.isCode
      ? colours(code, range.language).map((token) => ({ ...token, from: token.from + range.from, to: token.to + range.from }))
      : [];
    const spans = range.isCode ? [] : codeSpans(text, range);
    return { isCode: range.isCode, language: range.language, pieces: piecesOf(text, range, placed, spans, tokens) };
  });
}

/** Whether there is code to colour. */
export function hasFence(text: string): boolean {
  return /^ {0,3}(`{3,}|~{3,})/m.test(text);
}

/** The paragraphs and the fenced code of a text, without the fences. */
function rangesOf(text: string): Range[] {
  const ranges: Range[] = [];
  let open: { fence: string; language: string; from: number } | undefined;
  let from = 0;
  let at = 0;
  const put = (range: Range) => {
    const inside = text.slice(range.from, range.to);
    // The line break before a fence belongs to the fence, and the space around a paragraph to neither.
    const [before, after] = range.isCode
      ? [0, inside.endsWith('\n') ? 1 : 0]
      : [/^\n*/, /\n*$/].map((breaks) => breaks.exec(inside)?.[0].length ?? 0);
    if (range.isCode || inside.trim() !== '') ranges.push({ ...range, from: range.from + (before ?? 0), to: range.to - (after ?? 0) });
  };
  for (const line of text.split('\n')) {
    const next = at + line.length + 1;
    const [, fence = '', info = ''] = /^ {0,3}(`{3,}(?!.*`)|~{3,})(.*)$/.exec(line) ?? [];
    if (open && fence.startsWith(open.fence) && info.trim() === '') {
      put({ from: open.from, to: at, isCode: true, language: open.language });
      open = undefined;
      from = next;
    } else if (!open && fence !== '') {
      put({ from, to: at, isCode: false, language: '' });
      open = { fence, language: info.trim().split(/\s/)[0]?.toLowerCase() ?? '', from: next };
    }
    at = next;
  }
  if (open) put({ from: Math.min(open.from, text.length), to: text.length, isCode: true, language: open.language });
  else if (from > 0) put({ from, to: text.length, isCode: false, language: '' });
  else if (text !== '') ranges.push({ from, to: text.length, isCode: false, language: '' });
  return ranges;
}

interface PlacedRun extends Run {
  from: number;
  to: number;
  /** Where its numbers go: before the fence, if the quote ends within one. */
  end: number;
}

function placedRuns(runs: readonly Run[], ranges: Range[]): PlacedRun[] {
  let at = 0;
  return runs.map((run) => {
    const from = at;
    at += run.text.length;
    const home = ranges.findLast((range) => range.from < at);
    return { ...run, from, to: at, end: Math.min(at, home?.to ?? at) };
  });
}

/** The places of inline code, including its backticks. */
function codeSpans(text: string, { from, to }: Range): [from: number, to: number][] {
  return [...text.slice(from, to).matchAll(/`[^`\n]+`/g)].map((match) => [from + match.index, from + match.index + match[0].length]);
}

function piecesOf(text: string, range: Range, runs: PlacedRun[], spans: [number, number][], tokens: Token[]): Piece[] {
  const inside = (place: number) => place > range.from && place < range.to;
  const marks = spans.flatMap(([from, to]) => [from, from + 1, to - 1, to]);
  const cuts = new Set([
    range.from,
    range.to,
    ...[...runs.flatMap(({ from, to }) => [from, to]), ...marks, ...tokens.flatMap(({ from, to }) => [from, to])].filter(inside),
  ]);
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(0, -1).flatMap((from, at) => {
    const to = places[at + 1] ?? from;
    const run = runs.find((one) => one.from <= from && to <= one.to);
    const span = spans.find(([start, end]) => start <= from && to <= end);
    const isTick = span !== undefined && (to === span[0] + 1 || from === span[1] - 1);
    const numbers = runs.flatMap((one) => (one.end === to ? one.numbers : []));
    if (isTick && numbers.length === 0) return [];
    const kind = tokens.find((token) => token.from <= from && to <= token.to)?.kind;
    return [{ text: isTick ? '' : text.slice(from, to), points: run?.points ?? [], numbers, isCode: span !== undefined, kind }];
  });
}
