/** The form's words for ready-made interviews. */

import { Level, type Template, type TemplatePart } from '#gen/viva/v1/interview_pb.js';
import { topicWords } from './phrases.js';
import { count, levelWord } from './words.js';

/** Groups the templates: those with a fixed sequence, those for a role, and those about one topic. */
export function templateGroups(templates: readonly Template[]): readonly (readonly [name: string, templates: Template[]])[] {
  const open = templates.filter(({ parts }) => parts.length === 0);
  const groups = [
    ['Ready-made interviews', templates.filter(({ parts }) => parts.length > 0)],
    ['Roles', open.filter(({ topics }) => topics.length !== 1)],
    ['One topic', open.filter(({ topics }) => topics.length === 1)],
  ] as const;
  return groups.filter(([, group]) => group.length > 0);
}

/** Says how long an interview from a template is. */
export function templateLength({ parts, minutes }: Template): string {
  const questions = count(parts.length, 'question');
  return minutes > 0 ? `${questions}, ${minutes} min` : questions;
}

/** Says what one of its questions is about; `level` is the template's. */
export function partWords(part: TemplatePart, level: Level): string {
  const own = levelWord(part.level === Level.UNSPECIFIED ? level : part.level);
  const words = [topicWords(part.topic), own, ...(part.minutes > 0 ? [`${part.minutes} min`] : [])];
  return words.join(', ');
}
