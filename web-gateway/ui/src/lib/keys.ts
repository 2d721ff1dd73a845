/** The keys of the page, as its help shows them. */

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
      { keys: 'm', does: 'Go to your starred and noted questions' },
    ],
  },
  {
    where: 'Your interviews',
    keys: [
      { keys: 'j or ↓', does: 'Go to the next interview' },
      { keys: 'k or ↑', does: 'Go to the interview before' },
      { keys: '/', does: 'Filter the list, where it is long' },
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
      { keys: 's', does: 'Give the question a star, or take it away' },
      { keys: 'w', does: 'Write a note on the question for yourself' },
      { keys: 'x', does: 'Never be asked the question again' },
      { keys: 'a', does: 'Be asked the question again soon' },
    ],
  },
];
