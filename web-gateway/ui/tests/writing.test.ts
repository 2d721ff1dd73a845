// Writing answers: what is typed is about one question and one window, whatever else happens.
import { beforeEach, describe, expect, test } from 'vitest';
import { EvaluationStatus } from '#gen/viva/v1/answer_pb.js';
import { Code } from '@connectrpc/connect';
import { Drafts } from '../src/lib/drafts.js';
import { Held, keptFor } from '../src/lib/held.js';
import { Queue } from '../src/lib/queue.js';
import { browserStore } from '../src/lib/store.js';
import { settled } from './support/mount.js';
import { area, control, elsewhere, FakeServer, pageOn, press, submit, type } from './support/server.js';
import { refusal } from './support/wire.js';

beforeEach(() => localStorage.clear());

const ONE = 'What I say to the first question.';
const TWO = 'What I say to the second question.';
const THREE = 'What I say to the third question.';

/** The drafts and the queue of the account, as another window has them. */
const drafts = () => new Drafts(browserStore(), 7n);
const queue = () => new Queue(browserStore(), 7n);
const kept = (question: number) => keptFor(drafts(), BigInt(question)).map(({ text }) => text).sort();
const keep = (question: number, text: string) => new Held(drafts(), BigInt(question)).keep({ text, elapsedMs: 0, savedAt: Date.now(), interview: '5' });
const words = (page: HTMLElement) => (page.textContent ?? '').replace(/\s+/g, ' ');

describe('a submitted answer', () => {
  test('takes its own draft with it, and leaves that of the question that comes next', async () => {
    const server = new FakeServer();
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    await press(page, /Next question/);
    await type(page, TWO);
    await press(page, /Question before/);
    expect(area(page)?.value).toBe(ONE);
    await submit(page);
    expect(location.pathname).toBe('/interviews/5/2');
    expect(area(page)?.value).toBe(TWO);
    expect([kept(1), kept(2)]).toEqual([[], [TWO]]);
    expect(server.submitted.map(({ question, text }) => [question, text])).toEqual([[1n, ONE]]);
  });

  test('does so too when the last question is followed by the first', async () => {
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

  test('is submitted once, however often that is pressed', async () => {
    const server = new FakeServer(1);
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    await press(page, 'Submit');
    const yes = control(page, 'Yes, submit');
    yes.click();
    yes.click();
    await settled();
    expect(server.submitted).toHaveLength(1);
  });

  test('leaves an empty field and no time for the next try at the same question', async () => {
    const server = new FakeServer(1);
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    await submit(page);
    await press(page, 'Answer again');
    expect(area(page)?.value).toBe('');
    expect(page.querySelector('[role="timer"]')?.textContent).toBe('00:00');
  });

  test('that is taken back stands beside what another window has begun', async () => {
    const server = new FakeServer();
    server.replies.set('SubmitAnswer', () => refusal(Code.Unavailable, 'DATABASE_UNAVAILABLE'));
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    await submit(page);
    await press(page, /Question before/);
    await elsewhere(() => keep(1, 'Begun in another window.'));
    await press(page, 'Edit it');
    expect(area(page)?.value).toBe(ONE);
    expect(kept(1)).toEqual(['Begun in another window.', ONE]);
    expect(queue().all()).toEqual([]);
  });

  test('that the server refuses is told in words for a person, and is still there', async () => {
    const server = new FakeServer();
    server.replies.set('SubmitAnswer', () => refusal(Code.AlreadyExists, 'IDEMPOTENCY_KEY_REUSED', 'Idempotency key was used for another request'));
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    await submit(page);
    await press(page, /Question before/);
    expect(words(page)).toContain('Another answer was sent in place of this one, probably from another window. This one is still here');
    expect(words(page)).not.toMatch(/idempotency|key was/i);
    const first = queue().all()[0]?.key;
    server.replies.delete('SubmitAnswer');
    await press(page, 'Send it as a further answer');
    expect(server.submitted.map(({ text }) => text)).toEqual([ONE]);
    expect(server.submitted[0]?.key).not.toBe(first);
    expect(queue().all()).toEqual([]);
  });
});

describe('a draft', () => {
  test('is its own question’s also when one leaves before it is saved', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, ONE);
    history.pushState(null, '', '/interviews/5/2');
    dispatchEvent(new PopStateEvent('popstate'));
    await settled();
    expect([kept(1), kept(2)]).toEqual([[ONE], []]);
    expect(area(page)?.value).toBe('');
  });

  test('is saved when the page goes away', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, ONE);
    expect(kept(1)).toEqual([]);
    dispatchEvent(new Event('pagehide'));
    expect(kept(1)).toEqual([ONE]);
  });

  test('of another window is shown here while nothing is typed here', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await elsewhere(() => keep(1, 'Typed in the other window.'));
    expect(area(page)?.value).toBe('Typed in the other window.');
    await type(page, 'Typed in the other window, and here.');
    dispatchEvent(new Event('pagehide'));
    // It was read here, so it may be replaced.
    expect(kept(1)).toEqual(['Typed in the other window, and here.']);
    expect(words(page)).not.toContain('Both texts are kept');
  });

  test('that another window has replaced is kept beside that one’s, and it is said', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, ONE);
    await elsewhere(() => keep(1, 'Typed in the other window.'));
    expect(area(page)?.value).toBe(ONE);
    dispatchEvent(new Event('pagehide'));
    await settled();
    expect(kept(1)).toEqual(['Typed in the other window.', ONE].sort());
    expect(words(page)).toContain('Another window has written something else. Both texts are kept');
    expect(words(page)).toContain('Another text is kept for this question: 5 words');
    // Both windows go on, each with its own.
    await type(page, `${ONE} More.`);
    dispatchEvent(new Event('pagehide'));
    expect(kept(1)).toEqual(['Typed in the other window.', `${ONE} More.`].sort());
  });

  test('that is gone on with in another window is gone on with here, without a word', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, ONE);
    dispatchEvent(new Event('pagehide'));
    await elsewhere(() => keep(1, `${ONE} And more of it.`));
    expect(area(page)?.value).toBe(`${ONE} And more of it.`);
    expect([kept(1), words(page).includes('Both texts')]).toEqual([[`${ONE} And more of it.`], false]);
  });

  test('that was typed here and is replaced there is kept at once, and is not written again and again', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, ONE);
    dispatchEvent(new Event('pagehide'));
    // The other window had read it, and writes something else in its place.
    await elsewhere(() => keep(1, TWO));
    expect([kept(1), area(page)?.value]).toEqual([[ONE, TWO].sort(), ONE]);
    // And of the same words: nobody answers that by writing them once more.
    const before = JSON.stringify({ ...localStorage });
    await elsewhere(() => dispatchEvent(new StorageEvent('storage', { key: drafts().name(1n) })));
    expect(JSON.stringify({ ...localStorage })).toBe(before);
  });

  test('that is forgotten elsewhere stays where it was typed, and is kept again once one goes on', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, ONE);
    dispatchEvent(new Event('pagehide'));
    await elsewhere(() => drafts().clear());
    expect([area(page)?.value, kept(1)]).toEqual([ONE, []]);
    expect(words(page)).not.toContain('Draft saved');
    await press(page, /Next question/);
    expect(kept(1)).toEqual([]);
  });

  test('can be exchanged for the other one and back, and either can be forgotten', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, ONE);
    await elsewhere(() => keep(1, 'Typed in the other window.'));
    await press(page, 'Go on with it instead');
    expect(area(page)?.value).toBe('Typed in the other window.');
    expect(kept(1)).toEqual(['Typed in the other window.', ONE].sort());
    await press(page, 'Go on with it instead');
    expect(area(page)?.value).toBe(ONE);
    await press(page, 'Forget it');
    expect(kept(1)).toEqual([ONE]);
    expect(words(page)).not.toContain('Another text is kept');
  });

  test('of two that are kept opens as the newest, with the other one below', async () => {
    new Held(drafts(), 1n).keep({ text: 'The older one.', elapsedMs: 0, savedAt: 1 });
    const other = new Held(new Drafts(browserStore(), 7n), 1n, `${drafts().name(1n)}.other`);
    other.keep({ text: 'The newer one.', elapsedMs: 0, savedAt: 2 });
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    expect(area(page)?.value).toBe('The newer one.');
    expect(words(page)).toContain('The older one.');
    await submit(page);
    expect(kept(1)).toEqual(['The older one.']);
  });

  test('that a window has asked to submit is not exchanged under its question', async () => {
    const server = new FakeServer();
    keep(1, ONE);
    const { page } = await pageOn(server, '/interviews/5/1');
    await press(page, 'Submit');
    await elsewhere(() => keep(1, 'Typed in the other window.'));
    await press(page, 'Yes, submit');
    expect(server.submitted.map(({ text }) => text)).toEqual([ONE]);
    expect(kept(1)).toEqual(['Typed in the other window.']);
  });
});

describe('a question that is answered elsewhere', () => {
  /** Another window of this browser submits an answer to question 1. */
  const submitElsewhere = (text: string) =>
    elsewhere(() => {
      queue().put({ interviewId: 5n, questionId: 1n, text, key: 'k', durationMs: 1, queuedAt: 1 });
      const held = new Held(drafts(), 1n);
      held.drop();
    });

  test('says so where something else is being written, and keeps that', async () => {
    const server = new FakeServer();
    server.replies.set('SubmitAnswer', () => new Promise(() => {}));
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    dispatchEvent(new Event('pagehide'));
    const field = area(page);
    await submitElsewhere('What the other window says to it.');
    // It is the same field: nothing of the caret or of undoing is lost.
    expect(area(page)).toBe(field);
    expect(field?.value).toBe(ONE);
    expect(words(page)).toContain('This question has been answered meanwhile, probably from another window. What you have written here is kept.');
    expect(kept(1)).toEqual([ONE]);
  });

  test('shows that answer when asked to, and goes on with what was written when asked to', async () => {
    const server = new FakeServer();
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    server.answer(1, 'What another device says to it.');
    await settled();
    expect(area(page)?.value).toBe(ONE);
    await press(page, 'Show the answer that was given');
    expect(area(page)).toBeUndefined();
    expect(words(page)).toContain('What another device says to it.');
    expect(words(page)).toContain('You have written something else for this question. It is kept in this browser');
    await press(page, 'Answer again');
    expect(area(page)?.value).toBe(ONE);
    await submit(page);
    expect(server.submitted.map(({ text }) => text)).toEqual([ONE]);
    expect(kept(1)).toEqual([]);
  });

  test('shows the answer at once where the same is written, and leaves no false draft', async () => {
    const server = new FakeServer(1);
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    dispatchEvent(new Event('pagehide'));
    server.answer(1, ONE);
    await settled();
    expect(area(page)).toBeUndefined();
    expect([words(page).includes(ONE), kept(1)]).toEqual([true, []]);
    expect(words(page)).not.toContain('You have written something else');
  });

  test('shows the answer at once where nothing is written', async () => {
    const server = new FakeServer(1);
    const { page } = await pageOn(server, '/interviews/5/1');
    server.answer(1, ONE);
    await settled();
    expect([area(page), words(page).includes(ONE)]).toEqual([undefined, true]);
  });

  test('a draft of the very answer that was given is none, where the page went before it could go', async () => {
    keep(1, ONE);
    const server = new FakeServer();
    server.answer(1, ONE);
    const { page } = await pageOn(server, '/interviews/5/1');
    expect(kept(1)).toEqual([]);
    expect(words(page)).not.toContain('You have written something else');
  });

  test('a further answer is said too, while one is being written', async () => {
    const server = new FakeServer();
    server.answer(1, 'The first answer.');
    const { page } = await pageOn(server, '/interviews/5/1');
    await press(page, 'Answer again');
    await type(page, ONE);
    expect(words(page)).not.toContain('answered meanwhile');
    server.answer(1, 'The second answer, of another device.', { attempt: 2 });
    await settled();
    expect(area(page)?.value).toBe(ONE);
    expect(words(page)).toContain('answered meanwhile');
  });
});

describe('the editor', () => {
  test('moves none of its buttons when it asks, and a double click is one click', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, ONE);
    const button = control(page, 'Submit');
    const click = (target: Element, detail: number) => target.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, detail }));
    click(button, 1);
    await settled();
    // It stands where it stood, and does nothing more.
    expect(control(page, 'Submit')).toBe(button);
    click(button, 2);
    // Whatever may have come under the pointer was not meant.
    click(control(page, 'Keep writing'), 2);
    click(control(page, 'Yes, submit'), 3);
    await settled();
    expect(control(page, 'Yes, submit')).toBeDefined();
    click(control(page, 'Keep writing'), 1);
    await settled();
    expect(page.querySelector('[role="group"]:not([aria-label^="Your marks"])')).toBeNull();
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

  test('loses none of the time on a question when news of another one comes', async () => {
    const server = new FakeServer();
    server.answer(2, TWO);
    new Held(drafts(), 1n).keep({ text: ONE, elapsedMs: 65_000, savedAt: 1 });
    const { page, viva } = await pageOn(server, '/interviews/5/1');
    const timer = () => page.querySelector('[role="timer"]')?.textContent;
    expect(timer()).toBe('01:05');
    // As if nothing had been saved since.
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

  test('is harmless wherever it is shown: answer, feedback, points, titles, and on its way', async () => {
    const server = new FakeServer();
    server.role = `Engineer ${BIDI}`;
    const scores = { correctness: 6, completeness: 6, quality: 6, communication: 6 };
    server.answer(1, `${BIDI} ${PERSIAN}`, {
      evaluation: {
        status: EvaluationStatus.COMPLETED, scores, feedback: `**${BIDI}**`, suggestions: [BIDI],
        keyPoints: [{ point: BIDI, weight: 1, coverage: 1, evidence: BIDI }], grader: { kind: 2, name: BIDI, version: '1' },
      },
    });
    for (const path of ['/', '/interviews/5/1', '/interviews/5/report']) {
      const { page } = await pageOn(server, path);
      expect(page.innerHTML + document.title, path).not.toMatch(/[\u202e\u2066]/);
      expect(words(page), path).toContain(`Engineer ${SHOWN}`);
      if (path === '/') continue;
      expect(page.querySelector('.answer')?.textContent).toContain(`${SHOWN}`);
      expect(page.querySelector('.answer')?.textContent).toContain(PERSIAN);
      // What is quoted is found in the text all the same.
      expect(page.querySelector('.answer mark')?.textContent).toBe(SHOWN);
      expect(page.querySelector('.markdown strong')?.textContent).toBe(SHOWN);
    }
    // News is no exception.
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
