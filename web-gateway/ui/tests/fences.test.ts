// Code within an answer that is being written.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fenced, indented, isInFence, type Change } from '../src/lib/fences.js';

const applied = (text: string, { from, to, text: put }: Change) => text.slice(0, from) + put + text.slice(to);

test('a place is inside a fence from the line after its start to the line before its end', () => {
  const text = 'a\n```rust\nfn x() {\n}\n```\nb';
  const inside = Array.from(text, (_, at) => (isInFence(text, at) ? 'x' : '.')).join('');
  expect(inside).toBe(`${'.'.repeat(10)}${'x'.repeat(11)}${'.'.repeat(5)}`);
  // An unclosed one extends to the end. Backticks do not close tildes, and fewer of them close nothing.
  expect(isInFence('```\nx', 5)).toBe(true);
  expect(isInFence('~~~\n```\nx', 9)).toBe(true);
  expect(isInFence('````\n```\nx', 10)).toBe(true);
  expect(isInFence('Use `x` or ```y```.\nz', 21)).toBe(false);
});

test('Tab moves to the next stop of four or indents all selected lines, and Shift+Tab outdents them', () => {
  expect(applied('ab', indented('ab', 2, 2, false))).toBe('ab  ');
  const text = 'if x:\nreturn\n\nend';
  const set = indented(text, 2, text.length, false);
  expect(applied(text, set)).toBe('    if x:\n    return\n\n    end');
  const after = applied(text, set);
  expect(applied(after, indented(after, set.selection[0], set.selection[1], true))).toBe(text);
  expect(applied('\tx', indented('\tx', 2, 2, true))).toBe('x');
});

test('the selection ends up between two fences, and no other text changes', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(), fc.nat(), (text, one, two) => {
      const [from, to] = [one % (text.length + 1), two % (text.length + 1)].sort((a, b) => a - b) as [number, number];
      const change = fenced(text, from, to);
      const made = applied(text, change);
      expect(made.startsWith(text.slice(0, from))).toBe(true);
      expect(made.endsWith(text.slice(to))).toBe(true);
      expect(made).toContain('```\n');
      expect(change.selection[0]).toBeLessThanOrEqual(made.length);
    }),
  );
});
