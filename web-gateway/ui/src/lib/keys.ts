/** The keys of the page, as its help shows them. */

/** A key and what it does. */
export interface Key {
  keys: string;
  does: string;
}

/** The keys, grouped by where they work. */
export const KEYS: { where: string; keys: Key[] }[] = [
  {
    where: 'Everywhere',
    keys: [
      { keys: '?', does: 'Show the keyboard shortcuts' },
      { keys: 'n', does: 'Start a new interview' },
      { keys: 'i', does: 'Go to your interviews' },
      { keys: 'p', does: 'Go to your progress' },
      { keys: 'd', does: 'Review what is due today' },
      { keys: 'm', does: 'Go to your starred and noted questions' },
      { keys: 'u', does: 'Take back the answer you have just submitted' },
    ],
  },
  {
    where: 'Your interviews',
    keys: [
      { keys: 'j or ↓', does: 'Go to the next interview' },
      { keys: 'k or ↑', does: 'Go to the previous interview' },
      { keys: '/', does: 'Search your interviews and answers' },
      { keys: 'Enter', does: 'Open the interview' },
      { keys: 'r', does: 'Open its report' },
      { keys: 'x', does: 'Delete it (asks first)' },
    ],
  },
  {
    where: 'While you write',
    keys: [
      { keys: 'Ctrl+Enter or Alt+Enter', does: 'Submit the answer; you can take it back for five seconds' },
      { keys: 'Tab', does: 'In a code block: indent the line; with Shift, outdent it' },
      { keys: 'Ctrl+S', does: 'Save the draft now; it is also saved as you type' },
      { keys: 'Esc', does: 'Leave the editor; your draft is saved' },
    ],
  },
  {
    where: 'Review',
    keys: [
      { keys: 'e', does: 'Write the answer' },
      { keys: 'c', does: 'Continue with the next point' },
    ],
  },
  {
    where: 'Interview and report',
    keys: [
      { keys: '← or h', does: 'Go to the previous question' },
      { keys: '→ or l', does: 'Go to the next question' },
      { keys: 'e', does: 'Write the answer' },
      { keys: 'g', does: 'Get a hint' },
      { keys: 'r', does: 'Open the report' },
      { keys: 't', does: 'Answer again' },
      { keys: 'f', does: 'Get a follow-up question' },
      { keys: 'R', does: 'Retry a failed evaluation' },
      { keys: 's', does: 'Star the question, or remove its star' },
      { keys: 'w', does: 'Write a private note on the question' },
      { keys: 'x', does: 'Do not ask the question again' },
      { keys: 'a', does: 'Ask the question again soon' },
    ],
  },
];
