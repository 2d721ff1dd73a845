/** Which interviews of the list are shown. */

import type { Interview } from '#gen/viva/v1/interview_pb.js';
import { levelWord } from './words.js';

/** The states to filter by. */
export const STATES = ['all', 'unfinished', 'finished'] as const;

/** One of these states. */
export type State = (typeof STATES)[number];

/** Whether an interview has a question that was neither answered nor shown. */
export function isUnfinished({ progress }: Interview): boolean {
  if (!progress) return false;
  // A server of before does not count them; there, one that was shown and answered counts twice.
  return (progress.open ?? progress.questions - progress.answered - progress.shown) > 0;
}

/** The interviews in a state whose role or level contains every word of the text. */
export function filtered(list: Interview[], text: string, state: State): Interview[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return list.filter((interview) => {
    const name = `${interview.role} ${levelWord(interview.level)}`.toLowerCase();
    return (state === 'all' || isUnfinished(interview) === (state === 'unfinished')) && words.every((word) => name.includes(word));
  });
}
