/** What a page says of the draft that is being written, in one line that stands where it always stands. */

import { clockSeconds } from './time.js';

/** What is known of a draft. */
export interface Keeping {
  /** When it was kept last; none when it is not. */
  savedAt: number | undefined;
  /** Whether the browser keeps what is typed when the page closes. */
  lasts: boolean;
  /** Whether the question was answered elsewhere meanwhile. */
  isOvertaken: boolean;
  /** How many other texts are kept for the question. */
  others: number;
}

/** How a draft is kept, as one reads it under the text. */
export function keepingWords({ savedAt, lasts, isOvertaken, others }: Keeping): string {
  if (isOvertaken) return 'This question has been answered meanwhile, probably from another window. What you have written here is kept.';
  if (!lasts) return 'This browser keeps nothing: leave this page open until you have submitted.';
  if (others > 0) return 'Another window has written something else. Both texts are kept; the other one is below.';
  return savedAt === undefined ? 'Saved in this browser while you type' : `Draft saved ${clockSeconds(savedAt)}`;
}
