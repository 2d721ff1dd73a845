/** What a form says of the interviews that are ready to be made. */

import { Level, type Template, type TemplatePart } from '#gen/viva/v1/interview_pb.js';
import { count, levelWord, topicWords } from './words.js';

/** Those with an order of their own, those for a role, with many topics, and those that go deep into one. */
export function templateGroups(templates: readonly Template[]): readonly (readonly [name: string, templates: Template[]])[] {
  const open = templates.filter(({ parts }) => parts.length === 0);
  const groups = [
    ['Ready-made interviews', templates.filter(({ parts }) => parts.length > 0)],
    ['Roles', open.filter(({ topics }) => topics.length !== 1)],
    ['One topic', open.filter(({ topics }) => topics.length === 1)],
  ] as const;
  return groups.filter(([, group]) => group.length > 0);
}

/** How long an interview from a template is. */
export function templateLength({ parts, minutes }: Template): string {
  const questions = count(parts.length, 'question');
  return minutes > 0 ? `${questions}, ${minutes} min` : questions;
}

/** What one question of it is about; `level` is that of the whole. */
export function partWords(part: TemplatePart, level: Level): string {
  const own = levelWord(part.level === Level.UNSPECIFIED ? level : part.level);
  const words = [topicWords(part.topic), own, ...(part.minutes > 0 ? [`${part.minutes} min`] : [])];
  return words.join(', ');
}
