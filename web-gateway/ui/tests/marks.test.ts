// Marking questions: changes are sent, and a typed note is not lost.
import { create, fromBinary } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  ListQuestionMarksResponseSchema,
  MarkedQuestionSchema,
  QuestionMarkSchema,
  QuestionSchema,
  QuestionSource,
  QuestionWish,
  SetQuestionMarkRequestSchema,
  SetQuestionMarkResponseSchema,
  type SetQuestionMarkRequest,
} from '#gen/viva/v1/interview_pb.js';
import { changeWords, listedSubject, noteFault, subjectKey, subjectOf, toggled } from '../src/lib/marks.js';
import { control, FakeServer, pageOn, press } from './support/server.js';
import { settled } from './support/mount.js';
import { refusal, replyWith } from './support/wire.js';

const mark = (init = {}) => create(QuestionMarkSchema, init);

beforeEach(() => localStorage.clear());

describe('a mark', () => {
  test('is toggled one thing at a time', () => {
    expect(toggled('star', undefined)).toEqual({ starred: true });
    expect(toggled('star', mark({ starred: true }))).toEqual({ starred: false });
    expect(toggled('not-again', mark({ wish: QuestionWish.AGAIN_SOON }))).toEqual({ wish: QuestionWish.NOT_AGAIN });
    expect(toggled('not-again', mark({ wish: QuestionWish.NOT_AGAIN }))).toEqual({ wish: QuestionWish.UNSPECIFIED });
    expect(toggled('again-soon', mark())).toEqual({ wish: QuestionWish.AGAIN_SOON });
  });

  test('says what a change has done', () => {
    expect(changeWords({ starred: true }, mark({ starred: true }))).toBe('Starred.');
    expect(changeWords({ note: '' }, mark())).toBe('Note deleted.');
    expect(changeWords({ wish: QuestionWish.UNSPECIFIED }, mark({ starred: true }))).toBe('This question may come up like any other.');
  });

  test('belongs to a question, or stands alone if the question is deleted', () => {
    const subject = subjectOf(5n, create(QuestionSchema, { id: 12n, source: QuestionSource.MODEL }));
    expect(subject).toEqual({ interviewId: 5n, questionId: 12n, markId: 0n, isOfBank: false });
    expect(subjectKey(subject)).toBe('12');
    const gone = listedSubject(create(MarkedQuestionSchema, { mark: { id: 3n }, source: QuestionSource.BANK }));
    expect(gone).toEqual({ interviewId: 0n, questionId: 0n, markId: 3n, isOfBank: true });
    expect(subjectKey(gone)).toBe('m3');
  });

  test('has a note of at most 4,000 characters, as the server counts them', () => {
    expect(noteFault('🦀'.repeat(4_000))).toBeUndefined();
    expect(noteFault('🦀'.repeat(4_001))).toBe('A note can have up to 4,000 characters; this one has 4001.');
  });
});

/** A server that stores marks and the changes it was sent. */
class Marking extends FakeServer {
  readonly asked: SetQuestionMarkRequest[] = [];
  mark = mark({ id: 1n });
  isDown = false;
  /** Requests that wait for a reply while the test holds them. */
  held: (() => void)[] | undefined;

  override readonly call: typeof fetch = async (input, init = {}) => {
    const path = new URL(String(input), 'http://viva.example').pathname;
    if (path.endsWith('/SetQuestionMark')) return this.#set(init);
    if (path.endsWith('/ListQuestionMarks')) {
      const listed = {
        mark: this.mark,
        interviewId: 0n,
        questionId: 0n,
        text: 'Which question?',
        topic: 'rust',
        source: QuestionSource.BANK,
      };
      return replyWith(ListQuestionMarksResponseSchema, { questions: [listed] });
    }
    return this.rest(input, init);
  };

  readonly rest = new FakeServer().call;

  async #set(init: RequestInit): Promise<Response> {
    const body = new Uint8Array(await new Response(init.body).arrayBuffer());
    const request = fromBinary(SetQuestionMarkRequestSchema, body.slice(5));
    this.asked.push(request);
    if (this.held) await new Promise<void>((go) => this.held?.push(go));
    if (this.isDown) return refusal(Code.Unavailable, 'DATABASE_UNAVAILABLE');
    const { note = this.mark.note, starred = this.mark.starred, wish = this.mark.wish } = request;
    this.mark = mark({ id: 1n, note, starred, wish });
    return replyWith(SetQuestionMarkResponseSchema, { mark: this.mark });
  }
}

const noteArea = (page: HTMLElement) => page.querySelector<HTMLTextAreaElement>('textarea[id^="note-"]');

async function typeNote(page: HTMLElement, text: string): Promise<void> {
  const area = noteArea(page);
  if (!area) throw new Error('There is nowhere to type a note.');
  area.value = text;
  area.dispatchEvent(new Event('input', { bubbles: true }));
  await settled(1);
}

describe('the page', () => {
  test('sends a change and shows its result', async () => {
    const server = new Marking();
    const { page } = await pageOn(server, '/interviews/5/1');
    const star = () => control(page, /Star$/);
    expect(star().getAttribute('aria-pressed')).toBe('false');
    await press(page, /Star$/);
    expect(server.asked.map(({ questionId, starred, note, wish }) => [questionId, starred, note, wish])).toEqual([
      [1n, true, undefined, undefined],
    ]);
    expect(star().getAttribute('aria-pressed')).toBe('true');
    dispatchEvent(new KeyboardEvent('keydown', { key: 'x' }));
    await settled();
    expect(server.asked.at(-1)?.wish).toBe(QuestionWish.NOT_AGAIN);
    expect(control(page, 'Don’t ask again').getAttribute('aria-pressed')).toBe('true');
    // This server's questions are not from a bank, which `a` would need.
    dispatchEvent(new KeyboardEvent('keydown', { key: 'a' }));
    await settled();
    expect(server.asked).toHaveLength(2);
    expect(page.textContent).not.toContain('Ask again soon');
  });

  test('sends nothing twice before the server has replied', async () => {
    const server = new Marking();
    const { page } = await pageOn(server, '/interviews/5/1');
    server.held = [];
    await press(page, /Star$/);
    await press(page, /Star$/);
    expect(server.asked).toHaveLength(1);
    for (const go of server.held) go();
    await settled();
    expect(control(page, /Star$/).getAttribute('aria-pressed')).toBe('true');
  });

  test('keeps a typed note until the server has it', async () => {
    const server = new Marking();
    let { page } = await pageOn(server, '/interviews/5/1');
    await press(page, 'Note');
    await typeNote(page, 'Say what it costs.');
    server.isDown = true;
    await press(page, 'Save note');
    expect(page.textContent).toContain('Your note is saved in this browser.');
    expect(noteArea(page)?.value).toBe('Say what it costs.');
    // The tab is closed and opened again.
    ({ page } = await pageOn(server, '/interviews/5/1'));
    expect(page.textContent).toContain('You have an unsaved note in this browser');
    await press(page, 'Note');
    expect(noteArea(page)?.value).toBe('Say what it costs.');
    server.isDown = false;
    await press(page, 'Save note');
    expect(server.mark.note).toBe('Say what it costs.');
    expect(noteArea(page)).toBeNull();
    expect(page.textContent).toContain('Say what it costs.');
    expect(Object.keys(localStorage).filter((name) => name.includes('note'))).toEqual([]);
  });

  test('keeps what is typed while a note is being saved', async () => {
    const server = new Marking();
    const { page } = await pageOn(server, '/interviews/5/1');
    await press(page, 'Note');
    await typeNote(page, 'One');
    server.held = [];
    await press(page, 'Save note');
    await typeNote(page, 'One two');
    for (const go of server.held) go();
    await settled();
    expect(noteArea(page)?.value).toBe('One two');
    expect(Object.values({ ...localStorage }).join()).toContain('One two');
    await press(page, 'Close');
  });

  test('lists marked questions, and changes a mark whose question is deleted', async () => {
    const server = new Marking();
    server.mark = mark({ id: 9n, note: 'Why?', starred: true });
    const { page } = await pageOn(server, '/starred');
    expect(page.textContent).toContain('Which question?');
    expect(page.textContent).toContain('The interview with this question has been deleted.');
    await press(page, 'Ask again soon');
    expect(server.asked.map(({ questionId, markId, wish }) => [questionId, markId, wish])).toEqual([[0n, 9n, QuestionWish.AGAIN_SOON]]);
  });
});
