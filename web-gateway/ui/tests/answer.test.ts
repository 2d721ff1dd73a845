// An answer as it is shown: paragraphs, coloured code and quoted words.
import fc from 'fast-check';
import { beforeEach, expect, test, vi } from 'vitest';
import { EvaluationStatus } from '#gen/viva/v1/answer_pb.js';
import { hasFence, partsOf, type Part } from '../src/lib/answer.js';
import { tokensOf } from '../src/lib/colouring.js';
import { quoted } from '../src/lib/quotes.js';
import { FakeServer, pageOn } from './support/server.js';

beforeEach(() => localStorage.clear());

const parts = (text: string, evidence: string[] = [], colours = tokensOf) => partsOf(quoted(text, evidence).runs, colours);
const textOf = ({ pieces }: Part) => pieces.map((piece) => piece.text).join('');
const CODE = 'I lock once:\n\n```rust\nlet x = lock.lock();\n```\n\nand call `drop(x)` early.';

test('fences and backticks disappear, and the text between them is code', () => {
  const [before, code, after] = parts(CODE);
  expect([before, code, after].map((part) => part && [part.isCode, part.language, textOf(part)])).toEqual([
    [false, '', 'I lock once:'],
    [true, 'rust', 'let x = lock.lock();'],
    [false, '', 'and call drop(x) early.'],
  ]);
  expect(after?.pieces.find(({ isCode }) => isCode)?.text).toBe('drop(x)');
  expect(code?.pieces.find(({ kind }) => kind === 'keyword')?.text).toBe('let');
});

test('a quote of code is found even across a fence, and its number appears once', () => {
  const all = parts(CODE, ['let x = lock', 'once:\n\n```rust\nlet']).flatMap(({ pieces }) => pieces);
  expect(
    all
      .filter(({ points }) => points.includes(0))
      .map(({ text }) => text)
      .join(''),
  ).toBe('let x = lock');
  expect(
    all
      .filter(({ points }) => points.includes(1))
      .map(({ text }) => text)
      .join(''),
  ).toBe('once:let');
  expect(all.flatMap(({ numbers }) => numbers).sort()).toEqual([1, 2]);
});

test('an unclosed fence extends to the end, and text without fences stays as typed', () => {
  expect(parts('```\nx = 1\n\ny').map((part) => [part.isCode, textOf(part)])).toEqual([[true, 'x = 1\n\ny']]);
  expect([hasFence('a\n```\nb'), hasFence('a ``` b')]).toEqual([true, false]);
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[`~]/g, '')),
      fc.nat(20),
      fc.nat(20),
      (text, from, to) => {
        const shown = parts(text, [text.slice(from, to)]);
        expect(shown.map(textOf).join('')).toBe(text);
      },
    ),
  );
});

test('every character of code stays, whatever is quoted or coloured', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme' }).map((text) => text.replace(/[`~]/g, '')),
      fc.nat(30),
      fc.nat(30),
      (code, from, to) => {
        const text = `\`\`\`js\n${code}\n\`\`\``;
        const shown = parts(text, [code.slice(from, to)]);
        expect(shown.map(textOf).join('')).toBe(code);
        const numbers = shown.flatMap(({ pieces }) => pieces.flatMap((piece) => piece.numbers));
        expect(numbers).toHaveLength(code.slice(from, to).trim() === '' ? 0 : 1);
      },
    ),
  );
});

test('an unknown language has no colours, and one that is not named is guessed', () => {
  expect(tokensOf('let x = 1;', 'klingon')).toEqual([]);
  expect(tokensOf('fn main() {\n    let mut x = 1;\n    println!("{x}");\n}', '').map(({ kind }) => kind)).toContain('keyword');
  expect(tokensOf('x'.repeat(4_000), '')).toEqual([]);
});

test('code in an answer is coloured once the script for it is loaded', async () => {
  const server = new FakeServer(1);
  server.answer(1, CODE, { evaluation: { status: EvaluationStatus.PENDING } });
  const { page } = await pageOn(server, '/interviews/5/1');
  const pre = () => page.querySelector('.answer pre');
  expect([pre()?.textContent?.trim(), pre()?.closest('[dir]')?.getAttribute('dir')]).toEqual(['let x = lock.lock();', 'ltr']);
  await vi.waitFor(() => expect(pre()?.querySelector('.keyword')?.textContent).toBe('let'));
  expect(page.querySelector('.answer p')?.getAttribute('dir')).toBe('auto');
});
