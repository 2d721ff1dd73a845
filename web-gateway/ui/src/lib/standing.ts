/** How a question stands: not answered, on its way, waiting, evaluated, failed. */

import { EvaluationStatus, type Answer, type Evaluation } from '#gen/viva/v1/answer_pb.js';
import type { QuestionReport } from '#gen/viva/v1/report_pb.js';
import { meanOf } from './bands.js';
import type { Queued } from './queue.js';

/** How a question stands. An answer on its way goes before one that the server has. */
export type Standing =
  | { is: 'open' }
  | { is: 'queued'; item: Queued }
  | { is: 'pending'; answer: Answer }
  | { is: 'failed'; answer: Answer; evaluation: Evaluation }
  | { is: 'done'; answer: Answer; evaluation: Evaluation; score: number };

/** How the question of a report stands, with the answer to it that is on its way, if any. */
export function standingOf(slot: QuestionReport, item: Queued | undefined): Standing {
  if (item) return { is: 'queued', item };
  const answer = slot.answer;
  if (!answer) return { is: 'open' };
  const evaluation = answer.evaluation;
  if (evaluation?.status === EvaluationStatus.COMPLETED && evaluation.scores) {
    return { is: 'done', answer, evaluation, score: meanOf(evaluation.scores) };
  }
  if (evaluation?.status === EvaluationStatus.FAILED) return { is: 'failed', answer, evaluation };
  return { is: 'pending', answer };
}

/** Whether news of an answer is newer than what is known of it. */
export function isNewer(news: Answer, known: Answer | undefined): boolean {
  if (!known || news.id > known.id) return true;
  if (news.id < known.id) return false;
  const [after, before] = [news.evaluation, known.evaluation];
  return (
    !before ||
    after?.status !== before.status ||
    after.attempts !== before.attempts ||
    after.lastFault !== before.lastFault ||
    after.nextAttemptAt?.seconds !== before.nextAttemptAt?.seconds
  );
}
