/** Words for levels, counts and lists. */

import { Level } from '#gen/viva/v1/interview_pb.js';

/** The levels that can be chosen, easiest first. */
export const LEVELS = [Level.JUNIOR, Level.MID, Level.SENIOR, Level.STAFF] as const;

/** A level as one word; empty if unknown. */
export function levelWord(level: Level): string {
  return ['', 'junior', 'mid', 'senior', 'staff'][level] ?? '';
}

/** A role with its level, for titles. */
export function roleAndLevel(role: string, level: Level): string {
  const word = levelWord(level);
  return word ? `${role} · ${word}` : role;
}

/** A count with its noun in the singular or plural. */
export function count(n: number, noun: string): string {
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}

/** Counts the characters of a text as the server does: code points, trimmed. */
export function characterCount(text: string): number {
  return Array.from(text.trim()).length;
}
