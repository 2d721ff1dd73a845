// Practising: hints, a shown answer, follow-ups, and an attempt beside the previous one.
import { beforeEach, describe, expect, test } from 'vitest';
import { create, fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { Dimension, EvaluationSchema, EvaluationStatus, FailureCode, MistakeResultSchema } from '#gen/viva/v1/answer_pb.js';
import {
  AddFollowUpResponseSchema,
  GetHintRequestSchema,
  GetHintResponseSchema,
  QuestionSource,
  RevealQuestionResponseSchema,
  type QuestionSchema,
} from '#gen/viva/v1/interview_pb.js';
import {
  AttemptVerdict,
  CompareAttemptsResponseSchema,
  GetReportResponseSchema,
  PointChange,
  type QuestionReportSchema,
} from '#gen/viva/v1/report_pb.js';
import { bestWords, verdictWords } from '../src/lib/comparing.js';
import { mistakesOf, toWorkOn } from '../src/lib/findings.js';
import { area, control, FakeServer, pageOn, press, type } from './support/server.js';
import { refusal, replyWith } from './support/wire.js';
import { kept, words } from './support/texts.js';

beforeEach(() => localStorage.clear());

const HINTS = ['Think of what waits.', 'Who holds the lock?'];
const messages = (page: HTMLElement) => words(page.querySelector('[aria-label="Messages"]'));
const scores = (n: number) => ({ correctness: n, completeness: n, quality: n, communication: n });
const done = (n: number) => ({
  status: EvaluationStatus.COMPLETED,
  scores: scores(n),
  grader: { kind: 1, name: 'viva-offline', version: '3' },
});

/** A server whose report has these questions. */
class Practice extends FakeServer {
  asked: MessageInitShape<typeof QuestionReportSchema>[] = [];

  constructor() {
    super();
    this.replies.set('GetReport', () =>
      replyWith(GetReportResponseSchema, { report: { interviewId: 5n, role: 'Rust engineer', level: 2, questions: this.asked } }),
    );
  }

  ask(question: MessageInitShape<typeof QuestionSchema>, answer?: MessageInitShape<typeof QuestionReportSchema>['answer']): void {
    this.asked.push({
      question: { text: `Question ${question.id}?`, source: QuestionSource.BANK, ...question },
      ...(answer ? { answer } : {}),
    });
  }
}

test('an answer that the grader declined to score is not called failed, and cannot be evaluated again', async () => {
  const server = new Practice();
  const evaluation = {
    status: EvaluationStatus.FAILED,
    failureCode: FailureCode.OFF_TOPIC,
    failureReason: 'this text seems to be about something else',
  };
  server.ask({ id: 1n, order: 1 }, { id: 1n, questionId: 1n, answerText: 'Something else.', attempt: 1, evaluation });
  const { page } = await pageOn(server, '/interviews/5/1');
  expect(words(page.querySelector('.rail'))).toContain('no score');
  expect(words(page)).not.toContain('failed');
  expect(words(page.querySelector('article .state'))).toContain('No score: off topic. This text seems to be about something else.');
  expect(() => control(page, 'Evaluate it again')).toThrow();
  // The reason stays beside the next try, which starts with the declined text.
  await press(page, 'Answer again');
  expect(page.querySelector('textarea')?.value).toBe('Something else.');
  expect(words(page.querySelector('aside'))).toContain('No score: off topic.');
  await press(page, 'Read the report');
  expect(words(page.querySelector('main'))).toContain('1 answer without a score; each says why.');
  expect(words(page)).not.toContain('could not be evaluated');
});

describe('hints', () => {
  function hinting(given = 0): { server: Practice; numbers: number[] } {
    const server = new Practice();
    const numbers: number[] = [];
    let last = given;
    server.ask({ id: 1n, order: 1, hintsGiven: given });
    server.replies.set('GetHint', async ({ body }) => {
      const { number } = fromBinary(GetHintRequestSchema, new Uint8Array(await new Response(body).arrayBuffer()).slice(5));
      numbers.push(number);
      const at = number === 0 ? (last += 1) : number;
      const text = HINTS[at - 1];
      return text
        ? replyWith(GetHintResponseSchema, { text, number: at, available: HINTS.length })
        : refusal(Code.FailedPrecondition, 'NO_MORE_HINTS');
    });
    return { server, numbers };
  }
  const shown = (page: HTMLElement) => [...page.querySelectorAll('[aria-label="Hints"] li')].map(words);

  test('come one by one under the question, are counted, and end', async () => {
    const { page } = await pageOn(hinting().server, '/interviews/5/1');
    await press(page, 'Hint');
    expect(shown(page)).toEqual([`Hint 1 of 2 ${HINTS[0]}`]);
    await press(page, 'Next hint');
    expect(shown(page)).toEqual([`Hint 1 of 2 ${HINTS[0]}`, `Hint 2 of 2 ${HINTS[1]}`]);
    expect(control(page, 'No more hints').getAttribute('aria-disabled')).toBe('true');
  });

  test('that were given before are shown again, and count once', async () => {
    const { server, numbers } = hinting(1);
    const { page } = await pageOn(server, '/interviews/5/1');
    expect(shown(page)).toEqual([`Hint 1 of 2 ${HINTS[0]}`]);
    expect(numbers).toEqual([1]);
  });

  test('that have run out are explained in words for people', async () => {
    const { server } = hinting();
    server.replies.set('GetHint', () => refusal(Code.FailedPrecondition, 'NO_MORE_HINTS'));
    const { page } = await pageOn(server, '/interviews/5/1');
    await press(page, 'Hint');
    expect(messages(page)).toContain('There are no more hints for this question.');
    expect(control(page, 'No more hints')).toBeDefined();
  });
});

describe('"I don’t know: show me"', () => {
  const REFERENCE = 'Threads wait for the lock.';

  function showing(): Practice {
    const server = new Practice();
    server.ask({ id: 1n, order: 1 });
    server.ask({ id: 2n, order: 2 });
    const question = { id: 1n, order: 1, text: 'Question 1?', shown: { shownAt: timestampFromMs(1), reference: REFERENCE } };
    server.replies.set('RevealQuestion', () => replyWith(RevealQuestionResponseSchema, { question }));
    return server;
  }

  test('asks once, then shows a good answer, gives no score and keeps the draft', async () => {
    const { page } = await pageOn(showing(), '/interviews/5/1');
    await type(page, 'What I had by then.');
    await press(page, 'I don’t know: show me');
    expect(words(page.querySelector('dialog'))).toContain(
      'The question ends without a score. It will come back in one of your next interviews.',
    );
    expect(words(page)).not.toContain(REFERENCE);
    await press(page, 'Show me');
    expect(page.querySelector('dialog')).toBeNull();
    expect(words(page.querySelector('article'))).toContain(REFERENCE);
    expect(area(page)).toBeUndefined();
    expect(kept(1)).toEqual(['What I had by then.']);
    expect(words(page.querySelector('.rail'))).toContain('answer shown');
    // The text is still there if you answer anyway.
    await press(page, 'Answer it anyway');
    expect(area(page)?.value).toBe('What I had by then.');
    expect(words(page.querySelector('aside'))).toContain(REFERENCE);
  });

  test('does nothing if you would rather try', async () => {
    const { page } = await pageOn(showing(), '/interviews/5/1');
    await press(page, 'I don’t know: show me');
    await press(page, 'Keep trying');
    expect(area(page)).toBeDefined();
  });

  test('is named in the report, with the hints', async () => {
    const server = new Practice();
    server.ask({ id: 1n, order: 1, hintsGiven: 2, shown: { shownAt: timestampFromMs(1), reference: REFERENCE } });
    const { page } = await pageOn(server, '/interviews/5/report');
    expect(words(page.querySelector('article'))).toContain('1 of 1 · 2 hints · answer shown');
    expect(words(page)).toContain('1 question not scored because you asked for the answer.');
    expect(words(page)).not.toContain('not answered yet');
  });
});

describe('a follow-up', () => {
  function following(): Practice {
    const server = new Practice();
    server.ask({ id: 1n, order: 1 }, { id: 1n, questionId: 1n, answerText: 'It depends on locks.', attempt: 1, evaluation: done(5) });
    server.ask({ id: 2n, order: 2 });
    return server;
  }
  const added = (server: Practice) => {
    const question = {
      id: 9n,
      order: 2,
      text: 'You say “it depends on locks”. On which?',
      source: QuestionSource.FOLLOW_UP,
      parentQuestionId: 1n,
    };
    server.asked.splice(1, 0, { question });
    return question;
  };

  test('appears right after its question, and one press opens it', async () => {
    const server = following();
    server.replies.set('AddFollowUp', () =>
      replyWith(AddFollowUpResponseSchema, { question: added(server), quote: 'It depends on locks' }),
    );
    const { page } = await pageOn(server, '/interviews/5/report');
    await press(page, 'Ask me more: 1');
    const articles = [...page.querySelectorAll('article')];
    expect(articles.map((article) => words(article.querySelector('h2')))).toEqual([
      'Question 1?',
      'You say “it depends on locks”. On which?',
      'Question 2?',
    ]);
    expect(words(articles[1])).toContain('follow-up to question 1');
    expect(document.activeElement?.id).toBe('q2');
    await press(page, 'Answer it: 2');
    expect(location.pathname).toBe('/interviews/5/2');
    expect(area(page)).toBeDefined();
  });

  test('whose reply was lost is there nevertheless, and is not requested twice', async () => {
    const server = following();
    server.replies.set('AddFollowUp', () => (added(server), refusal(Code.Unavailable, 'DATABASE_UNAVAILABLE')));
    const { page } = await pageOn(server, '/interviews/5/report');
    await press(page, 'Ask me more: 1');
    expect(page.querySelectorAll('article')).toHaveLength(3);
    expect(messages(page)).toBe('');
  });

  test('that the answer leaves no room for is explained in words for people', async () => {
    const server = following();
    server.replies.set('AddFollowUp', () => refusal(Code.FailedPrecondition, 'NOTHING_TO_FOLLOW_UP'));
    const { page } = await pageOn(server, '/interviews/5/1');
    await press(page, 'Ask me more: 1');
    expect(messages(page)).toContain('Your answer leaves nothing to ask about.');
  });
});

describe('another attempt', () => {
  const answer = (attempt: number, score: number, range?: { low: number; high: number }) => ({
    id: BigInt(attempt),
    questionId: 1n,
    answerText: `Attempt ${attempt}.`,
    attempt,
    evaluation: { ...done(score), ...(range ? { range } : {}) },
  });
  const compared = {
    earlier: answer(1, 5),
    later: answer(2, 7.5),
    verdict: AttemptVerdict.BETTER,
    points: [
      { point: 'Kept.', change: PointChange.KEPT, earlierCoverage: 1, laterCoverage: 1, earlierEvidence: 'a', laterEvidence: 'b' },
      { point: 'Lost.', change: PointChange.LOST, earlierCoverage: 1, earlierEvidence: 'before' },
      { point: 'Gained.', change: PointChange.GAINED, laterCoverage: 1, laterEvidence: 'now' },
    ],
    attempts: [
      { attempt: 1, score: 5 },
      { attempt: 2, score: 7.5 },
    ],
    bestAttempt: 2,
  };

  test('is shown beside the previous one, point by point, gains first', async () => {
    const server = new Practice();
    server.ask({ id: 1n, order: 1 }, answer(2, 7.5));
    server.replies.set('CompareAttempts', () => replyWith(CompareAttemptsResponseSchema, compared));
    const { page } = await pageOn(server, '/interviews/5/1');
    const beside = page.querySelector('.comparison');
    expect(words(beside)).toContain(
      'Attempt 2: 7.5 good, up 2.5 from 5.0 fair in attempt 1. Better, by more than the grader’s margin of error.',
    );
    expect(words(beside)).toContain('Your latest attempt is your best so far.');
    expect(words(beside?.querySelector('summary'))).toBe('1 gained, 1 lost, 1 kept');
    expect([...(beside?.querySelectorAll('li') ?? [])].map(words)).toEqual([
      'gained Gained. ✗Missing: Attempt 1 ✓Made: Attempt 2: “now”',
      'lost Lost. ✓Made: Attempt 1: “before” ✗Missing: Attempt 2',
      'kept Kept. ✓Made: Attempt 1: “a” ✓Made: Attempt 2: “b”',
    ]);
  });

  test('says so if nothing can be compared, or nothing is better', () => {
    type Init = MessageInitShape<typeof CompareAttemptsResponseSchema>;
    const reply = (more: Init) => create(CompareAttemptsResponseSchema, { ...compared, ...more } as Init);
    expect(verdictWords(reply({ verdict: AttemptVerdict.NO_CLEAR_DIFFERENCE }))).toContain('may be chance');
    expect(verdictWords(reply({ verdict: AttemptVerdict.UNSPECIFIED }))).toContain('is not known');
    const other = { ...answer(2, 7), evaluation: { ...done(7), grader: { kind: 2, name: 'qwen', version: '1' } } };
    expect(verdictWords(reply({ verdict: AttemptVerdict.UNSPECIFIED, later: other }))).toContain('Different graders');
    expect(bestWords(reply({ bestAttempt: 1, attempts: [{ attempt: 1, score: 8 }, { attempt: 2, score: 6.1 }, { attempt: 3 }] }))).toBe(
      'Best: attempt 1, 8.0 good. Latest: attempt 2, 6.1 fair.',
    );
  });

  test('that is the only one with a score is not compared', async () => {
    const server = new Practice();
    server.ask({ id: 1n, order: 1 }, answer(2, 7.5));
    server.replies.set('CompareAttempts', () => refusal(Code.FailedPrecondition, 'NOTHING_TO_COMPARE'));
    const { page } = await pageOn(server, '/interviews/5/1');
    expect(page.querySelector('.comparison')).toBeNull();
    expect(words(page)).not.toContain('cannot be shown');
  });
});

test('the points to work on are contradicted ones, then missing ones, heaviest first, and no answer fills the list', () => {
  const evaluation = (points: [point: string, weight: number, coverage: number][], wrong = '') =>
    create(EvaluationSchema, {
      keyPoints: points.map(([point, weight, coverage]) => ({ point, weight, coverage, evidence: coverage > 0 ? 'words' : '' })),
      explanations: [
        { dimension: Dimension.CORRECTNESS, reason: `One statement contradicts a point: ${wrong}`, evidence: ['the log comes last'] },
      ],
    });
  const work = toWorkOn(
    [
      {
        number: 1,
        evaluation: evaluation(
          [
            ['Made.', 0.2, 1],
            ['Near.', 0.2, 0.5],
            ['Light.', 0.1, 0],
            ['The log comes first.', 0.2, 0],
            ['Heavy.', 0.3, 0],
          ],
          'The log comes first.',
        ),
      },
      {
        number: 2,
        evaluation: evaluation(
          [
            ['One.', 0.4, 0],
            ['Two.', 0.35, 0],
            ['Three.', 0.25, 0],
          ],
          'nothing',
        ),
      },
    ],
    3,
  );
  const claim = evaluation([['One.', 0.4, 0]], 'nothing');
  claim.mistakes.push(create(MistakeResultSchema, { whyWrong: 'It runs as root.', evidence: 'root is fine' }));
  expect(toWorkOn([{ number: 1, evaluation: claim }], 3).map(({ mark, point, quote }) => [mark, point, quote])).toEqual([
    ['contradicted', 'It runs as root.', 'root is fine'],
    ['missing', 'One.', ''],
  ]);
  // A finding that a point already shows is not repeated.
  const twice = evaluation([['One.', 0.4, 0]], 'One.');
  twice.mistakes.push(create(MistakeResultSchema, { whyWrong: 'It is not last.', evidence: 'the log comes last' }));
  expect(mistakesOf(twice)).toEqual([]);
  expect(work.map(({ number, mark, point, quote }) => [number, mark, point, quote])).toEqual([
    [1, 'contradicted', 'The log comes first.', 'the log comes last'],
    [2, 'missing', 'One.', ''],
    [2, 'missing', 'Two.', ''],
  ]);
});
