/** Words for lists, sentences and topics on the other screens. */

import { QuestionSource, type Question } from '#gen/viva/v1/interview_pb.js';
import { count } from './words.js';

/** A list of numbers in words: `1, 2 and 4`. */
export function enumerated(numbers: number[]): string {
  const first = numbers.slice(0, -1);
  const last = numbers.at(-1);
  return first.length > 0 ? `${first.join(', ')} and ${last}` : `${last ?? ''}`;
}

/** A number with a comma between the thousands. */
export function thousands(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A text with a capital first letter. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A text as a sentence: with a capital first letter and a full stop at the end. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?…]$/.test(trimmed) ? capitalised(trimmed) : `${capitalised(trimmed)}.`;
}

/** A topic's key as words: `distributed-systems` is "distributed systems". */
export function topicWords(topic: string): string {
  return topic.replaceAll('-', ' ');
}

/** What a question follows up on, or who wrote it, if that is worth mentioning; otherwise empty. */
export function sourceWords(question: Question, all: Question[]): string {
  const parent = question.parentQuestionId === undefined ? -1 : all.findIndex(({ id }) => id === question.parentQuestionId);
  if (parent >= 0) return `follow-up to question ${parent + 1}`;
  if (question.source === QuestionSource.MODEL) return 'written by a language model';
  // Among questions that a model wrote, it matters which ones people wrote.
  const hasModel = all.some((other) => other.source === QuestionSource.MODEL);
  return hasModel && question.source === QuestionSource.BANK ? 'from the question bank' : '';
}

/** The help that was given with a question; empty if none was. */
export function helpWords({ hintsGiven, shown }: Question, isAnswered: boolean): string {
  const hints = hintsGiven > 0 ? count(hintsGiven, 'hint') : '';
  const seen = shown && (isAnswered ? 'answer shown beforehand, so not counted in averages' : 'answer shown');
  return [hints, seen].filter(Boolean).join(' · ');
}

/** What is missing from a report: questions without an answer, evaluations under way, ones that failed, and scores. */
export function statesSentence(unanswered: number, pending: number, failed: number, shown = 0, unscored = 0): string {
  return [
    unanswered > 0 ? `${count(unanswered, 'question')} not answered yet.` : '',
    pending === 1 ? '1 answer is still being evaluated; it will appear here.' : '',
    pending > 1 ? `${pending} answers are still being evaluated; they will appear here.` : '',
    failed > 0 ? `${count(failed, 'answer')} could not be evaluated.` : '',
    unscored > 0 ? `${count(unscored, 'answer')} without a score; each says why.` : '',
    shown > 0 ? `${count(shown, 'question')} not scored because you asked for the answer.` : '',
  ]
    .filter(Boolean)
    .join(' ');
}
