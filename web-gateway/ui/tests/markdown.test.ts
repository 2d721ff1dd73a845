import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inlinesOf, parseMarkdown, type Block, type Inline } from '../src/lib/markdown.js';
import Markdown from '../src/parts/Markdown.svelte';
import { shown } from './support/mount.js';

const text = (text: string): Inline => ({ is: 'text', text });

/** All the text of a tree. */
function said(blocks: Block[]): string {
  const inline = (one: Inline): string => ('text' in one ? one.text : one.inlines.map(inline).join(''));
  const block = (one: Block): string => {
    if ('inlines' in one) return one.inlines.map(inline).join('');
    if (one.is === 'code') return `${one.language} ${one.text}`;
    return one.is === 'quotation' ? said(one.blocks) : one.items.map(said).join(' ');
  };
  return blocks.map(block).join(' ');
}

/** Parts of Markdown, and what an attacker would try, in any order. */
const morsel = fc.constantFrom(
  '*',
  '**',
  '_',
  '__',
  '`',
  '```',
  '\n',
  '\n\n',
  '- ',
  '1. ',
  '> ',
  '# ',
  '\\',
  ' ',
  '  ',
  '    ',
  '---',
  '[',
  '](',
  ')',
  '<',
  '>',
  '&lt;',
  'word',
  'snake_case',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '[x](javascript:alert(1))',
  '![x](http://evil.example/y.png)',
  '\u202e',
  '\u0000',
);
const hostile = fc.array(fc.oneof(morsel, fc.string({ maxLength: 4 })), { maxLength: 40 }).map((parts) => parts.join(''));

describe('Markdown', () => {
  test('is parsed as graders write it', () => {
    const feedback =
      'A fair answer.\n\n**What you made clear**\n\n- One point. You say: “so\\*so”\n- Another\n  over two lines\n\n1. first\n2. second\n\n> quoted\n\n```rust\nlet x = **y;\n```\n# Heading #';
    expect(parseMarkdown(feedback)).toEqual([
      { is: 'paragraph', inlines: [text('A fair answer.')] },
      { is: 'paragraph', inlines: [{ is: 'strong', inlines: [text('What you made clear')] }] },
      {
        is: 'list',
        ordered: false,
        items: [
          [{ is: 'paragraph', inlines: [text('One point. You say: “so*so”')] }],
          [{ is: 'paragraph', inlines: [text('Another over two lines')] }],
        ],
      },
      {
        is: 'list',
        ordered: true,
        items: [[{ is: 'paragraph', inlines: [text('first')] }], [{ is: 'paragraph', inlines: [text('second')] }]],
      },
      { is: 'quotation', blocks: [{ is: 'paragraph', inlines: [text('quoted')] }] },
      { is: 'code', text: 'let x = **y;', language: 'rust' },
      { is: 'heading', inlines: [text('Heading')] },
    ]);
  });

  test('lists can be nested', () => {
    const [list] = parseMarkdown('- a\n  - b\n\n  c\n- d');
    expect(list).toMatchObject({ items: [[{ is: 'paragraph' }, { is: 'list' }, { is: 'paragraph' }], [{}]] });
  });

  test.each([
    ['2 * 3 * 4', [text('2 * 3 * 4')]],
    ['snake_case_name', [text('snake_case_name')]],
    ['`a*b*` and ``c`d``', [{ is: 'code', text: 'a*b*' }, text(' and '), { is: 'code', text: 'c`d' }]],
    [
      '**bold *and italic* both**',
      [{ is: 'strong', inlines: [text('bold '), { is: 'em', inlines: [text('and italic')] }, text(' both')] }],
    ],
    ['**open', [text('**open')]],
    ['[x](javascript:alert(1))', [text('[x](javascript:alert(1))')]],
    ['\\*plain\\*', [text('*plain*')]],
    ['```a``` b', [{ is: 'code', text: 'a' }, text(' b')]],
  ] as [string, Inline[]][])('%s', (source, expected) => expect(inlinesOf(source)).toEqual(expected));

  test('loses no character of any text', () => {
    const letters = (all: string) => [...all.replace(/[^\p{L}]/gu, '')].sort().join('');
    fc.assert(
      fc.property(fc.array(fc.constantFrom('ab ', '*', '**', '_', '`', '- ', '> ', '\n', 'c'), { maxLength: 30 }), (parts) => {
        expect(letters(said(parseMarkdown(parts.join(''))))).toBe(letters(parts.join('')));
      }),
      { numRuns: 1000 },
    );
  });

  test('of any text becomes elements of a few kinds, without an attribute that leads anywhere', () => {
    fc.assert(
      fc.property(hostile, (source) => {
        const page = shown(Markdown, { text: source });
        for (const element of page.querySelectorAll('.markdown *')) {
          expect(['P', 'UL', 'OL', 'LI', 'STRONG', 'EM', 'CODE', 'PRE', 'BLOCKQUOTE', 'DIV', 'SPAN']).toContain(element.tagName);
          for (const { name } of element.attributes) expect(['class', 'tabindex', 'dir']).toContain(name);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('of any length and depth is parsed in linear time', () => {
    for (const morsel of ['*', '**a', '`', '> ', '- ', '_a_ ', '[', '(']) {
      const from = performance.now();
      parseMarkdown(morsel.repeat(20_000));
      parseMarkdown(`${morsel}\n`.repeat(5_000));
      // Generous: it must not take minutes.
      expect(performance.now() - from, morsel).toBeLessThan(5_000);
    }
  });
});
