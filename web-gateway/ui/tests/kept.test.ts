// What the browser stores: drafts and unsent answers.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Drafts, readDraft } from '../src/lib/drafts.js';
import { Problem } from '../src/lib/errors.js';
import { claim, Held, keepBeside, keptFor } from '../src/lib/held.js';
import { Queue, waitMs, type Queued } from '../src/lib/queue.js';
import { browserStore } from '../src/lib/store.js';
import { HOLD_MS, Outbox } from '../src/state/outbox.svelte.js';
import type { Submission } from '../src/lib/api.js';

beforeEach(() => localStorage.clear());

const draft = (text: string) => ({ text, elapsedMs: 1000, savedAt: 5 });

/** Saves a draft of question 2 like a window that has just read the stored one. */
const keep = (drafts: Drafts, text: string, question = 2n) => new Held(drafts, question).keep(draft(text));
const textsOf = (drafts: Drafts, question = 2n) =>
  keptFor(drafts, question)
    .map(({ text }) => text)
    .sort();

describe('a draft', () => {
  test('comes back as it was typed, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, elapsedMs) => {
        fc.pre(text.trim() !== '');
        new Held(new Drafts(browserStore(), 1n), 2n).keep({ text, elapsedMs, savedAt: 3, interview: '9' });
        expect(new Held(new Drafts(browserStore(), 1n), 2n).draft).toEqual({ text, elapsedMs, savedAt: 3, interview: '9' });
      }),
      { numRuns: 100 },
    );
  });

  test('belongs to one account and one question', () => {
    keep(new Drafts(browserStore(), 1n), 'mine');
    expect(textsOf(new Drafts(browserStore(), 2n))).toEqual([]);
    expect(textsOf(new Drafts(browserStore(), 1n), 1n)).toEqual([]);
    // Account 1's question 12 is not account 11's question 2, and question 20 is not question 2.
    keep(new Drafts(browserStore(), 11n), 'theirs');
    keep(new Drafts(browserStore(), 1n), 'another', 20n);
    expect(new Drafts(browserStore(), 1n).count()).toBe(2);
    expect(textsOf(new Drafts(browserStore(), 1n))).toEqual(['mine']);
  });

  test('that is empty is deleted', () => {
    const drafts = new Drafts(browserStore(), 1n);
    keep(drafts, 'text');
    keep(drafts, ' \n');
    expect(textsOf(drafts)).toEqual([]);
  });

  test('that cannot be read counts as none, without a failure', () => {
    for (const kept of ['', '{', '[]', '{"text":1}', 'null']) expect(readDraft(kept)).toBeUndefined();
  });

  test('is replaced by a window that has read it', () => {
    const drafts = new Drafts(browserStore(), 1n);
    const [first, second] = [new Held(drafts, 2n), new Held(drafts, 2n)];
    first.keep(draft('one'));
    second.look();
    second.keep(draft('one and two'));
    expect(textsOf(drafts)).toEqual(['one and two']);
  });

  test('is never replaced by a window that has not read it: both are kept while both write', () => {
    const drafts = new Drafts(browserStore(), 1n);
    const [first, second, third] = [new Held(drafts, 2n), new Held(drafts, 2n), new Held(drafts, 2n)];
    first.keep(draft('one'));
    second.keep(draft('two'));
    third.keep(draft('three'));
    first.keep(draft('one, longer'));
    second.keep(draft('two, longer'));
    expect(textsOf(drafts)).toEqual(['one, longer', 'three', 'two, longer']);
    // Nor does an empty text replace another one.
    const fourth = new Held(drafts, 2n);
    first.keep(draft('one, longest'));
    fourth.keep(draft(''));
    expect(textsOf(drafts)).toEqual(['one, longest', 'three', 'two, longer']);
  });

  test('with the same words is stored once, whichever window writes it', () => {
    const drafts = new Drafts(browserStore(), 1n);
    const [first, second] = [new Held(drafts, 2n), new Held(drafts, 2n)];
    first.keep(draft('one'));
    second.keep({ ...draft('one'), savedAt: 6 });
    expect(keptFor(drafts, 2n)).toHaveLength(1);
  });

  test('is deleted only by a window that has read it', () => {
    const drafts = new Drafts(browserStore(), 1n);
    const [first, second] = [new Held(drafts, 2n), new Held(drafts, 2n)];
    first.keep(draft('one'));
    second.drop();
    expect(textsOf(drafts)).toEqual(['one']);
    first.drop();
    expect(textsOf(drafts)).toEqual([]);
  });

  test('that comes back from the queue is stored beside the existing one', () => {
    const drafts = new Drafts(browserStore(), 1n);
    keepBeside(drafts, 2n, draft('taken back'));
    keepBeside(drafts, 2n, draft('taken back again'));
    expect(textsOf(drafts)).toEqual(['taken back', 'taken back again']);
  });

  test('is deleted with its interview, and no other one is', () => {
    const drafts = new Drafts(browserStore(), 1n);
    new Held(drafts, 2n).keep({ ...draft('of nine'), interview: '9' });
    keepBeside(drafts, 2n, { ...draft('of nine too'), interview: '9' });
    new Held(drafts, 3n).keep({ ...draft('of eight'), interview: '8' });
    // Earlier versions did not store the interview; it is added when the draft is read.
    keep(drafts, 'old, of nine', 4n);
    keep(drafts, 'old, of nobody knows whom', 5n);
    claim(drafts, 9n, [2n, 4n]);
    drafts.removeOf(9n);
    expect([2n, 3n, 4n, 5n].flatMap((question) => textsOf(drafts, question))).toEqual(['of eight', 'old, of nobody knows whom']);
  });

  test('is not brought back after its account has deleted all drafts, and one of its next session is not lost', () => {
    const drafts = new Drafts(browserStore(), 1n);
    const held = new Held(drafts, 2n);
    held.keep(draft('one'));
    drafts.close();
    held.keep(draft('one, longer'));
    expect(localStorage).toHaveLength(0);
    keep(new Drafts(browserStore(), 1n), 'new');
    held.keep(draft('one, longest'));
    held.drop();
    expect(textsOf(drafts)).toEqual(['new']);
  });

  test('stays in memory if the browser is full, and the page says that it will not last', () => {
    let most = 0;
    const full = {
      ...localStorage,
      getItem: () => null,
      removeItem: () => {},
      setItem: (_: string, value: string) => {
        if (value.length > most) throw new DOMException('full', 'QuotaExceededError');
      },
    };
    const store = browserStore(full as unknown as Storage);
    keep(new Drafts(store, 1n), 'text');
    expect(new Held(new Drafts(store, 1n), 2n).draft?.text).toBe('text');
    expect(store.lasts).toBe(false);
    // That something else is stored does not make it last.
    most = 4;
    store.put('viva.theme', 'dark');
    expect(store.lasts).toBe(false);
    store.remove(new Drafts(store, 1n).name(2n));
    expect(store.lasts).toBe(true);
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
  test('returns its answers, oldest first', () => {
    const queue = new Queue(browserStore(), 1n);
    const late: Queued = { ...submission('a'), queuedAt: 2, heldUntil: 0 };
    const early: Queued = { ...submission('b'), queuedAt: 1, heldUntil: 0 };
    queue.put(late);
    queue.put(early);
    expect(new Queue(browserStore(), 1n).all()).toEqual([early, late]);
    expect(new Queue(browserStore(), 2n).all()).toEqual([]);
  });

  test('waits longer after each failure, and at least as long as the server asks for', () => {
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
    made.tell((item) => sent.push(item.key));
    stop = made.start();
    return { made, sent };
  }

  const away = new Problem('unreachable', 'Unable to reach server. Please try again later.');

  test('stores an answer before it is sent, and removes it when the server has it', async () => {
    let kept = 0;
    const { made, sent } = outbox(async () => ((kept = new Queue(browserStore(), 1n).all().length), 9n));
    made.submit(submission('a'));
    await vi.advanceTimersByTimeAsync(0);
    expect([kept, sent, made.items]).toEqual([1, ['a'], []]);
  });

  test('sends what the previous page could not, under the same key', async () => {
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

  test('continues with the others when one is rejected, and keeps that one for its author', async () => {
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

  test('sends an answer under a new key when another one was sent under its key', async () => {
    const taken = new Problem('conflict', 'Idempotency key was used for another request');
    const keys: string[] = [];
    const { made } = outbox((item) => (keys.push(item.key), item.key === 'a' ? Promise.reject(taken) : Promise.resolve(9n)));
    made.submit(submission('a'));
    await vi.advanceTimersByTimeAsync(10);
    expect(made.refused.get('a')).toBe(taken);
    made.again('a');
    await vi.advanceTimersByTimeAsync(10);
    expect([new Set(keys).size, made.items, made.refused.size]).toEqual([2, [], 0]);
  });

  test('removes the answers of a deleted interview, and no others', async () => {
    const { made } = outbox(() => Promise.reject(away));
    made.submit(submission('a', 1n));
    made.submit({ ...submission('b', 2n), interviewId: 5n });
    made.removeOf(1n);
    expect(made.items.map(({ key }) => key)).toEqual(['b']);
  });

  test('holds back a new answer for a moment, then sends it', async () => {
    const { made, sent } = outbox(async () => 9n);
    made.submit(submission('a', 1n), HOLD_MS);
    made.submit(submission('b', 2n));
    await vi.advanceTimersByTimeAsync(HOLD_MS - 1);
    expect([sent, made.items.map(({ key }) => key), made.canTakeBack('a')]).toEqual([['b'], ['a'], true]);
    await vi.advanceTimersByTimeAsync(2);
    expect([sent, made.items, made.canTakeBack('a')]).toEqual([['b', 'a'], [], false]);
  });

  test('sends what it holds back when its page closes, and nothing that another page holds back', async () => {
    const { made, sent } = outbox(async () => 9n);
    new Queue(browserStore(), 1n).put({ ...submission('other'), queuedAt: Date.now(), heldUntil: Date.now() + HOLD_MS });
    made.submit(submission('a', 1n), HOLD_MS);
    dispatchEvent(new Event('pagehide'));
    await vi.advanceTimersByTimeAsync(10);
    expect(sent).toEqual(['a']);
    expect(made.canTakeBack('other')).toBe(true);
    void made.release('all-pages');
    await vi.advanceTimersByTimeAsync(10);
    expect(sent).toEqual(['a', 'other']);
  });

  test('holds nothing back for longer, whatever the clock does', async () => {
    new Queue(browserStore(), 1n).put({ ...submission('a'), queuedAt: 1, heldUntil: Date.now() + 86_400_000 });
    const { sent } = outbox(async () => 9n);
    await vi.advanceTimersByTimeAsync(10);
    expect(sent).toEqual(['a']);
  });

  test('sends what is submitted while another one is being sent', async () => {
    const { made, sent } = outbox(() => new Promise((done) => setTimeout(() => done(9n), 100)));
    made.submit(submission('a', 1n));
    await vi.advanceTimersByTimeAsync(50);
    made.submit(submission('b', 2n));
    await vi.advanceTimersByTimeAsync(500);
    expect(sent).toEqual(['a', 'b']);
  });

  test('tells each listener until it unsubscribes', async () => {
    const { made, sent } = outbox(async () => 9n);
    const others: string[] = [];
    const stopTelling = made.tell((item) => others.push(item.key));
    made.submit(submission('a', 1n));
    await vi.advanceTimersByTimeAsync(10);
    stopTelling();
    made.submit(submission('b', 2n));
    await vi.advanceTimersByTimeAsync(10);
    expect([sent, others]).toEqual([['a', 'b'], ['a']]);
  });

  test('does not keep trying while signing in is needed', async () => {
    let calls = 0;
    const { made } = outbox(() => ((calls += 1), Promise.reject(new Problem('sign-in', ''))));
    made.submit(submission('a'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(calls).toBe(1);
    expect(made.items).toHaveLength(1);
  });
});
