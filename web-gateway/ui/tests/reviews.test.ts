// Reviewing: the count on the list, one point after the other, and what remains when nothing is due.
import { create, fromBinary, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FailureCode } from '#gen/viva/v1/answer_pb.js';
import {
  ForgetPointRequestSchema,
  ForgetPointResponseSchema,
  GetMemoryRequestSchema,
  GetMemoryResponseSchema,
  ListReviewsRequestSchema,
  ListReviewsResponseSchema,
  MemoryCountsSchema,
  PostponeReviewRequestSchema,
  PostponeReviewResponseSchema,
  ReviewMode,
  ReviewRating,
  ReviewReason,
  SubmitReviewRequestSchema,
  SubmitReviewResponseSchema,
  type ForgetPointRequest,
  type ListReviewsRequest,
  type MemoryCounts,
  type PostponeReviewRequest,
  type ReviewSchema,
  type SubmitReviewRequest,
  type SubmitReviewResponse,
} from '#gen/viva/v1/memory_pb.js';
import { dayWords, doneWords, dueWords, timeZone } from '../src/lib/reviews.js';
import { area, control, FakeServer, pageOn, press, type } from './support/server.js';
import { drafts, words } from './support/texts.js';
import { refusal, replyWith } from './support/wire.js';

/** The day on which all of this happens: days are told relative to it. */
const TODAY = new Date(2026, 11, 1, 12);

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers({ toFake: ['Date'], now: TODAY });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const messages = (page: HTMLElement) => words(page.querySelector('[aria-label="Messages"]'));
const screen = (page: HTMLElement) => words(page.querySelector('main'));

async function read<D extends DescMessage>(schema: D, { body }: RequestInit): Promise<MessageShape<D>> {
  return fromBinary(schema, new Uint8Array(await new Response(body).arrayBuffer()).slice(5));
}

/** A server with points to review; what is sent to it is kept. */
class Remembering extends FakeServer {
  points: MessageInitShape<typeof ReviewSchema>[] = [1, 2].map((n) => ({
    pointId: BigInt(n),
    prompt: `What about point ${n}?`,
    promptNumber: n,
    topic: 'rust',
    topicTitle: 'Rust',
    reason: ReviewReason.DUE,
  }));
  counts: MessageInitShape<typeof MemoryCountsSchema> = { points: 9, due: 2, leftToday: 2, dailyLimit: 20, nextDueDay: '2026-12-04' };
  result: Partial<Omit<SubmitReviewResponse, '$typeName' | 'counts'>> = {
    rating: ReviewRating.HARD,
    point: 'On an Err, `?` returns early.',
    coverage: 0.5,
    evidence: 'it returns',
    dueDay: '2026-12-04',
    dueInDays: 3,
  };
  readonly zones: string[] = [];
  readonly listed: ListReviewsRequest[] = [];
  readonly sent: SubmitReviewRequest[] = [];
  readonly postponed: PostponeReviewRequest[] = [];
  readonly forgotten: ForgetPointRequest[] = [];

  constructor() {
    super();
    this.replies.set('GetMemory', async (init) => {
      this.zones.push((await read(GetMemoryRequestSchema, init)).timeZone);
      const topics = [
        { topic: 'rust', title: 'Rust', points: 6, due: 2, strength: 0.617 },
        { topic: 'security', title: 'Security', points: 1, due: 0, strength: 0.9 },
      ];
      return replyWith(GetMemoryResponseSchema, { counts: this.counts, topics, timeZone: 'Europe/Berlin' });
    });
    this.replies.set('ListReviews', async (init) => {
      const request = await read(ListReviewsRequestSchema, init);
      this.listed.push(request);
      return replyWith(ListReviewsResponseSchema, { reviews: this.points, counts: this.counts });
    });
    this.replies.set('SubmitReview', async (init) => {
      const request = await read(SubmitReviewRequestSchema, init);
      this.sent.push(request);
      this.points = this.points.filter(({ pointId }) => pointId !== request.pointId);
      this.counts = { ...this.counts, due: this.points.length, leftToday: this.points.length };
      return replyWith(SubmitReviewResponseSchema, { ...this.result, counts: this.counts });
    });
    this.replies.set('PostponeReview', async (init) => {
      this.postponed.push(await read(PostponeReviewRequestSchema, init));
      return replyWith(PostponeReviewResponseSchema, { dueDay: '2026-12-08' });
    });
    this.replies.set('ForgetPoint', async (init) => {
      this.forgotten.push(await read(ForgetPointRequestSchema, init));
      return replyWith(ForgetPointResponseSchema, {});
    });
  }
}

describe('the list of interviews', () => {
  test('says how many points are due, and leads to them', async () => {
    const { page } = await pageOn(new Remembering(), '/');
    expect(words(page.querySelector('[aria-label="Review"]'))).toBe('2 points due today Review');
    await press(page, 'Review');
    expect(location.pathname).toBe('/review');
    expect(screen(page)).toContain('What about point 1?');
  });

  test('offers a drill when nothing is due', async () => {
    const server = new Remembering();
    server.counts = { points: 9, nextDueDay: '2026-12-04' };
    const { page } = await pageOn(server, '/');
    expect(words(page.querySelector('[aria-label="Review"]'))).toBe('Nothing is due today. Ten-minute drill');
    await press(page, 'Ten-minute drill');
    expect(server.listed.map(({ mode }) => mode)).toEqual([ReviewMode.DRILL]);
  });

  test('says nothing of reviews while there are no points, or the server has none', async () => {
    const server = new Remembering();
    server.counts = {};
    expect((await pageOn(server, '/')).page.querySelector('[aria-label="Review"]')).toBeNull();
    const { page } = await pageOn(new FakeServer(), '/');
    expect(page.querySelector('[aria-label="Review"]')).toBeNull();
    expect(messages(page)).toBe('');
  });
});

describe('a review', () => {
  test('asks for one point after the other and shows your words beside the point', async () => {
    const server = new Remembering();
    const { page } = await pageOn(server, '/review');
    expect(screen(page)).toContain('1 of 2 · Rust What about point 1?');
    await type(page, 'I think it returns.');
    await press(page, 'Submit');
    expect(words(page.querySelector('article'))).toContain(
      'You said I think it returns. ~ Touched on. The point: On an Err, ? returns early. It comes back in 3 days, on Fri 4 Dec.',
    );
    expect([...page.querySelectorAll('mark')].map(words)).toEqual(['it returns']);
    expect(document.activeElement?.textContent).toBe('Continue');
    await press(page, 'Continue');
    expect(screen(page)).toContain('2 of 2 · Rust What about point 2?');
    expect([area(page)?.value, document.activeElement?.id]).toEqual(['', 'answer']);
    expect(server.sent).toMatchObject([{ pointId: 1n, promptNumber: 1, answerText: 'I think it returns.', timeZone: timeZone() }]);
  });

  test('ends with what was reviewed, when the next ones are due, and how well each topic is remembered', async () => {
    const { page } = await pageOn(new Remembering(), '/review');
    for (const text of ['One.', 'Two.']) {
      await type(page, text);
      await press(page, 'Submit');
      await press(page, 'Continue');
    }
    expect(screen(page)).toContain('2 points reviewed. That is all for now. The next ones are due on Fri 4 Dec.');
    expect([...page.querySelectorAll('main li')].map(words)).toEqual(['62 % Rust 6 points, 2 due', '90 % Security 1 point, 0 due']);
    expect(screen(page)).toContain('Days are those of Europe/Berlin.');
  });

  test('shows the point to somebody who does not know it', async () => {
    const server = new Remembering();
    server.result = { ...server.result, rating: ReviewRating.AGAIN, evidence: '', correction: 'It does not panic.', dueInDays: 1 };
    const { page } = await pageOn(server, '/review');
    await press(page, 'I don’t know: show me');
    expect(words(page.querySelector('article'))).toContain(
      'You asked to see the point. ✗ Missed. The point: On an Err, ? returns early. What is wrong: It does not panic. It comes back in 1 day',
    );
    expect(server.sent[0]?.answerText).toBe('');
  });

  test('sends nothing while nothing is written', async () => {
    const server = new Remembering();
    const { page } = await pageOn(server, '/review');
    await type(page, '  ');
    await press(page, 'Submit');
    expect(words(page.querySelector('#answer-fault'))).toBe('Write what you know, or have the point shown.');
    expect(server.sent).toEqual([]);
  });

  test('that the grader declines to judge stays open, with its text and the reason', async () => {
    const server = new Remembering();
    server.result = { failureCode: FailureCode.OFF_TOPIC, failureReason: 'this text seems to be about something else' };
    const { page } = await pageOn(server, '/review');
    await type(page, 'The weather.');
    await press(page, 'Submit');
    expect(words(page.querySelector('[role="alert"]'))).toBe('No rating. This text seems to be about something else.');
    expect(area(page)?.value).toBe('The weather.');
  });

  test('whose answer could not be sent keeps it, and sends it again under the same key', async () => {
    const server = new Remembering();
    const { page } = await pageOn(server, '/review');
    await type(page, 'It returns.');
    const submit = server.replies.get('SubmitReview');
    const keys: string[] = [];
    server.replies.set('SubmitReview', async (init) => {
      keys.push((await read(SubmitReviewRequestSchema, init)).idempotencyKey);
      return refusal(Code.Unavailable, 'DATABASE_UNAVAILABLE');
    });
    await press(page, 'Submit');
    await press(page, 'Submit');
    expect(messages(page)).toContain('What you wrote is kept.');
    expect(area(page)?.value).toBe('It returns.');
    if (submit) server.replies.set('SubmitReview', submit);
    await press(page, 'Submit');
    expect([...new Set([...keys, server.sent[0]?.idempotencyKey])]).toHaveLength(1);
    expect(screen(page)).toContain('Touched on.');
  });

  test('keeps what is typed when the page goes, until it is graded', async () => {
    const server = new Remembering();
    const { page } = await pageOn(server, '/review');
    await type(page, 'Half an answer');
    dispatchEvent(new Event('pagehide'));
    expect(drafts().read(drafts().name('point-1'))?.text).toBe('Half an answer');
    const again = (await pageOn(server, '/review')).page;
    expect(area(again)?.value).toBe('Half an answer');
    await press(again, 'Submit');
    expect(drafts().count()).toBe(0);
  });

  test('can be put off, and the next point comes', async () => {
    const server = new Remembering();
    const { page } = await pageOn(server, '/review');
    await press(page, 'Put off for a week');
    expect(messages(page)).toContain('It comes back on Tue 8 Dec.');
    expect(screen(page)).toContain('1 of 1 · Rust What about point 2?');
    await press(page, 'Put off until tomorrow');
    expect(server.postponed).toMatchObject([
      { pointId: 1n, days: 7, timeZone: timeZone() },
      { pointId: 2n, days: 1 },
    ]);
  });

  test('is not asked again once it is forgotten, unless that is taken back', async () => {
    const server = new Remembering();
    const { page } = await pageOn(server, '/review');
    await press(page, 'Do not ask again');
    expect(messages(page)).toContain('You will not be asked for it again.');
    expect(screen(page)).toContain('What about point 2?');
    await press(page, 'Undo');
    expect(messages(page)).toContain('You will be asked for it again.');
    expect(server.forgotten.map(({ pointId, undo }) => [pointId, undo])).toEqual([
      [1n, false],
      [1n, true],
    ]);
  });

  test('beyond the daily limit comes when it is asked for', async () => {
    const server = new Remembering();
    const points = server.points;
    server.points = [];
    server.counts = { points: 30, due: 2, doneToday: 20, dailyLimit: 20 };
    const { page } = await pageOn(server, '/review');
    expect(screen(page)).toContain('That is it for today: 20 points reviewed. 2 more are due.');
    server.points = points;
    await press(page, 'More today');
    expect(server.listed.map(({ mode, more }) => [mode, more])).toEqual([
      [ReviewMode.DUE, false],
      [ReviewMode.DUE, true],
    ]);
    expect(screen(page)).toContain('What about point 1?');
  });

  test('of a drill says why each point is asked for', async () => {
    const server = new Remembering();
    server.points = server.points.map((point) => ({ ...point, reason: ReviewReason.WEAK }));
    const { page } = await pageOn(server, '/review?drill');
    expect(screen(page)).toContain('1 of 2 · Rust · weak');
  });

  test('that cannot be loaded can be tried again', async () => {
    const server = new Remembering();
    const list = server.replies.get('ListReviews');
    server.replies.set('ListReviews', () => refusal(Code.Unavailable, 'DATABASE_UNAVAILABLE'));
    const { page } = await pageOn(server, '/review');
    if (list) server.replies.set('ListReviews', list);
    await press(page, 'Try again');
    expect(screen(page)).toContain('What about point 1?');
  });
});

test('progress has the topics in memory and leads to the reviews', async () => {
  const server = new Remembering();
  server.replies.set('GetProgress', async () => {
    const { GetProgressResponseSchema } = await import('#gen/viva/v1/report_pb.js');
    return replyWith(GetProgressResponseSchema, { points: [{ interviewId: 5n, role: 'Rust engineer', overallScore: 6 }] });
  });
  const { page } = await pageOn(server, '/progress');
  expect(words(page.querySelector('[aria-labelledby="remembered"]'))).toContain('62 % Rust 6 points, 2 due');
  expect(control(page, 'Review what is due').getAttribute('href')).toBe('/review');
  expect(control(page, 'Ten-minute drill').getAttribute('href')).toBe('/review?drill');
  expect(server.zones.at(-1)).toBe(timeZone());
});

test('what is due, and what is left, is said for every state of the memory', () => {
  const now = TODAY.getTime();
  const counts = (init: MessageInitShape<typeof MemoryCountsSchema>): MemoryCounts => create(MemoryCountsSchema, init);
  expect(dueWords(counts({ points: 9, due: 1, leftToday: 1 }))).toBe('1 point due today');
  expect(dueWords(counts({ points: 9, due: 3, doneToday: 20 }))).toBe('That is it for today: 20 points reviewed.');
  expect(doneWords(counts({}), 0, now)).toBe('Nothing to review yet: the points of your answers come here once they are evaluated.');
  expect(doneWords(counts({ points: 9 }), 0, now)).toBe('Nothing is due today.');
  expect(doneWords(counts({ points: 9, nextDueDay: '2026-12-02' }), 0, now)).toBe(
    'Nothing is due today. The next ones are due on Wed 2 Dec.',
  );
  expect(doneWords(counts({ points: 9, due: 4, leftToday: 4 }), 5, now)).toBe('5 points reviewed. 4 points due today.');
  expect(doneWords(counts({ points: 9, due: 1, doneToday: 20 }), 20, now)).toBe('That is it for today: 20 points reviewed. 1 more is due.');
  expect(dayWords('2026-12-01', now)).toBe('today');
});
