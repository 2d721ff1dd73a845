/** Messages for when the server did not do what was asked: what is with the person's work, and what they can do. */

import { FailureCode, type Evaluation } from '#gen/viva/v1/answer_pb.js';
import type { Problem } from './errors.js';
import { sentence } from './phrases.js';

/** For an answer that was not accepted. */
export function refusalWords(problem: Problem): string {
  if (problem.kind === 'conflict') {
    return 'Another answer to this question was sent first, probably from another window. This one is still here: edit it, or send it as another answer.';
  }
  if (problem.kind === 'not-found') {
    return 'This interview has been deleted, so your answer cannot be sent. Your text is still here.';
  }
  return `The server did not accept this answer: ${sentence(problem.about('answer_text') ?? problem.message)} Your text is still here.`;
}

/** In a few words, why the grader declined to score an answer. */
export function declinedWords(code: FailureCode): string {
  return (
    {
      [FailureCode.UNSPECIFIED]: '',
      [FailureCode.LANGUAGE_NOT_SUPPORTED]: 'another language',
      [FailureCode.NOT_AN_ANSWER]: 'not an answer',
      [FailureCode.OFF_TOPIC]: 'off topic',
    }[code] ?? ''
  );
}

/** What is the matter with an answer that the grader declined to score, and what to do about it. */
export function declinedSentence({ failureCode, failureReason }: Pick<Evaluation, 'failureCode' | 'failureReason'>): string {
  if (failureReason.trim() !== '') return sentence(failureReason);
  return failureCode === FailureCode.LANGUAGE_NOT_SUPPORTED
    ? 'The grader does not read this language. Answer in English.'
    : 'Say in a plain sentence what the question is about, and then why it is so.';
}

/** For an interview that was not created. */
export function creationWords(problem: Problem): string {
  const why =
    problem.kind === 'conflict'
      ? 'An interview has already been created from this form, probably in another window; it is in your list. “Start” creates another one.'
      : sentence(problem.message);
  return `${why} What you have entered is still here.`;
}

/** For an evaluation that was not retried. */
export function retryWords(problem: Problem): string {
  if (problem.kind === 'not-found') return 'This interview has been deleted, along with its answers.';
  return `Your answer is safe. ${sentence(problem.message)}`;
}

/** For a watch that no longer delivers news. */
export function linkWords(problem: Problem): string {
  if (problem.isOffline) return 'The server cannot be reached right now. What you write is saved here and will be sent when it is back.';
  if (problem.kind === 'not-found') return 'This interview has been deleted. Copy what you have written if you still need it.';
  return problem.message;
}
