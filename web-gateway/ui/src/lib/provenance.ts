/** Where an evaluation comes from: the grader, its time, and the opinions behind it. */

import { GraderKind, type Evaluation, type Opinion } from '#gen/viva/v1/answer_pb.js';
import { meanOf, scoreText } from './bands.js';
import { took } from './durations.js';
import { sentence, thousands } from './phrases.js';
import { count } from './words.js';

/** Says who evaluated the answer and how long it took; empty if unknown. */
export function provenanceOf(evaluation: Evaluation): string {
  const grader = evaluation.grader;
  if (!grader) return '';
  if (grader.kind !== GraderKind.MODEL) {
    const who = grader.kind === GraderKind.OFFLINE ? 'Offline estimate by' : 'Evaluated by';
    const attempts = evaluation.attempts > 1 ? `, attempt ${evaluation.attempts}` : '';
    return `${who} ${grader.name} ${grader.version}${attempts}`;
  }
  const prompt = grader.version ? `, prompt ${grader.version}` : '';
  const from = evaluation.provenance;
  const ms = Number(from?.durationMs ?? 0n);
  const time = ms > 0 ? ` in ${took(ms)}` : '';
  const tokens = [from?.promptTokens ?? 0, from?.completionTokens ?? 0].filter((n) => n > 0);
  const parts = [
    `Evaluated by ${grader.name} (language model${prompt})${time}`,
    ...(evaluation.attempts > 0 ? [count(evaluation.attempts, 'attempt')] : []),
    ...(from && from.modelCalls > 0 ? [count(from.modelCalls, 'call')] : []),
    ...(tokens.length > 0 ? [`${tokens.map(thousands).join(' + ')} tokens`] : []),
  ];
  return `${parts.join(', ')}.`;
}

/** Says why there was more than one opinion, and what each was; undefined if there was only one. */
export function opinionsOf(evaluation: Evaluation): { note: string; all: string } | undefined {
  const from = evaluation.provenance;
  if (!from || from.opinions.length === 0) return undefined;
  const note = from.note.trim() === '' ? 'There was more than one opinion.' : sentence(from.note);
  return { note, all: from.opinions.map(opinion).join(' · ') };
}

function opinion({ grader, scores, stands }: Opinion): string {
  const score = scores ? scoreText(meanOf(scores)) : 'no score';
  return `${grader?.name ?? 'unknown grader'} ${score}${stands ? ' (used)' : ''}`;
}
