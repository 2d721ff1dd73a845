/** Messages of the contract, made up. */

import fc from 'fast-check';
import type { Field, Message } from '../../src/lib/wire/codec.js';
import { Answer, Evaluation, EvaluationStatus } from '#gen/viva.js';

const SCALARS = {
  double: fc.double({ noNaN: true }),
  int32: fc.integer(),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  bool: fc.boolean(),
  string: fc.string({ unit: 'grapheme' }),
  bytes: fc.uint8Array(),
};

/** Any value of a message, as decoding gives it. */
export function anyMessage<T extends object>(table: Message<T>, depth = 0): fc.Arbitrary<T> {
  const all = table.fields.map((field) => [field[1], anyField(field, depth)] as const);
  return fc.record(Object.fromEntries(all)).map(
    // What is not set is not there at all.
    (value) => Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T,
  );
}

function anyField([, , type, label]: Field, depth: number): fc.Arbitrary<unknown> {
  const one: fc.Arbitrary<unknown> = typeof type === 'string' ? SCALARS[type] : anyMessage(type, depth + 1);
  if (label === 'many') return fc.array(one, { maxLength: depth > 2 ? 1 : 3 });
  return label === 'maybe' ? fc.option(one, { nil: undefined, freq: depth > 2 ? 1 : 4 }) : one;
}

const score = fc.double({ min: 0, max: 10, noNaN: true });
const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((text) => text.trim() !== '');

/** Any evaluation that a server would call complete. */
export const completed: fc.Arbitrary<Evaluation> = fc
  .tuple(
    anyMessage(Evaluation),
    fc.record({ correctness: score, completeness: score, quality: score, communication: score }),
    line,
    fc.array(line, { minLength: 1, maxLength: 4 }),
  )
  .map(([evaluation, scores, feedback, suggestions]) => ({
    ...evaluation,
    status: EvaluationStatus.COMPLETED,
    scores,
    feedback,
    suggestions,
  }));

/** Any answer whose evaluation is still to come. */
export const pending: fc.Arbitrary<Answer> = fc
  .tuple(anyMessage(Answer), fc.integer({ min: 0, max: 20 }), fc.boolean(), line)
  .map(([answer, attempts, isAgain, fault]) => ({
    ...answer,
    id: 1n,
    questionId: 1n,
    attempt: 1,
    submittedAt: { seconds: 1_700_000_000n, nanos: 0 },
    evaluation: {
      ...emptyEvaluation(),
      status: EvaluationStatus.PENDING,
      attempts,
      ...(isAgain ? { lastFault: fault, nextAttemptAt: { seconds: 1_700_000_100n, nanos: 0 } } : {}),
    },
  }));

/** An evaluation in which nothing is set. */
export function emptyEvaluation(): Evaluation {
  return {
    status: EvaluationStatus.UNSPECIFIED,
    feedback: '',
    suggestions: [],
    keyPoints: [],
    explanations: [],
    attempts: 0,
    failureReason: '',
    referenceAnswer: '',
    lastFault: '',
  };
}
