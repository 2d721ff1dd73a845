/** Which interviews of the list are shown. */

import type { Interview } from '#gen/viva/v1/interview_pb.js';
import { levelWord } from './words.js';

/** How far an interview has come. */
export const STATES = ['all', 'unfinished', 'finished'] as const;

/** The choice of it. */
export type State = (typeof STATES)[number];

/** Whether an interview has a question without an answer. */
export function isUnfinished({ progress }: Interview): boolean {
  return progress !== undefined && progress.answered < progress.questions;
}

/** Those of a state whose role or level has every word of the text somewhere in it. */
export function filtered(list: Interview[], text: string, state: State): Interview[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return list.filter((interview) => {
    const name = `${interview.role} ${levelWord(interview.level)}`.toLowerCase();
    return (state === 'all' || isUnfinished(interview) === (state === 'unfinished')) && words.every((word) => name.includes(word));
  });
}
