/** The keys of the page, as its help shows them, and whether the reader wants single letters. */

import type { Store } from './store.js';

/** A key and what it does. */
export interface Key {
  keys: string;
  does: string;
}

/** The keys by where they work. */
export const KEYS: { where: string; keys: Key[] }[] = [
  {
    where: 'Everywhere',
    keys: [
      { keys: '?', does: 'Show the keys' },
      { keys: 'n', does: 'Start a new interview' },
      { keys: 'i', does: 'Go to your interviews' },
      { keys: 'p', does: 'Go to your progress' },
    ],
  },
  {
    where: 'Your interviews',
    keys: [
      { keys: 'j or ↓', does: 'Go to the next interview' },
      { keys: 'k or ↑', does: 'Go to the interview before' },
      { keys: 'Enter', does: 'Open the interview' },
      { keys: 'r', does: 'Read its report' },
      { keys: 'x', does: 'Delete it; you are asked once' },
    ],
  },
  {
    where: 'While you write',
    keys: [
      { keys: 'Ctrl+Enter or Alt+Enter', does: 'Submit the answer; you are asked once' },
      { keys: 'Ctrl+S', does: 'Save the draft at once; it is saved while you type' },
      { keys: 'Esc', does: 'Leave the text; it is kept' },
    ],
  },
  {
    where: 'Interview and report',
    keys: [
      { keys: '← or h', does: 'Go to the question before' },
      { keys: '→ or l', does: 'Go to the next question' },
      { keys: 'e', does: 'Write the answer' },
      { keys: 'r', does: 'Read the report' },
      { keys: 't', does: 'Answer again' },
      { keys: 'R', does: 'Ask again for a failed evaluation' },
    ],
  },
];

const NAME = 'viva.keys';

/** Whether single letters do something; a screen reader's or a voice's user may not want that. */
export function wantsKeys(store: Store): boolean {
  return store.get(NAME) !== 'off';
}

/** Keeps whether they do. */
export function setKeys(on: boolean, store: Store): void {
  if (on) store.remove(NAME);
  else store.put(NAME, 'off');
}
