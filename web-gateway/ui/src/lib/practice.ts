/** What to practise next after an interview. */

import type { Level } from '#gen/viva/v1/interview_pb.js';
import type { Scores } from '#gen/viva/v1/answer_pb.js';
import type { Slot } from '../state/interview.svelte.js';
import type { Plan } from './api.js';
import { named } from './bands.js';
import { randomKey } from './random.js';

/** The questions of a practice interview. */
export const QUESTIONS = 3;

/** The score to raise first: the lowest. */
export function lowestScore(scores: Scores): readonly [name: string, score: number] {
  return named(scores).reduce((lowest, one) => (one[1] < lowest[1] ? one : lowest));
}

/** The evaluated question with the lowest score. */
export function weakest(slots: Slot[]): Slot | undefined {
  const score = ({ standing }: Slot) => (standing.is === 'done' ? standing.score : Infinity);
  const best = slots.reduce<Slot | undefined>((low, slot) => (low && score(low) <= score(slot) ? low : slot), undefined);
  return best?.standing.is === 'done' ? best : undefined;
}

/** A short interview on a topic, or without one on the role's topics. */
export function practice(role: string, level: Level, topic: string): Plan {
  return {
    role,
    level,
    topics: topic === '' ? [] : [topic],
    numQuestions: QUESTIONS,
    templateId: '',
    jobDescription: '',
    idempotencyKey: randomKey(),
  };
}

/** The question of a report whose evaluation contains a text. */
export function saying(slots: Slot[], text: string): Slot | undefined {
  return slots.find(({ standing }) => {
    if (standing.is !== 'done') return false;
    const { keyPoints, explanations, suggestions } = standing.evaluation;
    return [...keyPoints.map(({ point }) => point), ...explanations.map(({ nextStep }) => nextStep), ...suggestions].some(
      (one) => one !== '' && (text === one || text.endsWith(one)),
    );
  });
}
