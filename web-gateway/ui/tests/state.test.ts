// What is remembered while the page is open.
import { create } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { AnswerSchema, EvaluationStatus, type Answer } from '#gen/viva/v1/answer_pb.js';
import { ListInterviewsResponseSchema, type ListInterviewsResponse } from '#gen/viva/v1/interview_pb.js';
import { ReportSchema, type Report } from '#gen/viva/v1/report_pb.js';
import type { Api } from '../src/lib/api.js';
import { Problem, type ProblemKind } from '../src/lib/errors.js';
import { Queue } from '../src/lib/queue.js';
import { browserStore } from '../src/lib/store.js';
import { Interviews } from '../src/state/interviews.svelte.js';
import { OpenInterview } from '../src/state/interview.svelte.js';
import { Outbox } from '../src/state/outbox.svelte.js';

describe('the list of interviews', () => {
  /** A server with these ids, two on a page. */
  function list(ids: bigint[]) {
    const interviews = async (token: string): Promise<ListInterviewsResponse> => {
      const from = token === '' ? 0 : ids.findIndex((id) => `${id}` === token) + 1;
      const page = ids.slice(from, from + 2);
      const isLast = from + 2 >= ids.length;
      return create(ListInterviewsResponseSchema, {
        interviews: page.map((id) => ({ id })),
        nextPageToken: isLast ? '' : `${page.at(-1)}`,
      });
    };
    const state = new Interviews({ interviews } as unknown as Api);
    return { state, shown: () => state.list?.map(({ id }) => id) };
  }

  test('is loaded page by page, and reloading the first page removes none', async () => {
    const ids = [9n, 8n, 7n, 6n, 5n];
    const { state, shown } = list(ids);
    await state.load();
    expect(shown()).toEqual([9n, 8n]);
    await state.loadMore();
    expect(shown()).toEqual([9n, 8n, 7n, 6n]);
    ids.unshift(10n);
    await state.load();
    expect(shown()).toEqual([10n, 9n, 8n, 7n, 6n]);
    await state.loadMore();
    expect(shown()).toEqual([10n, 9n, 8n, 7n, 6n, 5n]);
    expect(state.nextPage).toBe('');
  });
});

/** Replies that arrive when the test releases them, in any order. */
function held<T>() {
  const waiting: { done: (value: T) => void; fail: (cause: unknown) => void }[] = [];
  const ask = () => new Promise<T>((done, fail) => waiting.push({ done, fail }));
  return { ask, waiting };
}

describe('late replies', () => {
  const page = (...ids: bigint[]) => create(ListInterviewsResponseSchema, { interviews: ids.map((id) => ({ id })) });
  const turn = () => new Promise((done) => setTimeout(done));

  test('do not replace a newer list', async () => {
    const { ask, waiting } = held<ListInterviewsResponse>();
    const state = new Interviews({ interviews: ask } as unknown as Api);
    void state.load();
    void state.load();
    waiting[1]?.done(page(2n, 1n));
    await turn();
    waiting[0]?.done(page(1n));
    await turn();
    expect(state.list?.map(({ id }) => id)).toEqual([2n, 1n]);
    void state.load();
    void state.load();
    waiting[3]?.done(page(3n));
    await turn();
    waiting[2]?.fail(new Problem('server', ''));
    await turn();
    expect(state.problem).toBeUndefined();
  });

  test('do not bring back an interview that was deleted meanwhile, whose stored data is deleted with it', async () => {
    const { ask, waiting } = held<ListInterviewsResponse>();
    const { ask: remove, waiting: removing } = held<void>();
    const forgotten: bigint[] = [];
    const state = new Interviews({ interviews: ask, remove } as unknown as Api, (id) => forgotten.push(id));
    void state.load();
    waiting[0]?.done(page(2n, 1n));
    await turn();
    void state.load();
    const deleting = state.remove(1n);
    expect(forgotten).toEqual([]);
    removing[0]?.done();
    await deleting;
    waiting[1]?.done(page(2n, 1n));
    await turn();
    expect([state.list?.map(({ id }) => id), forgotten]).toEqual([[2n], [1n]]);
    // If it is already gone, its stored data is deleted as well.
    const again = state.remove(2n);
    removing[1]?.fail(new Problem('not-found', ''));
    await again;
    expect([state.list, forgotten]).toEqual([[], [1n, 2n]]);
  });

  test('of a report do not replace a newer one', async () => {
    const { ask, waiting } = held<Report>();
    const open = new OpenInterview(1n, { report: ask } as unknown as Api, new Outbox(new Queue(browserStore(), 1n), {} as Api));
    void open.load();
    void open.load();
    waiting[1]?.done(create(ReportSchema, { role: 'new' }));
    await turn();
    waiting[0]?.done(create(ReportSchema, { role: 'old' }));
    await turn();
    expect(open.report?.role).toBe('new');
  });
});

test('unrequested changes wait while the user is about to press something', async () => {
  let isCalm = () => {};
  const calm = () => new Promise<void>((done) => (isCalm = done));
  let ids = [1n];
  const interviews = async () => create(ListInterviewsResponseSchema, { interviews: ids.map((id) => ({ id })) });
  const state = new Interviews({ interviews } as unknown as Api, () => {}, calm);
  // The first load does not wait.
  await state.load();
  ids = [2n, 1n];
  const loading = state.load();
  await new Promise((done) => setTimeout(done));
  expect(state.list?.map(({ id }) => id)).toEqual([1n]);
  isCalm();
  await loading;
  expect(state.list?.map(({ id }) => id)).toEqual([2n, 1n]);
});

describe('an open interview', () => {
  const scores = { correctness: 6, completeness: 6, quality: 6, communication: 6 };
  const evaluated = (status: number, attempts = 1) => ({ status, attempts, ...(status === EvaluationStatus.COMPLETED ? { scores } : {}) });
  const answer = (id: bigint, status: number, attempts = 1) =>
    create(AnswerSchema, { id, questionId: 5n, attempt: 1, evaluation: evaluated(status, attempts) });

  async function opened(first?: Answer) {
    const question = { id: 5n, order: 1, text: 'Why?' };
    const report = create(ReportSchema, { interviewId: 1n, questions: [{ question, ...(first ? { answer: first } : {}) }] });
    const api = { report: async () => report, submit: async () => 9n } as unknown as Api;
    const outbox = new Outbox(new Queue(browserStore(), 1n), api);
    const open = new OpenInterview(1n, api, outbox);
    const news: string[] = [];
    open.onNews = ({ standing }) => news.push(standing.is);
    await open.load();
    return { open, outbox, news, standing: () => open.slots[0]?.standing.is };
  }

  test('takes in news, and reports each piece once', async () => {
    const { open, news, standing } = await opened(answer(3n, EvaluationStatus.PENDING));
    open.take(answer(3n, EvaluationStatus.PENDING));
    open.take(answer(3n, EvaluationStatus.COMPLETED));
    open.take(answer(3n, EvaluationStatus.COMPLETED));
    expect([news, standing()]).toEqual([['done'], 'done']);
  });

  test('accepts that a retried evaluation was already retried elsewhere', async () => {
    const { open } = await opened(answer(3n, EvaluationStatus.FAILED));
    let loads = 0;
    const report = async () => ((loads += 1), open.report);
    const retry = (kind: ProblemKind) => () => Promise.reject(new Problem(kind, 'Evaluation has not failed'));
    const other = (kind: ProblemKind) =>
      new OpenInterview(1n, { report, call: retry(kind) } as unknown as Api, new Outbox(new Queue(browserStore(), 1n), {} as Api));
    await other('precondition').retry(answer(3n, EvaluationStatus.FAILED));
    expect(loads).toBe(1);
    await expect(other('unreachable').retry(answer(3n, EvaluationStatus.FAILED))).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('does not take an earlier answer for a later one', async () => {
    const { open, standing } = await opened(answer(4n, EvaluationStatus.COMPLETED));
    open.take(answer(3n, EvaluationStatus.FAILED));
    expect(standing()).toBe('done');
    open.take(answer(5n, EvaluationStatus.PENDING));
    expect(standing()).toBe('pending');
  });

  test('never shows a submitted answer as not answered, even before the server reports it', async () => {
    const { open, outbox, standing } = await opened();
    const seen: (string | undefined)[] = [standing()];
    outbox.tell((item, id) => (open.submitted(item, id), void seen.push(standing())));
    outbox.submit({ interviewId: 1n, questionId: 5n, text: 'Because it is so.', key: 'k', durationMs: 1 });
    seen.push(standing());
    await new Promise((done) => setTimeout(done));
    expect([...seen, standing()]).toEqual(['open', 'queued', 'pending', 'pending']);
    expect(open.slots[0]?.report.answer).toMatchObject({ id: 9n, answerText: 'Because it is so.', attempt: 1 });
  });

  test('does not reset a submitted answer to waiting if the server has already reported more', async () => {
    const { open, standing } = await opened(answer(9n, EvaluationStatus.COMPLETED));
    open.submitted({ interviewId: 1n, questionId: 5n, text: 'Because.', key: 'k', durationMs: 1, queuedAt: 0, heldUntil: 0 }, 9n);
    expect([standing(), open.slots[0]?.report.answer?.attempt]).toEqual(['done', 1]);
  });

  test('trusts a loaded report more than its own record of a submitted answer', async () => {
    const { open, standing } = await opened(answer(9n, EvaluationStatus.COMPLETED));
    const later = new OpenInterview(
      1n,
      { report: async () => open.report } as unknown as Api,
      new Outbox(new Queue(browserStore(), 1n), {} as Api),
    );
    // Sent by a newly opened page before it has loaded anything.
    later.submitted({ interviewId: 1n, questionId: 5n, text: 'Because.', key: 'k', durationMs: 1, queuedAt: 0, heldUntil: 0 }, 9n);
    await later.load();
    expect([later.slots[0]?.standing.is, standing()]).toEqual(['done', 'done']);
  });
});
