/** Private marks on questions: a star, a note, whether to ask again. */

import {
  InterviewService,
  QuestionSource,
  QuestionWish,
  type ListQuestionMarksResponse,
  type MarkedQuestion,
  type Question,
  type QuestionMark,
} from '#gen/viva/v1/interview_pb.js';
import type { Api } from './api.js';
import { Problem } from './errors.js';

/** The most characters of a note that the contract allows. */
export const NOTE_CHARS = 4_000;

/** The question that a mark is on. If the question is deleted, only its mark is known. */
export interface Subject {
  interviewId: bigint;
  questionId: bigint;
  markId: bigint;
  /** Whether it is from the bank, so that it can be asked again. */
  isOfBank: boolean;
}

/** A change to a mark; fields that are left out stay as they are. */
export interface MarkChange {
  note?: string;
  starred?: boolean;
  wish?: QuestionWish;
}

/** What a button or a key can change. */
export type Toggle = 'star' | 'not-again' | 'again-soon';

/** Changes a mark and returns it. */
export async function setMark(api: Api, { questionId, markId }: Subject, change: MarkChange): Promise<QuestionMark> {
  const { mark } = await api.call(InterviewService.method.setQuestionMark, { questionId, markId, ...change });
  if (!mark) throw new Problem('server', 'The server sent no mark.');
  return mark;
}

/** Returns a page of the account's marked questions, the newest mark first. */
export function markedQuestions(api: Api, pageToken: string): Promise<ListQuestionMarksResponse> {
  return api.call(InterviewService.method.listQuestionMarks, { pageSize: 20, pageToken });
}

/** The subject for a question of an interview. */
export function subjectOf(interviewId: bigint, question: Question): Subject {
  return { interviewId, questionId: question.id, markId: 0n, isOfBank: question.source === QuestionSource.BANK };
}

/** The subject for a question of the list of marks. */
export function listedSubject(marked: MarkedQuestion): Subject {
  const { interviewId, questionId } = marked;
  const markId = questionId === 0n ? (marked.mark?.id ?? 0n) : 0n;
  return { interviewId, questionId, markId, isOfBank: marked.source === QuestionSource.BANK };
}

/** A unique name for a subject. */
export function subjectKey({ questionId, markId }: Subject): string {
  return questionId === 0n ? `m${markId}` : `${questionId}`;
}

/** The change that pressing a button or its key makes. */
export function toggled(toggle: Toggle, mark: QuestionMark | undefined): MarkChange {
  if (toggle === 'star') return { starred: !mark?.starred };
  const wish = toggle === 'not-again' ? QuestionWish.NOT_AGAIN : QuestionWish.AGAIN_SOON;
  return { wish: mark?.wish === wish ? QuestionWish.UNSPECIFIED : wish };
}

/** Says what a change has done. */
export function changeWords(change: MarkChange, mark: QuestionMark): string {
  if (change.note !== undefined) return mark.note ? 'Note saved.' : 'Note deleted.';
  if (change.starred !== undefined) return mark.starred ? 'Starred.' : 'Star removed.';
  if (mark.wish === QuestionWish.NOT_AGAIN) return 'You will not be asked this again.';
  if (mark.wish === QuestionWish.AGAIN_SOON) return 'The next interview that it fits will include this question.';
  return 'This question may come up like any other.';
}

/** What is wrong with a note; undefined if it can be saved. */
export function noteFault(text: string): string | undefined {
  const length = Array.from(text).length;
  return length > NOTE_CHARS ? `A note can have up to 4,000 characters; this one has ${length}.` : undefined;
}
