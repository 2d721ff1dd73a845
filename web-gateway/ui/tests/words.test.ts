// Words and numbers, the same as in the terminal app.
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AnswerSchema, EvaluationSchema, EvaluationStatus, GraderKind, GraderSchema } from '#gen/viva/v1/answer_pb.js';
import { InterviewSchema, QuestionSchema, QuestionSource } from '#gen/viva/v1/interview_pb.js';
import { QuestionReportSchema, TopicChange, type QuestionReport } from '#gen/viva/v1/report_pb.js';
import { averagedOf, averagedSentence, isEstimate } from '../src/lib/averages.js';
import { bandOf, scoreText } from '../src/lib/bands.js';
import { bandAbove, markOf, nextStep } from '../src/lib/findings.js';
import { filtered, type State } from '../src/lib/filter.js';
import { answerFault, planFaults, registrationFaults } from '../src/lib/forms.js';
import { trendWords, whoseWords } from '../src/lib/progress.js';
import { opinionsOf, provenanceOf } from '../src/lib/provenance.js';
import { lasting, secondsUntil, stopwatch, took } from '../src/lib/durations.js';
import { day } from '../src/lib/time.js';
import { waitingOf, waitingSentence } from '../src/lib/waiting.js';
import { roomWords, wordCount } from '../src/lib/counting.js';
import { enumerated, sentence, sourceWords, thousands } from '../src/lib/phrases.js';

const evaluationOf = (init: MessageInitShape<typeof EvaluationSchema>) => create(EvaluationSchema, init);

describe('scores', () => {
  test('have the contract’s bands, and never a number that contradicts its word', () => {
    expect([0, 2.99, 3, 4.99, 5, 6.99, 7, 8.99, 9, 10].map(bandOf)).toEqual([
      'poor',
      'poor',
      'weak',
      'weak',
      'fair',
      'fair',
      'good',
      'good',
      'excellent',
      'excellent',
    ]);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 10, noNaN: true }), (score) => {
        // Sums of binary fractions may differ in their last bits.
        fc.pre([3, 5, 7, 9].every((border) => Math.abs(score - border) > 1e-6));
        expect(bandOf(Number(scoreText(score)))).toBe(bandOf(score));
      }),
    );
  });

  test('are rounded down, but not because of binary fractions', () => {
    expect([6.99, 7.4, 0.1 + 0.2 + 6.7, 10, -1, NaN].map(scoreText)).toEqual(['6.9', '7.4', '7.0', '10.0', '0.0', '0.0']);
  });

  test('of points have marks, and the weakest score the next step', () => {
    expect([1, 0.75, 0.74, 0.01, 0].map(markOf)).toEqual(['made', 'made', 'in-part', 'in-part', 'missing']);
    expect(['poor', 'weak', 'fair', 'good', 'excellent'].map(bandAbove)).toEqual(['weak', 'fair', 'good', 'excellent', 'excellent']);
    const explanation = (dimension: number, step: string) => ({ dimension, band: 'fair', reason: '', evidence: [], nextStep: step });
    const evaluation = evaluationOf({
      scores: { correctness: 9, completeness: 5, quality: 6, communication: 1 },
      explanations: [explanation(1, 'a'), explanation(2, 'b'), explanation(3, 'c'), explanation(4, ' ')],
    });
    expect(nextStep(evaluation)).toEqual({ aim: 'To reach good in completeness', step: 'b' });
  });
});

describe('times', () => {
  const now = new Date(2026, 10, 23, 14, 2, 31).getTime();

  test('are in everyday words', () => {
    expect(day(new Date(2026, 10, 23, 0, 0).getTime(), now)).toBe('today');
    expect(day(new Date(2026, 10, 22, 23, 59).getTime(), now)).toBe('yesterday');
    expect(day(new Date(2026, 10, 20).getTime(), now)).toBe('Fri 20 Nov');
    expect(day(new Date(2025, 0, 2).getTime(), now)).toBe('2 Jan 2025');
    expect(day(undefined, now)).toBe('');
  });

  test('of waiting are in their largest unit', () => {
    expect([12, 119, 120, 7_199, 7_200, 200_000].map(lasting)).toEqual(['12 s', '119 s', '2 min', '119 min', '2 h', '2 days']);
    expect([0, 3_249, 72_000].map((ms) => took(ms).replaceAll('\u00a0', ' '))).toEqual(['0.1 s', '3.2 s', '72.0 s']);
    expect(took(112_000).replaceAll('\u00a0', ' ')).toBe('1 min 52 s');
    expect([0, 252_000, 3_852_000].map(stopwatch)).toEqual(['00:00', '04:12', '1:04:12']);
    expect(secondsUntil(1_001, 0)).toBe(2);
  });
});

describe('words', () => {
  test('are counted, put in lists and in sentences', () => {
    expect([wordCount(''), wordCount(' a\n b '), wordCount('x')]).toEqual([0, 2, 1]);
    // Text without spaces has words too.
    expect(wordCount('我会先测量。')).toBeGreaterThan(2);
    expect(wordCount('ฉันจะวัดก่อน')).toBeGreaterThan(2);
    expect(wordCount('先 measure 再说')).toBeGreaterThan(2);
    expect(wordCount('я бы сначала измерил')).toBe(4);
    expect([roomWords('x'.repeat(17_999)), roomWords(` ${'x'.repeat(19_999)} `)]).toEqual(['', '19,999 of 20,000 characters']);
    expect([[], [1], [1, 2], [1, 2, 4]].map(enumerated)).toEqual(['', '1', '1 and 2', '1, 2 and 4']);
    expect([sentence(' no key '), sentence('Why?')]).toEqual(['No key.', 'Why?']);
    expect([7, 1204, 1234567].map(thousands)).toEqual(['7', '1,204', '1,234,567']);
  });

  test('say who wrote a question only if it matters', () => {
    const question = (source: number) => create(QuestionSchema, { id: 1n, order: 1, source });
    const [bank, model] = [question(QuestionSource.BANK), question(QuestionSource.MODEL)];
    expect(sourceWords(bank, [bank])).toBe('');
    expect(sourceWords(bank, [bank, model])).toBe('from the question bank');
    expect(sourceWords(model, [model])).toBe('written by a language model');
  });

  test('of forms say what is wrong before anything is sent', () => {
    expect(registrationFaults('ab', 'ada@', '1234567')).toEqual({
      username: 'Username must be 3 to 50 characters',
      email: 'Please enter a valid email address',
      password: 'Password must be at least 8 characters',
    });
    expect(registrationFaults('ada', 'ada@example.org', '12345678')).toEqual({});
    // An accent that is typed separately does not count as a character, as on the server.
    expect(registrationFaults('e\u0301e\u0301', 'ada@example.org', 'e\u0301'.repeat(7))).toEqual({
      username: 'Username must be 3 to 50 characters',
      password: 'Password must be at least 8 characters',
    });
    expect(registrationFaults('e\u0301'.repeat(50), 'ada@example.org', 'e\u0301'.repeat(128))).toEqual({});
    expect(planFaults({ role: ' ', templateId: '', jobDescription: '' })).toHaveProperty('role');
    expect(planFaults({ role: '', templateId: 'rust', jobDescription: '' })).toEqual({});
    expect(answerFault('  too short  ')).toBe('Answer must be at least 10 characters');
    expect(answerFault('long enough')).toBeUndefined();
    // Characters are counted as the server counts them, not as JavaScript does.
    expect(answerFault('😀'.repeat(9))).toBeDefined();
    expect(answerFault('😀'.repeat(20_000))).toBeUndefined();
  });
});

describe('the filter of the list', () => {
  const interview = (role: string, level: number, answered: number) =>
    create(InterviewSchema, { role, level, progress: { questions: 5, answered } });
  const list = [interview('Rust backend engineer', 3, 2), interview('Data engineer', 1, 5), interview('Site reliability engineer', 2, 0)];
  const roles = (text: string, state: State) => filtered(list, text, state).map(({ role }) => role.split(' ')[0]);

  test('takes words of role and level in any order, and the state of an interview', () => {
    expect(roles('', 'all')).toEqual(['Rust', 'Data', 'Site']);
    expect(roles(' ENGINEER  senior ', 'all')).toEqual(['Rust']);
    expect(roles('engineer', 'unfinished')).toEqual(['Rust', 'Site']);
    expect(roles('', 'finished')).toEqual(['Data']);
    expect(roles('rust junior', 'all')).toEqual([]);
  });
});

describe('waiting', () => {
  const now = 1_700_000_012_000;
  type Init = MessageInitShape<typeof EvaluationSchema>;
  const answer = (evaluation: Init) =>
    create(AnswerSchema, {
      id: 1n,
      questionId: 1n,
      attempt: 1,
      submittedAt: { seconds: 1_700_000_000n },
      evaluation: evaluationOf({ status: EvaluationStatus.PENDING, ...evaluation }),
    });
  const told = (evaluation: Init) => {
    const waiting = waitingOf(answer(evaluation), now);
    return waiting && waitingSentence(waiting);
  };

  test('is described with its time, and after a fault with what was wrong and what is safe', () => {
    expect(told({})).toBe('Waiting to be evaluated, 12 s.');
    expect(told({ attempts: 1 })).toBe('Being evaluated, 12 s.');
    expect(told({ attempts: 2, lastFault: 'the model is busy', nextAttemptAt: { seconds: 1_700_000_020n, nanos: 0 } })).toBe(
      'The model is busy. Your answer is safe; attempt 3 in 8 s.',
    );
    expect(told({ attempts: 3, lastFault: 'the model is busy' })).toBe('The model is busy. Your answer is safe; attempt 3 now.');
    expect(told({ status: EvaluationStatus.FAILED })).toBeUndefined();
  });
});

const offline = { kind: GraderKind.OFFLINE, name: 'viva-offline', version: '1' };
const model = { kind: GraderKind.MODEL, name: 'qwen2.5-32b', version: 'viva-evaluation-1' };

describe('provenance', () => {
  test('says who evaluated and how long it took, as far as is known', () => {
    const of = (evaluation: MessageInitShape<typeof EvaluationSchema>) => provenanceOf(evaluationOf(evaluation)).replaceAll('\u00a0', ' ');
    expect(of({ grader: offline, attempts: 1 })).toBe('Offline estimate by viva-offline 1');
    const provenance = { durationMs: 3249n, modelCalls: 2, promptTokens: 1204, completionTokens: 310, opinions: [], note: '' };
    expect(of({ grader: model, attempts: 1, provenance })).toBe(
      'Evaluated by qwen2.5-32b (language model, prompt viva-evaluation-1) in 3.2 s, 1 attempt, 2 calls, 1,204 + 310 tokens.',
    );
    expect(of({})).toBe('');
  });

  test('lists every opinion and which one counts', () => {
    const scores = (n: number) => ({ correctness: n, completeness: n, quality: n, communication: n });
    const opinions = [
      { grader: model, scores: scores(8), stands: false },
      { grader: model, scores: scores(6.2), stands: true },
    ];
    const provenance = { durationMs: 0n, modelCalls: 2, promptTokens: 0, completionTokens: 0, opinions, note: 'they differ' };
    expect(opinionsOf(evaluationOf({ provenance }))).toEqual({ note: 'They differ.', all: 'qwen2.5-32b 8.0 · qwen2.5-32b 6.2 (used)' });
    expect(opinionsOf(evaluationOf({}))).toBeUndefined();
  });
});

describe('averages and progress', () => {
  const slot = (grader: typeof model, score = 5, topic = 'rust', status: number = EvaluationStatus.COMPLETED) =>
    create(QuestionReportSchema, {
      question: { id: 1n, order: 1, topic },
      answer: {
        id: 1n,
        questionId: 1n,
        attempt: 1,
        evaluation: { status, grader, scores: { correctness: score, completeness: score, quality: score, communication: score } },
      },
    });
  const told = (slots: QuestionReport[]) => {
    const averaged = averagedOf(slots);
    return averaged && averagedSentence(averaged);
  };

  test('never mix graders, and say so', () => {
    expect(told([])).toBeUndefined();
    expect(told([slot(model), slot(model)])).toBeUndefined();
    expect(told([slot(model), slot(offline), slot(model)])).toBe('The averages use only 2 of 3 evaluations, those by qwen2.5-32b.');
    // Of two with as many, the later one.
    expect(told([slot(model), slot(offline)])).toContain('those by viva-offline');
    expect(told([slot(offline), slot(model)])).toContain('those by qwen2.5-32b');
    expect(told([slot({ ...model, version: '0' }), slot(model), slot(model)])).toContain('those by qwen2.5-32b viva-evaluation-1.');
    expect(told([slot(model), slot(offline, 5, 'rust', EvaluationStatus.FAILED)])).toBeUndefined();
    expect(isEstimate(averagedOf([slot(offline)]))).toBe(true);
  });
});

describe('progress', () => {
  test('has a trend only with enough answers', () => {
    const trend = (answers: number, trend: number, change = TopicChange.UNSPECIFIED) => trendWords({ answers, trend, change });
    expect([trend(2, 4), trend(3, 4), trend(3, -0.5), trend(9, 0.2)]).toEqual(['', 'up 4.0', 'down 0.5', 'steady']);
    expect([trend(3, 4, TopicChange.IMPROVED), trend(3, -0.5, TopicChange.SLIPPED)]).toEqual(['improved by 4.0', 'slipped by 0.5']);
    expect(trend(3, 0.5, TopicChange.NO_CLEAR_DIFFERENCE)).toBe('up 0.5, within the grader’s uncertainty');
  });

  test('says whose scores it shows, and how many are left out', () => {
    const grader = create(GraderSchema, offline);
    expect(whoseWords({ grader: undefined, answersOfOthers: 0 })).toBe('');
    const alone = whoseWords({ grader, answersOfOthers: 0 });
    expect(alone).toMatch(/^Scores by viva-offline \S+, the built-in grader; scores from different graders are never mixed\.$/);
    expect(whoseWords({ grader, answersOfOthers: 1 })).toBe(`${alone} 1 answer scored by other graders is left out.`);
    expect(whoseWords({ grader, answersOfOthers: 2 })).toBe(`${alone} 2 answers scored by other graders are left out.`);
  });
});
