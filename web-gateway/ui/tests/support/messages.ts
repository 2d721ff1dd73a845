/** Random messages of the contract. */

import { create, ScalarType, type DescField, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { AnswerSchema, EvaluationSchema, EvaluationStatus, ScoresSchema, type Answer, type Evaluation } from '#gen/viva/v1/answer_pb.js';

function anyScalar(type: ScalarType): fc.Arbitrary<unknown> {
  if (type === ScalarType.DOUBLE) return fc.double({ noNaN: true });
  if (type === ScalarType.INT32) return fc.integer();
  if (type === ScalarType.INT64) return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
  if (type === ScalarType.BOOL) return fc.boolean();
  if (type === ScalarType.STRING) return fc.string({ unit: 'grapheme' });
  if (type === ScalarType.BYTES) return fc.uint8Array();
  throw new Error('the contract has no such scalars');
}

/** Any value of a message. */
export function anyMessage<D extends DescMessage>(schema: D, depth = 0): fc.Arbitrary<MessageShape<D>> {
  const all = schema.fields.map((field) => [field.localName, anyField(field, depth)] as const);
  return fc.record(Object.fromEntries(all)).map((value) => create(schema, value as MessageInitShape<D>));
}

function anyField(field: DescField, depth: number): fc.Arbitrary<unknown> {
  const one = (message: DescMessage | undefined, scalar: ScalarType | undefined): fc.Arbitrary<unknown> =>
    message ? anyMessage(message, depth + 1) : scalar === undefined ? fc.integer() : anyScalar(scalar);
  if (field.fieldKind === 'list') return fc.array(one(field.message, field.scalar), { maxLength: depth > 2 ? 1 : 3 });
  const value = one(field.message, field.scalar);
  const isOptional = field.fieldKind === 'message' || field.proto.proto3Optional;
  return isOptional ? fc.option(value, { nil: undefined, freq: depth > 2 ? 1 : 4 }) : value;
}

const score = fc.double({ min: 0, max: 10, noNaN: true });
const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((text) => text.trim() !== '');

/** Any evaluation that counts as completed. */
export const completed: fc.Arbitrary<Evaluation> = fc
  .tuple(
    anyMessage(EvaluationSchema),
    fc.record({ correctness: score, completeness: score, quality: score, communication: score }),
    line,
    fc.array(line, { minLength: 1, maxLength: 4 }),
  )
  .map(([evaluation, scores, feedback, suggestions]) => ({
    ...evaluation,
    status: EvaluationStatus.COMPLETED,
    scores: create(ScoresSchema, scores),
    feedback,
    suggestions,
  }));

/** Any answer with a pending evaluation. */
export const pending: fc.Arbitrary<Answer> = fc
  .tuple(anyMessage(AnswerSchema), fc.integer({ min: 0, max: 20 }), fc.boolean(), line)
  .map(([answer, attempts, isAgain, fault]) => ({
    ...answer,
    id: 1n,
    questionId: 1n,
    attempt: 1,
    submittedAt: timestampFromMs(1_700_000_000_000),
    evaluation: create(EvaluationSchema, {
      status: EvaluationStatus.PENDING,
      attempts,
      ...(isAgain ? { lastFault: fault, nextAttemptAt: timestampFromMs(1_700_000_100_000) } : {}),
    }),
  }));
