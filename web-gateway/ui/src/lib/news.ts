/** Words for an evaluation that has just arrived or failed. */

import { bandOf, scoreText } from './bands.js';
import { declinedWords } from './refusals.js';
import type { Standing } from './standing.js';

/** What to say about a question's new standing; empty if it is no news. */
export function newsWords(number: number, standing: Standing): string {
  switch (standing.is) {
    case 'done':
      return evaluatedWords(`Question ${number}`, standing.score);
    case 'unscored': {
      const why = declinedWords(standing.evaluation.failureCode);
      return `Your answer to question ${number} has no score${why ? `: ${why}` : ''}.`;
    }
    case 'failed':
      return `Question ${number} could not be evaluated.`;
    default:
      return '';
  }
}

/** That something has been evaluated, with its score. */
export function evaluatedWords(what: string, score: number): string {
  return `${what} has been evaluated: ${scoreText(score)} ${bandOf(score)}.`;
}
