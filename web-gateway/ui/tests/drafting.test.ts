// A draft belongs to one question and one window, whatever else happens.
import { beforeEach, describe, expect, test } from 'vitest';
import { Drafts } from '../src/lib/drafts.js';
import { Held } from '../src/lib/held.js';
import { browserStore } from '../src/lib/store.js';
import { settled } from './support/mount.js';
import { area, elsewhere, FakeServer, pageOn, press, submit, type } from './support/server.js';
import { ONE, TWO, drafts, queue, kept, keep, words } from './support/texts.js';

beforeEach(() => localStorage.clear());

describe('a draft', () => {
  test('stays with its question even if you leave before it is saved', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, ONE);
    history.pushState(null, '', '/interviews/5/2');
    dispatchEvent(new PopStateEvent('popstate'));
    await settled();
    expect([kept(1), kept(2)]).toEqual([[ONE], []]);
    expect(area(page)?.value).toBe('');
  });

  test('is saved when the page is closed', async () => {
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
    // This window has read it, so it may replace it.
    expect(kept(1)).toEqual(['Typed in the other window, and here.']);
    expect(words(page)).not.toContain('Both are saved');
  });

  test('that another window has replaced is kept beside the new one, with a message', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, ONE);
    await elsewhere(() => keep(1, 'Typed in the other window.'));
    expect(area(page)?.value).toBe(ONE);
    dispatchEvent(new Event('pagehide'));
    await settled();
    expect(kept(1)).toEqual(['Typed in the other window.', ONE].sort());
    expect(words(page)).toContain('There is a different draft from another window. Both are saved');
    expect(words(page)).toContain('There is another draft of this answer: 5 words');
    // Both windows continue, each with its own.
    await type(page, `${ONE} More.`);
    dispatchEvent(new Event('pagehide'));
    expect(kept(1)).toEqual(['Typed in the other window.', `${ONE} More.`].sort());
  });

  test('that another window continues is continued here without a message', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, ONE);
    dispatchEvent(new Event('pagehide'));
    await elsewhere(() => keep(1, `${ONE} And more of it.`));
    expect(area(page)?.value).toBe(`${ONE} And more of it.`);
    expect([kept(1), words(page).includes('Both are saved')]).toEqual([[`${ONE} And more of it.`], false]);
  });

  test('that was typed here and replaced elsewhere is saved at once, and only once', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, ONE);
    dispatchEvent(new Event('pagehide'));
    // The other window has read it and replaces it.
    await elsewhere(() => keep(1, TWO));
    expect([kept(1), area(page)?.value]).toEqual([[ONE, TWO].sort(), ONE]);
    // An event about the same text does not make this window write it again.
    const before = JSON.stringify({ ...localStorage });
    await elsewhere(() => dispatchEvent(new StorageEvent('storage', { key: drafts().name(1n) })));
    expect(JSON.stringify({ ...localStorage })).toBe(before);
  });

  test('that is deleted elsewhere stays where it was typed, and is saved again when you continue', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, ONE);
    dispatchEvent(new Event('pagehide'));
    await elsewhere(() => drafts().clear());
    expect([area(page)?.value, kept(1)]).toEqual([ONE, []]);
    expect(words(page)).not.toContain('Draft saved');
    await press(page, /Next question/);
    expect(kept(1)).toEqual([]);
  });

  test('can be exchanged for the other one and back, and either can be deleted', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, ONE);
    await elsewhere(() => keep(1, 'Typed in the other window.'));
    await press(page, 'Use it instead');
    expect(area(page)?.value).toBe('Typed in the other window.');
    expect(kept(1)).toEqual(['Typed in the other window.', ONE].sort());
    await press(page, 'Use it instead');
    expect(area(page)?.value).toBe(ONE);
    await press(page, 'Delete it');
    expect(kept(1)).toEqual([ONE]);
    expect(words(page)).not.toContain('There is another draft');
  });

  test('opens as the newest of two, with the other one below', async () => {
    new Held(drafts(), 1n).keep({ text: 'The older one.', elapsedMs: 0, savedAt: 1 });
    const other = new Held(new Drafts(browserStore(), 7n), 1n, `${drafts().name(1n)}.other`);
    other.keep({ text: 'The newer one.', elapsedMs: 0, savedAt: 2 });
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    expect(area(page)?.value).toBe('The newer one.');
    expect(words(page)).toContain('The older one.');
    await submit(page);
    expect(kept(1)).toEqual(['The older one.']);
  });

  test('that another window saves during submission is kept, and the visible text is submitted', async () => {
    const server = new FakeServer();
    keep(1, ONE);
    const { page } = await pageOn(server, '/interviews/5/1');
    await press(page, 'Submit');
    await elsewhere(() => keep(1, 'Typed in the other window.'));
    dispatchEvent(new Event('pagehide'));
    await settled();
    expect(server.submitted.map(({ text }) => text)).toEqual([ONE]);
    expect(kept(1)).toEqual(['Typed in the other window.']);
  });
});

describe('a question that is answered elsewhere', () => {
  /** Another window of this browser submits an answer to question 1. */
  const submitElsewhere = (text: string) =>
    elsewhere(() => {
      queue().put({ interviewId: 5n, questionId: 1n, text, key: 'k', durationMs: 1, queuedAt: 1, heldUntil: 0 });
      const held = new Held(drafts(), 1n);
      held.drop();
    });

  test('says so where you are writing something else, and keeps your text', async () => {
    const server = new FakeServer();
    server.replies.set('SubmitAnswer', () => new Promise(() => {}));
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    dispatchEvent(new Event('pagehide'));
    const field = area(page);
    await submitElsewhere('What the other window says to it.');
    // It is the same field, so the caret and the undo history are kept.
    expect(area(page)).toBe(field);
    expect(field?.value).toBe(ONE);
    expect(words(page)).toContain('This question has been answered in the meantime, probably in another window. Your text here is saved.');
    expect(kept(1)).toEqual([ONE]);
  });

  test('shows that answer on request, and continues with your text on request', async () => {
    const server = new FakeServer();
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    server.answer(1, 'What another device says to it.');
    await settled();
    expect(area(page)?.value).toBe(ONE);
    await press(page, 'Show the answer that was submitted');
    expect(area(page)).toBeUndefined();
    expect(words(page)).toContain('What another device says to it.');
    expect(words(page)).toContain('You also have an unsubmitted draft for this question, saved in this browser');
    await press(page, 'Answer again');
    expect(area(page)?.value).toBe(ONE);
    await submit(page);
    expect(server.submitted.map(({ text }) => text)).toEqual([ONE]);
    expect(kept(1)).toEqual([]);
  });

  test('shows the answer at once where you have written the same, and leaves no draft', async () => {
    const server = new FakeServer(1);
    const { page } = await pageOn(server, '/interviews/5/1');
    await type(page, ONE);
    dispatchEvent(new Event('pagehide'));
    server.answer(1, ONE);
    await settled();
    expect(area(page)).toBeUndefined();
    expect([words(page).includes(ONE), kept(1)]).toEqual([true, []]);
    expect(words(page)).not.toContain('You also have an unsubmitted draft');
  });

  test('shows the answer at once where you have written nothing', async () => {
    const server = new FakeServer(1);
    const { page } = await pageOn(server, '/interviews/5/1');
    server.answer(1, ONE);
    await settled();
    expect([area(page), words(page).includes(ONE)]).toEqual([undefined, true]);
  });

  test('a draft with the same words as the submitted answer is removed, if the page closed before it could be', async () => {
    keep(1, ONE);
    const server = new FakeServer();
    server.answer(1, ONE);
    const { page } = await pageOn(server, '/interviews/5/1');
    expect(kept(1)).toEqual([]);
    expect(words(page)).not.toContain('You also have an unsubmitted draft');
  });

  test('says so too if a further answer arrives while you are writing', async () => {
    const server = new FakeServer();
    server.answer(1, 'The first answer.');
    const { page } = await pageOn(server, '/interviews/5/1');
    await press(page, 'Answer again');
    await type(page, ONE);
    expect(words(page)).not.toContain('answered in the meantime');
    server.answer(1, 'The second answer, of another device.', { attempt: 2 });
    await settled();
    expect(area(page)?.value).toBe(ONE);
    expect(words(page)).toContain('answered in the meantime');
  });
});
