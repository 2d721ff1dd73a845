// What the browser keeps: drafts, and answers on their way.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Drafts, readDraft } from '../src/lib/drafts.js';
import { Problem } from '../src/lib/errors.js';
import { Queue, waitMs, type Queued } from '../src/lib/queue.js';
import { browserStore } from '../src/lib/store.js';
import { Outbox } from '../src/state/outbox.svelte.js';
import type { Submission } from '../src/lib/api.js';

beforeEach(() => localStorage.clear());

const draft = (text: string) => ({ text, elapsedMs: 1000, savedAt: 5 });

describe('a draft', () => {
  test('comes back as it was typed, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, elapsedMs) => {
        fc.pre(text.trim() !== '');
        const drafts = new Drafts(browserStore(), 1n);
        drafts.put(2n, { text, elapsedMs, savedAt: 3 });
        expect(new Drafts(browserStore(), 1n).get(2n)).toEqual({ text, elapsedMs, savedAt: 3 });
      }),
      { numRuns: 100 },
    );
  });

  test('is one account’s and one question’s', () => {
    new Drafts(browserStore(), 1n).put(2n, draft('mine'));
    expect(new Drafts(browserStore(), 2n).get(2n)).toBeUndefined();
    expect(new Drafts(browserStore(), 1n).get(1n)).toBeUndefined();
    // Account 1's question 12 is not account 11's question 2.
    new Drafts(browserStore(), 11n).put(2n, draft('theirs'));
    expect(new Drafts(browserStore(), 1n).count()).toBe(1);
  });

  test('that is empty is none', () => {
    const drafts = new Drafts(browserStore(), 1n);
    drafts.put(2n, draft('text'));
    drafts.put(2n, draft(' \n'));
    expect(drafts.get(2n)).toBeUndefined();
  });

  test('that cannot be read is none, and no failure', () => {
    for (const kept of ['', '{', '[]', '{"text":1}', 'null']) expect(readDraft(kept)).toBeUndefined();
  });

  test('outlives a full browser in memory, and the page says that it will not last', () => {
    const full = { ...localStorage, getItem: () => null, removeItem: () => {}, setItem: () => { throw new DOMException('full', 'QuotaExceededError'); } };
    const store = browserStore(full as unknown as Storage);
    const drafts = new Drafts(store, 1n);
    drafts.put(2n, draft('text'));
    expect(drafts.get(2n)?.text).toBe('text');
    expect(store.lasts).toBe(false);
  });
});

const submission = (key: string, question = 2n): Submission => ({
  interviewId: 1n,
  questionId: question,
  text: `answer ${key}`,
  key,
  durationMs: 1234,
});

describe('the queue', () => {
  test('gives back what it was given, oldest first', () => {
    const queue = new Queue(browserStore(), 1n);
    const late: Queued = { ...submission('a'), queuedAt: 2 };
    const early: Queued = { ...submission('b'), queuedAt: 1 };
    queue.put(late);
    queue.put(early);
    expect(new Queue(browserStore(), 1n).all()).toEqual([early, late]);
    expect(new Queue(browserStore(), 2n).all()).toEqual([]);
  });

  test('waits longer after each failure, and at least as long as it was asked to', () => {
    expect([1, 2, 3, 4, 5, 6, 60].map((failures) => waitMs(failures, undefined))).toEqual([1000, 2000, 3000, 5000, 8000, 8000, 8000]);
    expect(waitMs(1, 30_000)).toBe(30_000);
  });
});

describe('the outbox', () => {
  let stop = () => {};
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    stop();
    vi.useRealTimers();
  });

  function outbox(submit: (item: Submission) => Promise<bigint>) {
    const made = new Outbox(new Queue(browserStore(), 1n), { submit });
    const sent: string[] = [];
    made.onSent = (item) => sent.push(item.key);
    stop = made.start();
    return { made, sent };
  }

  const away = new Problem('unreachable', 'Unable to reach server. Please try again later.');

  test('keeps an answer before it is sent, and forgets it when the server has it', async () => {
    let kept = 0;
    const { made, sent } = outbox(async () => ((kept = new Queue(browserStore(), 1n).all().length), 9n));
    made.submit(submission('a'));
    await vi.advanceTimersByTimeAsync(0);
    expect([kept, sent, made.items]).toEqual([1, ['a'], []]);
  });

  test('sends what the page before it could not, under the same key', async () => {
    outbox(() => Promise.reject(away)).made.submit(submission('a'));
    await vi.advanceTimersByTimeAsync(0);
    stop();
    const keys: string[] = [];
    outbox(async (item) => (keys.push(item.key), 9n));
    await vi.advanceTimersByTimeAsync(0);
    expect(keys).toEqual(['a']);
  });

  test('tries again by itself until the server is back, and keeps the order', async () => {
    let isAway = true;
    const { made, sent } = outbox(() => (isAway ? Promise.reject(away) : Promise.resolve(9n)));
    made.submit(submission('a', 1n));
    await vi.advanceTimersByTimeAsync(10);
    made.submit(submission('b', 2n));
    await vi.advanceTimersByTimeAsync(20_000);
    expect(made.items).toHaveLength(2);
    expect(made.offline?.kind).toBe('unreachable');
    isAway = false;
    await vi.advanceTimersByTimeAsync(8_000);
    expect([sent, made.items, made.offline]).toEqual([['a', 'b'], [], undefined]);
  });

  test('goes on with the others when one is refused, and keeps that one for its author', async () => {
    const refuse = new Problem('validation', 'Answer must be at least 10 characters');
    const { made, sent } = outbox((item) => (item.key === 'a' ? Promise.reject(refuse) : Promise.resolve(9n)));
    made.submit(submission('a', 1n));
    made.submit(submission('b', 2n));
    await vi.advanceTimersByTimeAsync(10);
    made.tryNow();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(sent).toEqual(['b']);
    expect(made.refused.get('a')).toBe(refuse);
    expect(made.of(1n)?.text).toBe('answer a');
    made.takeBack('a');
    expect(made.items).toEqual([]);
  });

  test('does not ask again and again while signing in is needed', async () => {
    let calls = 0;
    const { made } = outbox(() => ((calls += 1), Promise.reject(new Problem('sign-in', ''))));
    made.submit(submission('a'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls).toBe(1);
    expect(made.items).toHaveLength(1);
  });
});
