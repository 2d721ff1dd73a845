// The editor, and text from people and models wherever it is shown.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { EvaluationStatus } from '#gen/viva/v1/answer_pb.js';
import { Code } from '@connectrpc/connect';
import { Held } from '../src/lib/held.js';
import { Writing } from '../src/state/writing.svelte.js';
import { settled } from './support/mount.js';
import { area, control, FakeServer, pageOn, press, submit, type } from './support/server.js';
import { refusal } from './support/wire.js';
import { ONE, TWO, drafts, queue, kept, keep, words } from './support/texts.js';

beforeEach(() => localStorage.clear());

describe('the editor', () => {
  test('counts a double click as one click, and ignores a second tap on what has appeared under it', async () => {
    const server = new FakeServer();
    keep(2, TWO);
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    const button = control(page, 'Submit');
    const click = (target: Element, detail: number) =>
      target.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail }));
    click(button, 1);
    await settled();
    const next = control(page, 'Submit');
    expect(next).not.toBe(button);
    click(next, 2);
    // Fingers are slower than a double click.
    click(next, 1);
    await settled();
    expect([location.pathname, area(page)?.value, kept(2)]).toEqual(['/interviews/5/2', TWO, [TWO]]);
    // Presses by key have no click count, and always count.
    click(next, 0);
    await settled();
    expect([location.pathname, kept(2)]).toEqual(['/interviews/5/3', []]);
  });

  test('inserts a code block at the cursor, and Tab indents within it and nowhere else', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    const tab = (more = {}) =>
      area(page)?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Tab', cancelable: true, bubbles: true, ...more }));
    await type(page, 'Like this:');
    area(page)?.setSelectionRange(10, 10);
    expect(tab()).toBe(true);
    await press(page, 'Code block');
    expect(area(page)?.value).toBe('Like this:\n```\n\n```\n');
    expect(tab()).toBe(false);
    expect(area(page)?.value).toBe('Like this:\n```\n    \n```\n');
    expect(tab({ shiftKey: true })).toBe(false);
    expect(area(page)?.value).toBe('Like this:\n```\n\n```\n');
    expect(tab({ ctrlKey: true })).toBe(true);
    dispatchEvent(new Event('pagehide'));
    expect(kept(1)).toEqual(['Like this:\n```\n\n```\n']);
  });

  test('also saves what is typed without a pause', async () => {
    vi.useFakeTimers();
    try {
      const writing = new Writing(drafts(), 5n, 1n, () => undefined);
      for (let key = 1; key <= 25; key += 1) {
        writing.type('x'.repeat(key));
        vi.advanceTimersByTime(200);
      }
      expect(kept(1)[0]?.length).toBeGreaterThan(15);
    } finally {
      vi.useRealTimers();
    }
  });

  test('stays in monospace for as long as you want, even the next time', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await press(page, 'Monospace');
    expect(area(page)?.classList.contains('mono')).toBe(true);
    const { page: later } = await pageOn(new FakeServer(), '/interviews/5/2');
    expect([area(later)?.classList.contains('mono'), control(later, 'Monospace').getAttribute('aria-pressed')]).toEqual([true, 'true']);
    await press(later, 'Monospace');
    expect(area(later)?.classList.contains('mono')).toBe(false);
  });

  test('has the same elements before and after a draft is saved', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, ONE);
    const shape = () => [...page.querySelectorAll('.editor *')].map(({ tagName }) => tagName);
    const before = shape();
    area(page)?.dispatchEvent(new Event('blur'));
    await settled();
    expect(words(page)).toMatch(/Draft saved \d\d:\d\d:\d\d/);
    expect(shape()).toEqual(before);
  });

  test('keeps counting the time on a question when news of another one arrives', async () => {
    const server = new FakeServer();
    server.answer(2, TWO);
    new Held(drafts(), 1n).keep({ text: ONE, elapsedMs: 65_000, savedAt: 1 });
    const { page, viva } = await pageOn(server, '/interviews/5/1');
    const timer = () => page.querySelector('[role="timer"]')?.textContent;
    expect(timer()).toBe('01:05');
    // As if nothing had been saved since then.
    viva.account?.drafts.clear();
    server.answer(2, TWO, { id: 101n, evaluation: { status: EvaluationStatus.FAILED } });
    await settled();
    expect(timer()).toBe('01:05');
  });
});

describe('text from people and models', () => {
  const BIDI = 'user\u202emoc.live\u2066 pass\u200dword';
  const SHOWN = 'user<202e>moc.live<2066> password';
  const PERSIAN = '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645';

  test('is harmless wherever it is shown: answer, feedback, points, titles, and while it is sent', async () => {
    const server = new FakeServer();
    server.role = `Engineer ${BIDI}`;
    const scores = { correctness: 6, completeness: 6, quality: 6, communication: 6 };
    server.answer(1, `${BIDI} ${PERSIAN}`, {
      evaluation: {
        status: EvaluationStatus.COMPLETED,
        scores,
        feedback: `**${BIDI}**`,
        suggestions: [BIDI],
        keyPoints: [{ point: BIDI, weight: 1, coverage: 1, evidence: BIDI }],
        grader: { kind: 2, name: BIDI, version: '1' },
      },
    });
    for (const path of ['/', '/interviews/5/1', '/interviews/5/report']) {
      const { page } = await pageOn(server, path);
      expect(page.innerHTML + document.title, path).not.toMatch(/[\u202e\u2066]/);
      expect(words(page), path).toContain(`Engineer ${SHOWN}`);
      if (path === '/') continue;
      expect(page.querySelector('.answer')?.textContent).toContain(`${SHOWN}`);
      expect(page.querySelector('.answer')?.textContent).toContain(PERSIAN);
      // Quotes are still found in the text.
      expect(page.querySelector('.answer mark')?.textContent).toBe(SHOWN);
      expect(page.querySelector('.markdown strong')?.textContent).toBe(SHOWN);
    }
    // The same goes for news.
    const { page: third } = await pageOn(server, '/interviews/5/3');
    server.answer(3, BIDI);
    await settled();
    expect(third.querySelector('.answer')?.textContent).toBe(SHOWN);
    server.replies.set('SubmitAnswer', () => refusal(Code.Unavailable, 'DATABASE_UNAVAILABLE'));
    const { page } = await pageOn(server, '/interviews/5/2');
    await type(page, `${BIDI} ${PERSIAN}`);
    await submit(page);
    expect(page.querySelector('.typed')?.textContent).toBe(`${SHOWN} ${PERSIAN}`);
    // It is sent as it was typed.
    expect(queue().all()[0]?.text).toBe(`${BIDI} ${PERSIAN}`);
  });
});
