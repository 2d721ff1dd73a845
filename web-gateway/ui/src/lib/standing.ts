/** The state of a question: not answered, shown, being sent, waiting, evaluated, without a score, failed. */

import { EvaluationStatus, FailureCode, type Answer, type Evaluation } from '#gen/viva/v1/answer_pb.js';
import type { QuestionReport } from '#gen/viva/v1/report_pb.js';
import { meanOf } from './bands.js';
import type { Queued } from './queue.js';

/** The state of a question. An answer that is being sent takes precedence over the server's. */
export type Standing =
  | { is: 'open' }
  | { is: 'shown'; reference: string }
  | { is: 'queued'; item: Queued }
  | { is: 'pending'; answer: Answer }
  /** Its evaluation is withheld until an interview in real mode ends. */
  | { is: 'withheld'; answer: Answer }
  /** The grader declined to score it, for example because it is about something else. */
  | { is: 'unscored'; answer: Answer; evaluation: Evaluation }
  | { is: 'failed'; answer: Answer; evaluation: Evaluation }
  | { is: 'done'; answer: Answer; evaluation: Evaluation; score: number };

/** Returns the state of a report's question, with the answer that is being sent, if any. */
export function standingOf(slot: QuestionReport, item: Queued | undefined): Standing {
  if (item) return { is: 'queued', item };
  const answer = slot.answer;
  const shown = slot.question?.shown;
  if (!answer) return shown ? { is: 'shown', reference: shown.reference } : { is: 'open' };
  const evaluation = answer.evaluation;
  if (evaluation?.status === EvaluationStatus.COMPLETED && evaluation.scores) {
    return { is: 'done', answer, evaluation, score: meanOf(evaluation.scores) };
  }
  if (evaluation?.status === EvaluationStatus.FAILED) {
    return { is: evaluation.failureCode === FailureCode.UNSPECIFIED ? 'failed' : 'unscored', answer, evaluation };
  }
  return { is: evaluation?.withheld ? 'withheld' : 'pending', answer };
}

/** Whether news of an answer is newer than what is known. */
export function isNewer(news: Answer, known: Answer | undefined): boolean {
  if (!known || news.id > known.id) return true;
  if (news.id < known.id) return false;
  const [after, before] = [news.evaluation, known.evaluation];
  return (
    !before ||
    after?.status !== before.status ||
    after.withheld !== before.withheld ||
    after.attempts !== before.attempts ||
    after.lastFault !== before.lastFault ||
    after.nextAttemptAt?.seconds !== before.nextAttemptAt?.seconds
  );
}
