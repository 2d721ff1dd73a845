// Study mode and real mode: the clock, withheld feedback, and the end.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { create, fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { AnswerSchema, EvaluationStatus, WatchInterviewResponseSchema } from '#gen/viva/v1/answer_pb.js';
import {
  CreateInterviewRequestSchema,
  CreateInterviewResponseSchema,
  EndInterviewResponseSchema,
  InterviewMode,
  type CreateInterviewRequest,
} from '#gen/viva/v1/interview_pb.js';
import { GetReportResponseSchema, ReportSchema } from '#gen/viva/v1/report_pb.js';
import { leftOf, leftWords, spentWords, takenWords } from '../src/lib/mode.js';
import { settled } from './support/mount.js';
import { area, control, FakeServer, pageOn, press } from './support/server.js';
import { inPieces, messageFrame, replyWith } from './support/wire.js';
import { words } from './support/texts.js';

beforeEach(() => localStorage.clear());

const scores = { correctness: 6, completeness: 6, quality: 6, communication: 6 };
const done = { status: EvaluationStatus.COMPLETED, scores, grader: { kind: 1, name: 'viva-offline', version: '3' } };
const withheld = { status: EvaluationStatus.PENDING, withheld: true };

/** A server with an interview in real mode. */
class Real extends FakeServer {
  ended = false;
  clock: MessageInitShape<typeof ReportSchema>['clock'] = {
    minutes: 30,
    questionMinutes: 8,
    remainingMs: 1_752_000n,
    questionRemainingMs: 190_000n,
  };
  followUps: { id: bigint; text: string }[] = [];

  constructor() {
    super();
    this.replies.set('GetReport', () => {
      const question = (id: bigint, text: string) => ({ id, text, source: 1 });
      const answer = {
        id: 1n,
        questionId: 1n,
        answerText: 'It waits for a lock.',
        attempt: 1,
        durationMs: 252_000n,
        evaluation: this.ended ? done : withheld,
      };
      const questions = [
        { question: question(1n, 'Question 1?'), answer },
        ...this.followUps.map(({ id, text }) => ({ question: { ...question(id, text), parentQuestionId: 1n } })),
        { question: question(2n, 'Question 2?') },
      ];
      const clock = this.ended ? { minutes: 30, questionMinutes: 8, endedAt: { seconds: 1n } } : this.clock;
      return replyWith(GetReportResponseSchema, {
        report: {
          interviewId: 5n,
          role: 'Rust engineer',
          level: 2,
          mode: InterviewMode.REAL,
          feedbackWithheld: !this.ended,
          ...(clock ? { clock } : {}),
          questions,
        },
      });
    });
    this.replies.set('EndInterview', () => ((this.ended = true), replyWith(EndInterviewResponseSchema, {})));
  }
}

describe('an interview in real mode', () => {
  test('shows the time left, and neither hints nor answers until it has ended', async () => {
    const { page } = await pageOn(new Real(), '/interviews/5/2');
    expect(words(page.querySelector('[role="timer"]'))).toMatch(/^29:1[12] left, 03:[01]\d for this question$/);
    expect(page.querySelector('.help')).toBeNull();
    expect(() => control(page, /Pause/)).toThrow();
    await press(page, /Previous question/);
    expect(words(page.querySelector('article'))).toContain('Scores and feedback come when the interview has ended.');
    expect(words(page.querySelector('article'))).toContain('4 min 12 s');
    expect(() => control(page, 'Answer again')).toThrow();
    expect(words(page.querySelector('.rail'))).toContain('answered');
  });

  test('ends after confirmation, and then has its scores', async () => {
    const server = new Real();
    const { page } = await pageOn(server, '/interviews/5/2');
    await press(page, 'End the interview');
    await press(page, 'Keep going');
    expect([server.ended, area(page) !== undefined]).toEqual([false, true]);
    await press(page, 'End the interview');
    await press(page, 'End it');
    expect(location.pathname).toBe('/interviews/5/report');
    expect(words(page)).toContain('this answer 6.0 fair');
    expect(words(page)).toContain('real mode');
    expect(() => control(page, 'End the interview')).toThrow();
  });

  test('ends by itself when its time is up, and says so', async () => {
    const server = new Real();
    server.clock = { minutes: 30, remainingMs: 20n };
    // It ends while the page is open.
    setTimeout(() => (server.ended = true), 10);
    const { page } = await pageOn(server, '/interviews/5/2');
    await vi.waitFor(() => expect(words(page)).toContain('The time is up. Your scores and feedback are in the report.'), {
      timeout: 5_000,
    });
    expect(words(page)).toContain('real mode, ended');
  });

  test('shows the interviewer’s follow-ups without being asked', async () => {
    const server = new Real();
    const followUp = { id: 9n, text: 'Which lock?' };
    let follow = () => {};
    const asked = new Promise<void>((done) => (follow = done));
    server.replies.set('WatchInterview', async () => {
      await asked;
      server.followUps = [followUp];
      const answer = { id: 1n, questionId: 1n, attempt: 1, evaluation: withheld };
      return inPieces([messageFrame(WatchInterviewResponseSchema, { answer, followUps: [{ ...followUp, parentQuestionId: 1n }] })]);
    });
    const { page } = await pageOn(server, '/interviews/5/2');
    expect(words(page.querySelector('article h2'))).toBe('Question 2:Question 2?');
    follow();
    await settled();
    expect(words(page.querySelector('.rail'))).toContain('follow-up');
    // You stay with the question that you are answering, which has a new number.
    expect([words(page.querySelector('article h2')), location.pathname]).toEqual(['Question 3:Question 2?', '/interviews/5/3']);
  });
});

test('the form asks for a mode and its limits', async () => {
  const server = new FakeServer();
  const asked: CreateInterviewRequest[] = [];
  server.replies.set('CreateInterview', async ({ body }) => {
    asked.push(fromBinary(CreateInterviewRequestSchema, new Uint8Array(await new Response(body).arrayBuffer()).slice(5)));
    return replyWith(CreateInterviewResponseSchema, { interview: { id: 6n, role: 'Rust engineer' } });
  });
  const { page } = await pageOn(server, '/new');
  const field = page.querySelector<HTMLInputElement>('#role');
  if (!field) throw new Error('There is no field for the role.');
  field.value = 'Rust engineer';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  const radios = [...page.querySelectorAll<HTMLInputElement>('input[name="mode"]')];
  radios[1]?.click();
  await settled(1);
  expect(words(page.querySelector('form'))).toContain('Feedback comes at the end.');
  const [whole, question] = [...page.querySelectorAll<HTMLSelectElement>('.limits select')];
  for (const [select, value] of [
    [whole, '30'],
    [question, '8'],
  ] as const) {
    if (!select) throw new Error('There is no field for a limit.');
    select.value = value;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  }
  await press(page, 'Start');
  expect(asked).toMatchObject([{ role: 'Rust engineer', mode: InterviewMode.REAL, minutes: 30, questionMinutes: 8 }]);
});

test('in study mode the clock can be paused', async () => {
  const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
  await press(page, /Pause/);
  expect(control(page, /Resume/).getAttribute('aria-pressed')).toBe('true');
});

describe('times', () => {
  test('are counted down from their arrival, whatever this machine’s clock says', () => {
    const report = create(ReportSchema, { clock: { remainingMs: 60_000n, questionRemainingMs: 5_000n } });
    expect(leftOf(report, 10_000)).toEqual({ whole: 50_000, question: 0 });
    expect(leftWords({ whole: 50_000, question: 0 })).toBe('00:50 left, over the time for this question');
    expect(leftWords({ whole: 50_000, question: undefined })).toBe('00:50 left');
    expect(leftOf(create(ReportSchema, {}), 0)).toBeUndefined();
  });

  test('of study mode are shown beside their limits', () => {
    const clock = create(ReportSchema, { clock: { minutes: 30, questionMinutes: 8 } });
    expect(spentWords(clock, 252_000, 760_000)).toBe('04:12 of 8 min, 12:40 of 30 min in all');
    expect(spentWords(create(ReportSchema, {}), 252_000, 760_000)).toBe('04:12');
  });

  test('of an answer are shown if they are known', () => {
    const taken = (durationMs: bigint, late = false) => takenWords(create(AnswerSchema, { durationMs, late })).replaceAll('\u00a0', ' ');
    expect([taken(0n), taken(45_400n), taken(252_000n, true)]).toEqual(['', '45 s', '4 min 12 s, after the end']);
  });
});
