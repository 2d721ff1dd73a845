// A submitted answer, until the server has it.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Code } from '@connectrpc/connect';
import { settled } from './support/mount.js';
import { area, control, elsewhere, FakeServer, pageOn, press, submit, type } from './support/server.js';
import { refusal } from './support/wire.js';
import { ONE, TWO, THREE, queue, kept, keep, words } from './support/texts.js';

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

describe('a submitted answer', () => {
  test('deletes its own draft, and leaves that of the next question', async () => {
    const server = new FakeServer();
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    await press(page, /Next question/);
    await type(page, TWO);
    await press(page, /Previous question/);
    expect(area(page)?.value).toBe(ONE);
    await submit(page);
    expect(location.pathname).toBe('/interviews/5/2');
    expect(area(page)?.value).toBe(TWO);
    expect([kept(1), kept(2)]).toEqual([[], [TWO]]);
    expect(server.submitted.map(({ question, text }) => [question, text])).toEqual([[1n, ONE]]);
  });

  test('does so too if the last question is followed by the first', async () => {
    const server = new FakeServer();
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    await press(page, /Next question/);
    await press(page, /Next question/);
    await type(page, THREE);
    await submit(page);
    expect(location.pathname).toBe('/interviews/5/1');
    expect(area(page)?.value).toBe(ONE);
    expect([kept(1), kept(3)]).toEqual([[ONE], []]);
  });

  test('which the browser cannot save is said to need this page, and the browser asks before it closes', async () => {
    // In happy-dom, a spy on the prototype has no effect once the storage has been used.
    const setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    vi.stubGlobal('localStorage', { getItem: () => null, removeItem: () => {}, setItem });
    const server = new FakeServer(1);
    server.replies.set('SubmitAnswer', () => refusal(Code.Unavailable, 'DATABASE_UNAVAILABLE'));
    const { page } = await pageOn(server, '/interviews/5/1');
    const asks = () => !dispatchEvent(new Event('beforeunload', { cancelable: true }));
    expect(asks()).toBe(false);
    await type(page, ONE);
    await submit(page);
    expect(words(page)).toContain('This browser does not save your answer: keep this page open.');
    expect(asks()).toBe(true);
  });

  test('is submitted once, however often you press', async () => {
    const server = new FakeServer(1);
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    const button = control(page, 'Submit');
    button.click();
    button.click();
    await settled();
    dispatchEvent(new Event('pagehide'));
    await settled();
    expect(server.submitted).toHaveLength(1);
  });

  test('starts the next attempt with its text, and with the time at zero', async () => {
    const server = new FakeServer(1);
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    await submit(page);
    // The last answer has led to the report.
    expect(location.pathname).toBe('/interviews/5/report');
    await press(page, /^Answer again/);
    expect(area(page)?.value).toBe(ONE);
    expect(page.querySelector('[role="timer"]')?.textContent).toBe('00:00');
    // The text becomes a draft beside the answer only when it is changed.
    dispatchEvent(new Event('pagehide'));
    expect(kept(1)).toEqual([]);
    await type(page, `${ONE} And why.`);
    await submit(page);
    expect(server.submitted.map(({ text }) => text)).toEqual([ONE, `${ONE} And why.`]);
    // You stay where the new score will appear.
    expect(location.pathname + location.search).toBe('/interviews/5/1');
  });

  test('can be taken back from any screen, and nothing of it is sent', async () => {
    const server = new FakeServer();
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    await press(page, 'Submit');
    expect(location.pathname).toBe('/interviews/5/2');
    await type(page, TWO);
    await press(page, 'Take it back');
    expect([location.pathname, area(page)?.value]).toEqual(['/interviews/5/1', ONE]);
    expect([kept(1), kept(2), queue().all(), server.submitted]).toEqual([[ONE], [TWO], [], []]);
    // By key too, and from another screen.
    await press(page, 'Submit');
    await press(page, 'viva');
    dispatchEvent(new KeyboardEvent('keydown', { key: 'u', bubbles: true }));
    await settled();
    expect([location.pathname, area(page)?.value, server.submitted]).toEqual(['/interviews/5/1', ONE, []]);
  });

  test('to a question that was answered before is taken back into the editor', async () => {
    const server = new FakeServer();
    server.answer(1, ONE);
    const { page } = await pageOn(server, '/interviews/5/1');
    await press(page, 'Answer again');
    await type(page, `${ONE} And why.`);
    await press(page, 'Submit');
    expect(area(page)).toBeUndefined();
    await press(page, 'Take it back');
    expect([location.search, area(page)?.value]).toEqual(['?again', `${ONE} And why.`]);
    expect(server.submitted).toEqual([]);
  });

  test('is sent when its time is up, and then cannot be taken back', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    try {
      const server = new FakeServer();
      const opening = pageOn(server, '/interviews/5/1');
      await vi.advanceTimersByTimeAsync(100);
      const { page } = await opening;
      void type(page, ONE);
      await vi.advanceTimersByTimeAsync(100);
      control(page, 'Submit').click();
      await vi.advanceTimersByTimeAsync(4_800);
      expect(server.submitted).toEqual([]);
      expect(control(page, 'Take it back')).toBeDefined();
      await vi.advanceTimersByTimeAsync(400);
      expect(server.submitted.map(({ text }) => text)).toEqual([ONE]);
      expect(() => control(page, 'Take it back')).toThrow();
    } finally {
      vi.useRealTimers();
    }
  });

  test('is sent at once when you sign out', async () => {
    const server = new FakeServer();
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    await press(page, 'Submit');
    await press(page, 'Sign out');
    expect(server.submitted.map(({ text }) => text)).toEqual([ONE]);
    expect([location.pathname, page.querySelector('dialog')]).toEqual(['/sign-in', null]);
  });

  test('leaves every other draft as it is, in whatever order they are submitted', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([1, 2, 3], { minLength: 1 }),
        fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
        async (order, isSent) => {
          localStorage.clear();
          const server = new FakeServer();
          const texts = ['', ONE, TWO, THREE];
          for (const number of [1, 2, 3]) keep(number, texts[number] ?? '');
          const left = new Set([1, 2, 3]);
          for (const number of order) {
            const { page } = await pageOn(server, `/interviews/5/${number}`);
            expect(area(page)?.value).toBe(texts[number]);
            await press(page, 'Submit');
            if (isSent[number - 1]) {
              dispatchEvent(new Event('pagehide'));
              left.delete(number);
            } else {
              await press(page, 'Take it back');
            }
            await settled();
            for (const other of [1, 2, 3]) expect(kept(other)).toEqual(left.has(other) ? [texts[other]] : []);
          }
          expect(server.submitted.map(({ question, text }) => [question, text])).toEqual(
            order.filter((one) => !left.has(one)).map((one) => [BigInt(one), texts[one]]),
          );
        },
      ),
      { numRuns: 12 },
    );
  }, 60_000);

  test('that is taken back is saved beside another window’s draft', async () => {
    const server = new FakeServer();
    server.replies.set('SubmitAnswer', () => refusal(Code.Unavailable, 'DATABASE_UNAVAILABLE'));
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    await submit(page);
    await press(page, /Previous question/);
    await elsewhere(() => keep(1, 'Begun in another window.'));
    await press(page, 'Edit it');
    expect(area(page)?.value).toBe(ONE);
    expect(kept(1)).toEqual(['Begun in another window.', ONE]);
    expect(queue().all()).toEqual([]);
  });

  test('that the server rejects is explained in words for people, and is still there', async () => {
    const server = new FakeServer();
    server.replies.set('SubmitAnswer', () =>
      refusal(Code.AlreadyExists, 'IDEMPOTENCY_KEY_REUSED', 'Idempotency key was used for another request'),
    );
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    await submit(page);
    await press(page, /Previous question/);
    expect(words(page)).toContain('Another answer to this question was sent first, probably from another window. This one is still here');
    expect(words(page)).not.toMatch(/idempotency|key was/i);
    const first = queue().all()[0]?.key;
    server.replies.delete('SubmitAnswer');
    await press(page, 'Send it as another answer');
    expect(server.submitted.map(({ text }) => text)).toEqual([ONE]);
    expect(server.submitted[0]?.key).not.toBe(first);
    expect(queue().all()).toEqual([]);
  });
});
