import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoted } from '../src/lib/quotes.js';

describe('quotes', () => {
  test('are found with the numbers of their points, which follow the text', () => {
    const found = quoted('first this, then that.', ['that', 'first this', 'not there'], []);
    expect(found.numbers).toEqual(new Map([[1, 1], [0, 2]]));
    expect(found.runs).toEqual([
      { text: 'first this', quoted: true, numbers: [1] },
      { text: ', then ', quoted: false, numbers: [] },
      { text: 'that', quoted: true, numbers: [2] },
      { text: '.', quoted: false, numbers: [] },
    ]);
  });

  test('that overlap are marked once, and each number stands where its words end', () => {
    const found = quoted('abcdef', ['bcd'], ['cde']);
    expect(found.runs).toEqual([
      { text: 'a', quoted: false, numbers: [] },
      { text: 'bcd', quoted: true, numbers: [1] },
      { text: 'e', quoted: true, numbers: [] },
      { text: 'f', quoted: false, numbers: [] },
    ]);
  });

  test('of words that stand there twice mark the first, and an empty one marks nothing', () => {
    expect(quoted('so so', [' so ', '  '], []).runs[0]).toEqual({ text: 'so', quoted: true, numbers: [1] });
    expect(quoted('', ['', 'x'], ['']).runs).toEqual([]);
  });

  test('change nothing of the text', () => {
    const answer = fc.string({ unit: 'grapheme', maxLength: 60 });
    fc.assert(
      fc.property(answer, fc.array(fc.tuple(fc.nat(60), fc.nat(60))), (text, places) => {
        const quotes = places.map(([from, to]) => text.slice(from, to));
        const { runs } = quoted(text, quotes, quotes.slice(1));
        expect(runs.map((run) => run.text).join('')).toBe(text);
        for (const quote of quotes.map((one) => one.trim()).filter(Boolean)) {
          const marked = runs.map((run) => (run.quoted ? run.text : '\u0000'.repeat(run.text.length))).join('');
          expect(marked.slice(text.indexOf(quote)).startsWith(quote)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
