// Reading the report: each thing once, highlighted quotes, and what to do next.
import { beforeEach, expect, test } from 'vitest';
import { fromBinary } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { Dimension, EvaluationStatus } from '#gen/viva/v1/answer_pb.js';
import { CreateInterviewRequestSchema, CreateInterviewResponseSchema, type CreateInterviewRequest } from '#gen/viva/v1/interview_pb.js';
import { GetReportResponseSchema } from '#gen/viva/v1/report_pb.js';
import { settled } from './support/mount.js';
import { control, FakeServer, pageOn, press } from './support/server.js';
import { refusal, replyWith } from './support/wire.js';
import { words } from './support/texts.js';

beforeEach(() => localStorage.clear());

const scores = (n: number) => ({ correctness: n, completeness: n - 2, quality: n, communication: n });
const POINTS = ['Threads wait for the lock.', 'A profiler shows who waits.', 'The lock can be split into shards.'];

const evaluation = (n: number) => ({
  status: EvaluationStatus.COMPLETED,
  scores: scores(n),
  feedback: 'What made it good, at length.',
  suggestions: [`Add this point: ${POINTS[2]}`, 'Give a figure from your own work.'],
  keyPoints: [
    { point: POINTS[0] ?? '', weight: 0.4, coverage: 1, evidence: 'they wait' },
    { point: POINTS[1] ?? '', weight: 0.3, coverage: 0.5, evidence: 'a profile', confidence: 0.5 },
    { point: POINTS[2] ?? '', weight: 0.3, coverage: 0, evidence: '' },
  ],
  explanations: [{ dimension: Dimension.COMPLETENESS, band: 'weak', reason: 'One of three.', nextStep: `Add this point: ${POINTS[2]}` }],
  grader: { kind: 1, name: 'viva-offline', version: '3' },
});

function server(): FakeServer {
  const fake = new FakeServer(2);
  const question = (number: number, topic: string, n: number) => ({
    question: { id: BigInt(number), order: number, text: `Question ${number}?`, topic },
    answer: {
      id: BigInt(number),
      questionId: BigInt(number),
      answerText: 'I think they wait; a profile tells.',
      attempt: 1,
      evaluation: evaluation(n),
    },
  });
  fake.replies.set('GetReport', () =>
    replyWith(GetReportResponseSchema, {
      report: {
        interviewId: 5n,
        role: 'Rust engineer',
        level: 2,
        overallScore: 6,
        averageScores: scores(6),
        strengths: [POINTS[0] ?? ''],
        improvements: ['Something of no question.'],
        questions: [question(1, 'concurrency', 8), question(2, 'operating-systems', 5)],
      },
    }),
  );
  return fake;
}

const read = async (fake = server()) => (await pageOn(fake, '/interviews/5/report')).page;
const lit = (page: HTMLElement) => [...page.querySelectorAll('mark.lit')].map(words);

test('a point is said once, and not again among the suggestions or as the next step', async () => {
  const article = (await read()).querySelector('article');
  expect(words(article).split(POINTS[2] ?? '').length - 1).toBe(1);
  expect(words(article?.querySelector('.next'))).toBe('To reach fair in completeness: state the point marked next plainly.');
  expect([...(article?.querySelectorAll('.points > li') ?? [])].map((item) => words(item.querySelector('.tag')))).toEqual(['', '', 'next']);
  expect([...(article?.querySelectorAll('.suggestions li') ?? [])].map(words)).toEqual(['Give a figure from your own work.']);
});

test('the long form of the same is folded', async () => {
  const page = await read();
  const folded = [...page.querySelectorAll('article:first-of-type details')];
  expect(folded.map((one) => one.hasAttribute('open'))).toEqual([false]);
  expect(words(folded[0])).toContain('What made it good, at length.');
});

test('pressing or pointing at a point highlights its words in the answer', async () => {
  const page = await read();
  const article = page.querySelector('article');
  expect(lit(page)).toEqual([]);
  const numbers = [...(article?.querySelectorAll<HTMLElement>('.ref') ?? [])];
  expect(numbers.map((one) => [words(one), one.getAttribute('aria-label')])).toEqual([
    ['[1]', 'Quote 1: they wait'],
    ['[2] possibly', 'Quote 2: a profile'],
  ]);
  numbers[0]?.click();
  await settled(1);
  expect(lit(page)).toEqual(['they wait']);
  const second = article?.querySelectorAll('.points > li')[1];
  second?.dispatchEvent(new PointerEvent('pointerenter'));
  await settled(1);
  expect(lit(page)).toEqual(['a profile']);
  second?.dispatchEvent(new PointerEvent('pointerleave'));
  await settled(1);
  expect(lit(page)).toEqual(['they wait']);
  numbers[0]?.click();
  await settled(1);
  expect(lit(page)).toEqual([]);
  // And from the words to their point.
  article?.querySelector('mark')?.dispatchEvent(new PointerEvent('pointerenter'));
  await settled(1);
  expect(words(article?.querySelector('.points > .lit'))).toContain(POINTS[0]);
});

test('the summary has the worst points of all answers, each with a link to its question and a button to practise it', async () => {
  const sums = [...(await read()).querySelectorAll('.sums li')];
  const links = sums.map((line) => [...line.querySelectorAll('a')].map((link) => link.getAttribute('href')));
  expect(links).toEqual([
    ['#q1', '/interviews/5/1?again'],
    ['#q2', '/interviews/5/2?again'],
    ['#q1', '/interviews/5/1?again'],
    ['#q2', '/interviews/5/2?again'],
    ['#q1'],
  ]);
  expect(sums.map(words).map((line) => POINTS.findIndex((point) => line.includes(point)))).toEqual([2, 2, 1, 1, 0]);
});

test('a report on one answer does not repeat itself in the summary', async () => {
  const fake = server();
  fake.replies.set('GetReport', () =>
    replyWith(GetReportResponseSchema, {
      report: {
        interviewId: 5n,
        role: 'Rust engineer',
        level: 2,
        overallScore: 6,
        averageScores: scores(6),
        strengths: [POINTS[0] ?? ''],
        improvements: ['Something of no question.'],
        questions: [
          {
            question: { id: 1n, order: 1, text: 'Why?' },
            answer: { id: 1n, questionId: 1n, answerText: 'they wait', attempt: 1, evaluation: evaluation(8) },
          },
        ],
      },
    }),
  );
  const page = await read(fake);
  expect([...page.querySelectorAll('.sums li')]).toEqual([]);
  expect(words(page).split(POINTS[0] ?? '').length - 1).toBe(1);
});

test('the report names the lowest score and has a button to practise the weakest topic', async () => {
  const fake = server();
  const asked: CreateInterviewRequest[] = [];
  fake.replies.set('CreateInterview', async ({ body }) => {
    asked.push(fromBinary(CreateInterviewRequestSchema, new Uint8Array(await new Response(body).arrayBuffer()).slice(5)));
    return replyWith(CreateInterviewResponseSchema, { interview: { id: 6n, role: 'Rust engineer' } });
  });
  const page = await read(fake);
  expect(words(page.querySelector('.onward'))).toContain('Improve completeness next: 4.0 weak on average.');
  expect(control(page, 'Answer question 2 again').getAttribute('href')).toBe('/interviews/5/2?again');
  await press(page, 'Practise operating systems: 3 questions');
  expect(location.pathname).toMatch(/^\/interviews\/6/);
  expect(asked).toMatchObject([{ role: 'Rust engineer', level: 2, topics: ['operating-systems'], numQuestions: 3 }]);
});

test('practice that could not start is requested again under the same key', async () => {
  const fake = server();
  const keys: string[] = [];
  fake.replies.set('CreateInterview', async ({ body }) => {
    keys.push(fromBinary(CreateInterviewRequestSchema, new Uint8Array(await new Response(body).arrayBuffer()).slice(5)).idempotencyKey);
    return refusal(Code.Unavailable, 'DATABASE_UNAVAILABLE');
  });
  const page = await read(fake);
  await press(page, 'Practise operating systems: 3 questions');
  expect(page.querySelector('[aria-label="Messages"]')?.textContent).toContain('Unable to reach server');
  await press(page, 'Practise operating systems: 3 questions');
  expect(location.pathname).toBe('/interviews/5/report');
  expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
});
