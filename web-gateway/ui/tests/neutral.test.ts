// The page's version of the rule in text/, held to the same cases.
import { readFileSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnswerSchema } from '#gen/viva/v1/answer_pb.js';
import { harmless, neutral } from '../src/lib/neutral.js';

const cases = JSON.parse(readFileSync('../../text/cases.json', 'utf8')) as { what: string; text: string; shown: string }[];

/** Parts of texts that steer, hide or join, in any order. */
const morsel = fc.constantFrom(
  '\u202e',
  '\u2066',
  '\u2069',
  '\u200e',
  '\u200f',
  '\u061c',
  '\u200b',
  '\u200c',
  '\u200d',
  '\ufeff',
  '\xad',
  '\ufe0f',
  '\u{1f3fd}',
  '\u{e0041}',
  '\0',
  '\x1b',
  '\x9b',
  '\r',
  '\n',
  '\t',
  '\u2028',
  'a',
  ' ',
  '\u0645',
  '\u064e',
  '\u094d',
  '\u0915',
  '😀',
  '❤',
);
const texts = fc.array(fc.oneof(morsel, fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 30 }).map((parts) => parts.join(''));

describe('a text from people and models', () => {
  test.each(cases)('$what', ({ text, shown }) => expect(neutral(text)).toBe(shown));

  test('has nothing left that steers, and stays the same when neutralised again', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const once = neutral(text);
        expect(once).not.toMatch(/[^\P{Cc}\n]|[\u2028-\u202e\u2066-\u2069\u200e\u200f\u061c\u200b\ufeff]/u);
        expect(neutral(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });

  test('loses no visible character', () => {
    const letters = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, '');
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(letters(neutral(text))).toBe(letters(text));
      }),
    );
  });

  test('of any length is neutralised in linear time', () => {
    for (const part of ['\u200d', '\u0645\u200c', '😀\u200d', '\u202e', '\r']) {
      const from = performance.now();
      neutral(part.repeat(20_000));
      expect(performance.now() - from).toBeLessThan(2_000);
    }
  });
});

test('every text of a message is made harmless, however deeply nested, and nothing else changes', () => {
  const bad = 'a\u202eb';
  const answer = create(AnswerSchema, {
    id: 5n,
    answerText: bad,
    attempt: 2,
    evaluation: {
      feedback: bad,
      suggestions: ['plain', bad],
      keyPoints: [{ point: bad, coverage: 0.5, evidence: bad }],
      grader: { name: bad },
    },
  });
  const shown = harmless(answer);
  expect(JSON.stringify(shown, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))).not.toContain('\u202e');
  expect(shown).toMatchObject({
    id: 5n,
    answerText: 'a<202e>b',
    attempt: 2,
    evaluation: { suggestions: ['plain', 'a<202e>b'], keyPoints: [{ coverage: 0.5, evidence: 'a<202e>b' }] },
  });
});
