/** What somebody has noted of a question: a star, a note, whether to be asked again. */

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

/** The most characters of a note, as the contract has them. */
export const NOTE_CHARS = 4_000;

/** Which question a mark is on. Where the question is deleted, only its mark is known. */
export interface Subject {
  interviewId: bigint;
  questionId: bigint;
  markId: bigint;
  /** Whether it is a question of the bank, which can be asked again. */
  isOfBank: boolean;
}

/** What changes of a mark; what is left out stays. */
export interface MarkChange {
  note?: string;
  starred?: boolean;
  wish?: QuestionWish;
}

/** A change that a button or a key makes. */
export type Toggle = 'star' | 'not-again' | 'again-soon';

/** Changes what is noted of a question, and gives it as it is then. */
export async function setMark(api: Api, { questionId, markId }: Subject, change: MarkChange): Promise<QuestionMark> {
  const { mark } = await api.call(InterviewService.method.setQuestionMark, { questionId, markId, ...change });
  if (!mark) throw new Problem('server', 'The server sent no mark.');
  return mark;
}

/** A page of the account's marked questions, the newest mark first. */
export function markedQuestions(api: Api, pageToken: string): Promise<ListQuestionMarksResponse> {
  return api.call(InterviewService.method.listQuestionMarks, { pageSize: 20, pageToken });
}

/** A question of an interview. */
export function subjectOf(interviewId: bigint, question: Question): Subject {
  return { interviewId, questionId: question.id, markId: 0n, isOfBank: question.source === QuestionSource.BANK };
}

/** A question of the list of marks. */
export function listedSubject(marked: MarkedQuestion): Subject {
  const { interviewId, questionId } = marked;
  const markId = questionId === 0n ? (marked.mark?.id ?? 0n) : 0n;
  return { interviewId, questionId, markId, isOfBank: marked.source === QuestionSource.BANK };
}

/** A name for it that no other has. */
export function subjectKey({ questionId, markId }: Subject): string {
  return questionId === 0n ? `m${markId}` : `${questionId}`;
}

/** What pressing a button, or its key, changes. */
export function toggled(toggle: Toggle, mark: QuestionMark | undefined): MarkChange {
  if (toggle === 'star') return { starred: !mark?.starred };
  const wish = toggle === 'not-again' ? QuestionWish.NOT_AGAIN : QuestionWish.AGAIN_SOON;
  return { wish: mark?.wish === wish ? QuestionWish.UNSPECIFIED : wish };
}

/** What a change has come to, for a person. */
export function changeWords(change: MarkChange, mark: QuestionMark): string {
  if (change.note !== undefined) return mark.note ? 'The note is saved.' : 'The note is taken away.';
  if (change.starred !== undefined) return mark.starred ? 'Starred.' : 'The star is taken away.';
  if (mark.wish === QuestionWish.NOT_AGAIN) return 'You will not be asked this again.';
  if (mark.wish === QuestionWish.AGAIN_SOON) return 'The next interview that this fits will ask it.';
  return 'This may be asked like any other.';
}

/** What is wrong with a note; none when it can be saved. */
export function noteFault(text: string): string | undefined {
  const length = Array.from(text).length;
  return length > NOTE_CHARS ? `A note can have 4,000 characters; this one has ${length}.` : undefined;
}
