/** Three ready-made starts for a new user. */

import { Level, type Template } from '#gen/viva/v1/interview_pb.js';
import type { Plan } from './api.js';
import { randomKey } from './random.js';

/** The templates that are offered if the server has them, each with its name and level. */
const OFFERED: readonly (readonly [id: string, name: string, level: Level])[] = [
  ['topic-javascript', 'JavaScript', Level.JUNIOR],
  ['topic-rust', 'Rust', Level.MID],
  ['topic-system-design', 'System design', Level.SENIOR],
];
const QUESTIONS = 2;
/** The minutes that a question takes. */
const MINUTES = 5;

/** A start: its name, the minutes it takes, and the interview that it creates. */
export interface Start {
  name: string;
  minutes: number;
  plan: Plan;
}

/** The starts that a server's templates allow, each with the topic in depth. */
export function startsOf(templates: readonly Template[]): Start[] {
  return OFFERED.flatMap(([id, name, level]) => {
    const role = templates.find((one) => one.id === id)?.role;
    if (!role) return [];
    const plan = { role, level, templateId: id, numQuestions: QUESTIONS, topics: [], jobDescription: '', idempotencyKey: randomKey() };
    return [{ name, minutes: QUESTIONS * MINUTES, plan }];
  });
}
