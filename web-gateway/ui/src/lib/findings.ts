/** What an evaluation found, in display order and in words. */

import { Dimension, type Evaluation, type KeyPointResult, type ScoreExplanation } from '#gen/viva/v1/answer_pb.js';
import { BANDS, bandOf, named } from './bands.js';

/** How well a point was made. */
export type Mark = 'made' | 'in-part' | 'missing' | 'contradicted';

/** The mark of a coverage from 0 to 1. */
export function markOf(coverage = 0): Mark {
  if (coverage >= 0.75) return 'made';
  return coverage > 0 ? 'in-part' : 'missing';
}

/** How well an answer makes a point, and its words that make the point, come near it or contradict it. */
export function foundOf(evaluation: Evaluation, point: KeyPointResult): { mark: Mark; quote: string } {
  const quote = point.evidence.trim();
  const against = contradictionOf(evaluation, point);
  return against === '' ? { mark: markOf(point.coverage), quote } : { mark: 'contradicted', quote: against };
}

/** The words that contradict a point, from the explanation of the correctness score, which names both. */
function contradictionOf({ explanations }: Evaluation, { coverage = 0, point }: KeyPointResult): string {
  const found = explanations.find(({ dimension }) => dimension === Dimension.CORRECTNESS);
  const isNamed = coverage <= 0 && point.trim() !== '' && found?.reason.includes(point.trim());
  return (isNamed && found?.evidence[0]?.trim()) || '';
}

/** A point that an answer contradicts, leaves out or makes in part. */
export interface Lacking {
  /** The number of its question. */
  number: number;
  mark: Mark;
  point: string;
  quote: string;
}

/** The most points to work on from one question, so that two bad answers leave room for a third. */
const MOST_OF_ONE = 2;
const WORST_FIRST: Mark[] = ['contradicted', 'missing', 'in-part'];

/** The false claims that no point of the list already shows: what is wrong, and the words that claim it. */
export function mistakesOf(evaluation: Evaluation): { point: string; quote: string }[] {
  const told = evaluation.keyPoints.map((point) => foundOf(evaluation, point)).filter(({ mark }) => mark === 'contradicted');
  return evaluation.mistakes
    .map(({ whyWrong, evidence }) => ({ point: whyWrong.trim(), quote: evidence.trim() }))
    .filter(({ quote }) => !told.some((one) => one.quote === quote));
}

/** The share of the rubric that a point lost. */
function lossOf({ weight = 0, coverage = 0 }: KeyPointResult): number {
  return weight * (1 - coverage);
}

/** The heaviest points that the answers contradict or leave out, worst first. */
export function toWorkOn(answered: { number: number; evaluation: Evaluation }[], most: number): Lacking[] {
  const worst = (a: { mark: Mark; lost: number }, b: { mark: Mark; lost: number }) =>
    WORST_FIRST.indexOf(a.mark) - WORST_FIRST.indexOf(b.mark) || b.lost - a.lost;
  const all = answered.flatMap(({ number, evaluation }) => {
    const points = evaluation.keyPoints.map((result) => ({
      number,
      point: result.point.trim(),
      lost: lossOf(result),
      ...foundOf(evaluation, result),
    }));
    const mistakes = mistakesOf(evaluation).map((one) => ({ number, lost: 1, mark: 'contradicted' as const, ...one }));
    return [...mistakes, ...points.filter(({ mark }) => mark !== 'made')].sort(worst).slice(0, MOST_OF_ONE);
  });
  return all.sort(worst).slice(0, most);
}

/** Below this confidence, an answer only "seems to make" a point (answer.proto). */
const SURE = 0.75;

/** Whether the words only seem to make the point. */
export function isUnsure(point: KeyPointResult): boolean {
  return (point.coverage ?? 0) > 0 && point.confidence !== undefined && point.confidence < SURE;
}

/** The name of a dimension. */
export function dimensionName(dimension: Dimension): string {
  return ['', 'correctness', 'completeness', 'quality', 'communication'][dimension] ?? '';
}

/** The score that an explanation is about; undefined in an evaluation without scores. */
export function scoreOf(evaluation: Evaluation, { dimension }: ScoreExplanation): number | undefined {
  return evaluation.scores && named(evaluation.scores).find(([name]) => name === dimensionName(dimension))?.[1];
}

/** The next band up. */
export function bandAbove(band: string): string {
  const at = BANDS.findIndex((one) => one === band);
  return BANDS[Math.min(BANDS.length - 1, Math.max(0, at) + 1)] ?? 'excellent';
}

/** What would raise the lowest score that can be raised; undefined if nothing would. */
export function nextStep(evaluation: Evaluation): { aim: string; step: string } | undefined {
  const steps = evaluation.explanations
    .filter(({ nextStep }) => nextStep.trim() !== '')
    .map((one) => ({ one, score: scoreOf(evaluation, one) ?? 10 }))
    .sort((a, b) => a.score - b.score);
  const lowest = steps[0];
  if (!lowest) return undefined;
  const band = lowest.one.band || bandOf(lowest.score);
  return { aim: `To reach ${bandAbove(band)} in ${dimensionName(lowest.one.dimension)}`, step: lowest.one.nextStep };
}

/** Text shorter than this may occur in another text without repeating it. */
const TELLING = 12;

/** The index of the point that a text repeats; undefined if it says something else. */
export function repeatedPoint(evaluation: Evaluation, text: string): number | undefined {
  const said = bare(text);
  const at = evaluation.keyPoints.findIndex(({ point }) => bare(point).length >= TELLING && said.includes(bare(point)));
  return at < 0 ? undefined : at;
}

/** The suggestions that repeat no point of the list. */
export function suggestionsOf(evaluation: Evaluation): string[] {
  return evaluation.suggestions.filter((suggestion) => repeatedPoint(evaluation, suggestion) === undefined);
}

/** Compares a score with the previous one, in words. */
export function changeWords(before: number, after: number): string {
  const change = Math.round((after - before) * 10) / 10;
  if (change === 0) return 'as high';
  return `${change > 0 ? 'up' : 'down'} ${Math.abs(change).toFixed(1)}`;
}

/** A text without the differences between a statement and its repetition. */
function bare(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
