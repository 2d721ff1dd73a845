/** What a person is told when the server did not do what they asked for, where its own words would
 * leave them guessing: what has become of theirs, and what they can do. */

import type { Problem } from './errors.js';
import { sentence } from './words.js';

/** Of an answer that was not taken. */
export function refusalWords(problem: Problem): string {
  if (problem.kind === 'conflict') {
    return 'Another answer was sent in place of this one, probably from another window. This one is still here: edit it, or send it as a further answer.';
  }
  if (problem.kind === 'not-found') {
    return 'The interview that this answer belongs to has been deleted, so it cannot be sent. Its words are still here.';
  }
  return `The server did not take this answer: ${sentence(problem.about('answer_text') ?? problem.message)} It is still here.`;
}

/** Of an interview that was not made. */
export function creationWords(problem: Problem): string {
  const why =
    problem.kind === 'conflict'
      ? 'An interview was begun from this form already, probably in another window; it is in your list. Start makes one more.'
      : sentence(problem.message);
  return `${why} What you have entered is still here.`;
}

/** Of an evaluation that was not asked for again. */
export function retryWords(problem: Problem): string {
  if (problem.kind === 'not-found') return 'This interview has been deleted, and its answers with it.';
  return `The answer itself is safe. ${sentence(problem.message)}`;
}

/** Of news that does not come any more. */
export function linkWords(problem: Problem): string {
  if (problem.isOffline) return 'The server cannot be reached just now; what you write is kept here and sent when it is back.';
  if (problem.kind === 'not-found') return 'This interview has been deleted. Copy what you have written if you still need it.';
  return problem.message;
}
