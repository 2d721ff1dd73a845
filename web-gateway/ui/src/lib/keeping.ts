/** The line below the editor that says how the draft is saved. */

import { clockSeconds } from './durations.js';

/** The state of a draft. */
export interface Keeping {
  /** When it was last saved; undefined if it is not. */
  savedAt: number | undefined;
  /** Whether the browser keeps drafts when the page closes. */
  lasts: boolean;
  /** Whether the question was answered elsewhere meanwhile. */
  isOvertaken: boolean;
  /** How many other drafts the question has. */
  others: number;
}

/** Says how a draft is saved. */
export function keepingWords({ savedAt, lasts, isOvertaken, others }: Keeping): string {
  if (isOvertaken) return 'This question has been answered in the meantime, probably in another window. Your text here is saved.';
  if (!lasts) return 'This browser does not save drafts: keep this page open until you submit.';
  if (others > 0) return 'There is a different draft from another window. Both are saved; the other one is below.';
  return savedAt === undefined ? 'Saved in this browser while you type' : `Draft saved ${clockSeconds(savedAt)}`;
}

/** What becomes of a submitted answer while the server is away. */
export function unsentWords(lasts: boolean): string {
  const kept = lasts ? 'Your answer is saved in this browser and' : 'This browser does not save your answer: keep this page open. It';
  return `${kept} will be sent when the server is back.`;
}
