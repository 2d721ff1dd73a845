/** Reviews of what would be forgotten: the calls, and their replies in words. */

import {
  MemoryService,
  ReviewMode,
  ReviewRating,
  ReviewReason,
  type GetMemoryResponse,
  type ListReviewsResponse,
  type MemoryCounts,
  type Review,
  type SubmitReviewResponse,
  type TopicMemory,
} from '#gen/viva/v1/memory_pb.js';
import type { Api } from './api.js';
import { day } from './time.js';
import { characterCount, count } from './words.js';

/** An answer to a point's prompt; an empty text means "I don't know". */
export interface Recall {
  pointId: bigint;
  promptNumber: number;
  answerText: string;
  /** Sending the same again under the same key counts once. */
  idempotencyKey: string;
}

/** The IANA name of this browser's time zone; empty if the browser does not know it. */
export function timeZone(): string {
  const zone: string | undefined = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone === 'Etc/Unknown' ? '' : (zone ?? '');
}

/** Returns what is due, and how well each topic is remembered. */
export function memoryOf(api: Api): Promise<GetMemoryResponse> {
  return api.call(MemoryService.method.getMemory, { timeZone: timeZone() });
}

/** Returns the points to review now; with `more`, beyond the daily limit too. */
export function reviewsOf(api: Api, mode: ReviewMode, more: boolean): Promise<ListReviewsResponse> {
  return api.call(MemoryService.method.listReviews, { mode, more, timeZone: timeZone() });
}

/** Submits an answer to a prompt and returns what the grader found. */
export function submitReview(api: Api, recall: Recall): Promise<SubmitReviewResponse> {
  return api.call(MemoryService.method.submitReview, { ...recall, timeZone: timeZone() });
}

/** Puts a point off and returns the day on which it is then due. */
export async function postponeReview(api: Api, pointId: bigint, days: number): Promise<string> {
  return (await api.call(MemoryService.method.postponeReview, { pointId, days, timeZone: timeZone() })).dueDay;
}

/** Stops reviews of a point, or resumes them. */
export async function forgetPoint(api: Api, pointId: bigint, undo = false): Promise<void> {
  await api.call(MemoryService.method.forgetPoint, { pointId, undo });
}

/** What is wrong with an answer to a prompt; undefined if it can be sent. */
export function recallFault(text: string): string | undefined {
  const length = characterCount(text);
  if (length === 0) return 'Write what you know, or have the point shown.';
  return length > 20_000 ? 'Answer must be at most 20,000 characters' : undefined;
}

/** A day of the contract, as `2026-12-04`, in words. */
export function dayWords(iso: string, now: number): string {
  const [year = 0, month = 1, date = 1] = iso.split('-').map(Number);
  return day(new Date(year, month - 1, date).getTime(), now);
}

/** How well a point was recalled: a sign, words, and the name of a colour. */
export function ratingWords(rating: ReviewRating): { sign: string; words: string; tone: 'good' | 'fair' | 'poor' } {
  if (rating === ReviewRating.HARD) return { sign: '~', words: 'Touched on.', tone: 'fair' };
  if (rating === ReviewRating.AGAIN || rating === ReviewRating.UNSPECIFIED) return { sign: '✗', words: 'Missed.', tone: 'poor' };
  return { sign: '✓', words: 'Right.', tone: 'good' };
}

/** When a point comes back. */
export function comingBack({ dueInDays, dueDay }: SubmitReviewResponse, now: number): string {
  return `It comes back in ${count(Math.max(0, dueInDays), 'day')}, on ${dayWords(dueDay, now)}.`;
}

/** The point's number and topic, and in a drill why it is asked for. */
export function placeWords({ topicTitle, reason }: Review, number: number, total: number, mode: ReviewMode): string {
  const why = { [ReviewReason.UNSPECIFIED]: '', [ReviewReason.DUE]: 'due', [ReviewReason.WEAK]: 'weak', [ReviewReason.STRONG]: 'strong' }[
    reason
  ];
  return [`${number} of ${total}`, topicTitle, mode === ReviewMode.DRILL && why].filter(Boolean).join(' · ');
}

/** What is due today, in a few words. */
export function dueWords({ due, leftToday, doneToday }: MemoryCounts): string {
  if (leftToday > 0) return `${count(leftToday, 'point')} due today`;
  return due > 0 ? `That is it for today: ${count(doneToday, 'point')} reviewed.` : 'Nothing is due today.';
}

/** The summary when nothing is left to ask: how many points were reviewed, and what comes next. */
export function doneWords(counts: MemoryCounts, done: number, now: number): string {
  const { points, due, leftToday, doneToday, nextDueDay } = counts;
  if (points === 0) return 'Nothing to review yet: the points of your answers come here once they are evaluated.';
  const reviewed = done > 0 ? `${count(done, 'point')} reviewed. ` : '';
  if (leftToday > 0) return `${reviewed}${dueWords(counts)}.`;
  if (due > 0) return `That is it for today: ${count(doneToday, 'point')} reviewed. ${due} more ${due === 1 ? 'is' : 'are'} due.`;
  const lead = reviewed ? `${reviewed}That is all for now.` : 'Nothing is due today.';
  return nextDueDay === '' ? lead : `${lead} The next ones are due on ${dayWords(nextDueDay, now)}.`;
}

/** The numbers of points in memory, and the time zone that decides the day. */
export function memoryWords({ counts, timeZone }: GetMemoryResponse): string {
  if (!counts) return '';
  const { points, due, leftToday, doneToday, dailyLimit } = counts;
  return `${count(points, 'point')} in memory, ${due} due; today ${leftToday} left and ${doneToday} reviewed, at most ${dailyLimit} a day. Days are those of ${timeZone}.`;
}

/** How well a topic is remembered. */
export function topicMemoryWords({ strength, points, due }: TopicMemory): { percent: string; about: string } {
  return { percent: `${Math.round((strength ?? 0) * 100)} %`, about: `${count(points, 'point')}, ${due} due` };
}
