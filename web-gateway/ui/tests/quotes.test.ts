import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoted } from '../src/lib/quotes.js';

describe('quotes', () => {
  test('are found and numbered in the order of the text', () => {
    const found = quoted('first this, then that.', ['that', 'first this', 'not there']);
    expect(found.numbers).toEqual(
      new Map([
        [1, 1],
        [0, 2],
      ]),
    );
    expect(found.runs).toEqual([
      { text: 'first this', numbers: [1], points: [1] },
      { text: ', then ', numbers: [], points: [] },
      { text: 'that', numbers: [2], points: [0] },
      { text: '.', numbers: [], points: [] },
    ]);
  });

  test('that overlap are both marked, and each number is where its words end', () => {
    const found = quoted('abcdef', ['bcd', 'cde']);
    expect(found.runs).toEqual([
      { text: 'a', numbers: [], points: [] },
      { text: 'b', numbers: [], points: [0] },
      { text: 'cd', numbers: [1], points: [0, 1] },
      { text: 'e', numbers: [2], points: [1] },
      { text: 'f', numbers: [], points: [] },
    ]);
  });

  test('of words that occur twice mark the first, and an empty one marks nothing', () => {
    expect(quoted('so so', [' so ', '  ']).runs[0]).toEqual({ text: 'so', numbers: [1], points: [0] });
    expect(quoted('', ['', 'x']).runs).toEqual([]);
  });

  test('do not change the text', () => {
    const answer = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(answer, fc.array(fc.tuple(fc.nat(60), fc.nat(60))), (text, places) => {
        const quotes = places.map(([from, to]) => text.slice(from, to));
        const { runs } = quoted(text, quotes);
        expect(runs.map((run) => run.text).join('')).toBe(text);
        for (const [point, quote] of quotes.map((one) => one.trim()).entries()) {
          if (quote === '') continue;
          const marked = runs.map((run) => (run.points.includes(point) ? run.text : '\u0000'.repeat(run.text.length))).join('');
          expect(marked.slice(text.indexOf(quote)).startsWith(quote)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
