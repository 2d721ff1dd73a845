// What a new user sees: a sample as a server would return it, and three starts.
import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { Level, TemplateSchema } from '#gen/viva/v1/interview_pb.js';
import { meanOf } from '../src/lib/bands.js';
import { startsOf } from '../src/lib/starts.js';
import { sample } from '../src/sample/report.js';

const evaluations = sample.questions.map(({ answer }) => ({ text: answer?.answerText ?? '', evaluation: answer?.evaluation }));

test('the sample keeps the rules of an evaluation: every quote is in its answer, and no credit is without one', () => {
  expect(evaluations).toHaveLength(2);
  for (const { text, evaluation } of evaluations) {
    const points = evaluation?.keyPoints ?? [];
    expect(points.length).toBeGreaterThan(3);
    for (const { evidence, coverage } of points) expect([text.includes(evidence), evidence !== '' || coverage === 0]).toEqual([true, true]);
    for (const quote of evaluation?.explanations.flatMap((one) => one.evidence) ?? []) expect(text).toContain(quote);
    expect(points.reduce((sum, { weight = 0 }) => sum + weight, 0)).toBeCloseTo(1, 2);
  }
});

test('the sample’s averages are those of its answers', () => {
  const scores = evaluations.flatMap(({ evaluation }) => (evaluation?.scores ? [evaluation.scores] : []));
  const mean = (of: (one: (typeof scores)[number]) => number) => scores.reduce((sum, one) => sum + of(one), 0) / scores.length;
  expect(sample.overallScore).toBeCloseTo(mean(meanOf), 2);
  expect(sample.averageScores?.completeness).toBeCloseTo(
    mean((one) => one.completeness ?? 0),
    2,
  );
  const points = evaluations.flatMap(({ evaluation }) => evaluation?.keyPoints.map(({ point }) => point) ?? []);
  for (const line of [...sample.strengths, ...sample.improvements]) expect(points).toContain(line);
});

test('a start is offered for each template that the server has, each with its own key', () => {
  const template = (id: string, topic: string) => create(TemplateSchema, { id, role: 'Software engineer', topics: [topic] });
  const starts = startsOf([template('topic-rust', 'rust'), template('topic-sql', 'sql'), template('topic-javascript', 'javascript')]);
  expect(starts.map(({ name, minutes, plan }) => [name, minutes, plan.level, plan.templateId])).toEqual([
    ['JavaScript', 10, Level.JUNIOR, 'topic-javascript'],
    ['Rust', 10, Level.MID, 'topic-rust'],
  ]);
  expect(new Set(starts.map(({ plan }) => plan.idempotencyKey)).size).toBe(2);
  expect(startsOf([])).toEqual([]);
});
