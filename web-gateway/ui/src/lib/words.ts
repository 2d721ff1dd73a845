/** Words for levels, counts and lists. */

import { Level, QuestionSource, type Question } from '#gen/viva/v1/interview_pb.js';

/** The levels that can be chosen, easiest first. */
export const LEVELS = [Level.JUNIOR, Level.MID, Level.SENIOR, Level.STAFF] as const;

/** A level as one word; empty when it is unknown. */
export function levelWord(level: Level): string {
  return ['', 'junior', 'mid', 'senior', 'staff'][level] ?? '';
}

/** A role with its level, as titles have it. */
export function roleAndLevel(role: string, level: Level): string {
  const word = levelWord(level);
  return word ? `${role} · ${word}` : role;
}

/** A count with its noun, in the plural where it must be. */
export function count(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}

/** How many words a text has. */
export function wordCount(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** How many characters a text has as the server counts them: code points, trimmed. */
export function characterCount(text: string): number {
  return Array.from(text.trim()).length;
}

/** Numbers as one says them: `1, 2 and 4`. */
export function enumerated(numbers: number[]): string {
  const first = numbers.slice(0, -1);
  const last = numbers.at(-1);
  return first.length > 0 ? `${first.join(', ')} and ${last}` : `${last ?? ''}`;
}

/** A number with a comma between the thousands. */
export function thousands(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A text with a capital at its beginning. */
export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A text as a sentence: a capital first, and a full stop unless it ends in one. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?…]$/.test(trimmed) ? capitalised(trimmed) : `${capitalised(trimmed)}.`;
}

/** A topic's key as words: `distributed-systems` is "distributed systems". */
export function topicWords(topic: string): string {
  return topic.replaceAll('-', ' ');
}

/** Who wrote a question, where that is worth a word; empty where it is not. */
export function sourceWords(question: Question, all: Question[]): string {
  if (question.source === QuestionSource.MODEL) return 'written by a language model';
  // Among questions that a model wrote, it matters which ones people wrote.
  const hasModel = all.some((other) => other.source === QuestionSource.MODEL);
  return hasModel && question.source === QuestionSource.BANK ? 'from the question bank' : '';
}
