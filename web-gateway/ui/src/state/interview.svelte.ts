/** An open interview: its questions, their latest answers and evaluations. */

import { untrack } from 'svelte';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { AnswerSchema, EvaluationStatus, type Answer } from '#gen/viva/v1/answer_pb.js';
import type { Question, QuestionMark } from '#gen/viva/v1/interview_pb.js';
import type { QuestionReport, Report } from '#gen/viva/v1/report_pb.js';
import type { Api } from '../lib/api.js';
import { problemOf, type Problem } from '../lib/errors.js';
import { addFollowUp, retryEvaluation } from '../lib/later.js';
import { leftOf } from '../lib/mode.js';
import { newest } from '../lib/newest.js';
import type { Queued } from '../lib/queue.js';
import { isNewer, standingOf, type Standing } from '../lib/standing.js';
import { follow, pause } from '../lib/watch.js';
import type { Outbox } from './outbox.svelte.js';

/** A question with its state. */
export interface Slot {
  /** From 1 on. */
  number: number;
  question: Question;
  report: QuestionReport;
  standing: Standing;
}

/** Called when an evaluation has just arrived or failed. */
export type OnNews = (slot: Slot) => void;

/** The loaded reports by account, so that going from an interview to its report needs no server. */
const loaded = new WeakMap<Outbox, Map<bigint, Heard>>();

/** A report, and when it arrived, in milliseconds since 1970. */
interface Heard {
  report: Report;
  at: number;
}

/** An interview on the screen. */
export class OpenInterview {
  readonly id: bigint;
  /** The report as last loaded. */
  report: Report | undefined = $state.raw();
  /** Why it could not be loaded. */
  problem: Problem | undefined = $state.raw();
  /** What is wrong with the connection to the server; undefined while news arrives. */
  link: Problem | undefined = $state.raw();
  onNews: OnNews = () => {};

  readonly #api: Api;
  readonly #outbox: Outbox;
  /** Resolves when the user is not about to press anything. News that they did not ask for waits for it. */
  readonly #calm: () => Promise<void>;
  readonly #newest = newest();
  /** When the report arrived. */
  #heardAt = $state(0);
  /** Answers that are newer than the report, by question id. */
  #news: ReadonlyMap<bigint, Answer> = $state.raw(new Map());
  /** Submitted answers that the server may not have reported yet, by question id. */
  #sent: ReadonlyMap<bigint, Answer> = $state.raw(new Map());

  /** Marks that were changed since the report was requested, by question id. */
  #marks: ReadonlyMap<bigint, QuestionMark> = $state.raw(new Map());

  /** Every question with its state, in order. */
  slots: Slot[] = $derived.by(() => this.#slots());

  constructor(id: bigint, api: Api, outbox: Outbox, calm: () => Promise<void> = async () => {}) {
    this.id = id;
    this.#api = api;
    this.#outbox = outbox;
    this.#calm = calm;
    const heard = loaded.get(outbox)?.get(id);
    this.report = heard?.report;
    this.#heardAt = heard?.at ?? 0;
  }

  /** Loads the report; the previous one stays until then. */
  async load(): Promise<void> {
    const isNewest = this.#newest();
    // A changed mark is no reason to load the report again.
    const marks = untrack(() => this.#marks);
    try {
      const report = await this.#api.report(this.id);
      const at = Date.now();
      if (this.report) await this.#calm();
      if (!isNewest()) return;
      this.#keep(report, at);
      this.problem = undefined;
      // The report contains what was known before it was requested.
      this.#marks = new Map([...this.#marks].filter(([id, mark]) => marks.get(id) !== mark));
    } catch (cause) {
      if (isNewest()) this.problem = problemOf(cause);
    }
  }

  #keep(report: Report | undefined, at: number): void {
    this.report = report;
    this.#heardAt = at;
    const all = loaded.get(this.#outbox) ?? new Map<bigint, Heard>();
    if (report) loaded.set(this.#outbox, all.set(this.id, { report, at }));
  }

  /** The time left, if it is in real mode and has not ended. */
  left(now: number): { whole: number; question: number | undefined } | undefined {
    return this.report && leftOf(this.report, Math.max(0, now - this.#heardAt));
  }

  /** Takes in a changed mark on a question. */
  mark(question: bigint, mark: QuestionMark): void {
    this.#marks = new Map(this.#marks).set(question, mark);
  }

  /** Takes in a changed question: hints that were given, an answer that was shown. */
  learn(question: Question): void {
    const { report } = this;
    if (!report) return;
    // A report that was requested earlier does not contain it.
    this.#newest()();
    const questions = report.questions.map((one) => (one.question?.id === question.id ? { ...one, question } : one));
    this.#keep({ ...report, questions }, this.#heardAt);
  }

  /** Adds a follow-up to a question and returns its number. After a lost reply it may already be there. */
  async followUp(parent: bigint): Promise<Slot | undefined> {
    const known = new Set(this.slots.map(({ question }) => question.id));
    let fault: Problem | undefined;
    try {
      await addFollowUp(this.#api, parent);
    } catch (cause) {
      fault = problemOf(cause);
      if (!fault.isPassing) throw fault;
    }
    await this.load();
    const added = this.slots.find(({ question }) => question.parentQuestionId === parent && !known.has(question.id));
    if (!added && (fault ?? this.problem)) throw fault ?? this.problem;
    return added;
  }

  /** Follows the interview while the page is visible, until the returned function is called. */
  watch(): () => void {
    let ending = new AbortController();
    const begin = () => {
      ending.abort();
      ending = new AbortController();
      if (!document.hidden) void this.#follow(ending.signal);
    };
    document.addEventListener('visibilitychange', begin);
    begin();
    return () => {
      document.removeEventListener('visibilitychange', begin);
      ending.abort();
    };
  }

  /** Retries a failed evaluation. If that has already happened, perhaps from another window, all is well. */
  async retry(answer: Answer): Promise<void> {
    const again = await retryEvaluation(this.#api, answer.id).catch((cause: unknown) => {
      if (problemOf(cause).kind !== 'precondition') throw cause;
    });
    if (again) this.take(again);
    else await this.load();
  }

  /** Takes in a submitted answer before the server reports it. What the server has reported takes precedence. */
  submitted({ questionId, text }: Queued, id: bigint): void {
    const evaluation = { status: EvaluationStatus.PENDING };
    const answer = create(AnswerSchema, { id, questionId, answerText: text, submittedAt: timestampFromMs(Date.now()), evaluation });
    this.#sent = new Map(this.#sent).set(questionId, answer);
  }

  /** Takes in an answer if it is newer than what is known. */
  take(answer: Answer): void {
    const slot = this.slots.find(({ question }) => question.id === answer.questionId);
    if (slot && !isNewer(answer, slot.report.answer)) return;
    // A follow-up that another window has requested, or the end of an interview in real mode.
    const isEnd = this.report?.feedbackWithheld && answer.evaluation?.withheld === false;
    if (isEnd || (!slot && this.report)) void this.load();
    this.#news = new Map(this.#news).set(answer.questionId, answer);
    const after = this.slots.find(({ question }) => question.id === answer.questionId);
    if (after && !isEnd && after.standing.is !== slot?.standing.is) this.onNews(after);
  }

  #follow(signal: AbortSignal): Promise<void> {
    const calm = this.#calm;
    // In real mode the interviewer asks follow-ups without being asked.
    const followed = (questions: Question[]) => {
      const isNew = questions.some(({ id }) => !this.slots.some(({ question }) => question.id === id));
      if (isNew && this.report) void this.load();
    };
    const watch = (ending: AbortSignal) => this.#api.watch(this.id, ending);
    const follower = {
      stream: async function* (this: void, ending: AbortSignal) {
        for await (const { answer, followUps } of watch(ending)) {
          await calm();
          followed(followUps);
          if (answer) yield answer;
        }
      },
      poll: async () => {
        await this.load();
        if (this.problem) throw this.problem;
        return [];
      },
      tell: (answer: Answer) => this.take(answer),
      link: (problem: Problem | undefined) => void calm().then(() => !signal.aborted && this.#linked(problem)),
      wait: pause,
    };
    return follow(follower, signal);
  }

  /** Reloads when the server is reachable again, because the report may be out of date. */
  #linked(problem: Problem | undefined): void {
    if (this.link && !problem) void this.load();
    this.link = problem;
  }

  #latest(question: bigint, loaded: Answer | undefined): Answer | undefined {
    const news = this.#news.get(question);
    const told = news && isNewer(news, loaded) ? news : loaded;
    const sent = this.#sent.get(question);
    if (!sent || sent.id <= (told?.id ?? 0n)) return told;
    return { ...sent, attempt: (told?.attempt ?? 0) + 1 };
  }

  #slots(): Slot[] {
    return (this.report?.questions ?? []).flatMap((loaded, at) => {
      const asked = loaded.question;
      if (!asked) return [];
      const mark = this.#marks.get(asked.id);
      const question = mark ? { ...asked, mark } : asked;
      const answer = this.#latest(question.id, loaded.answer);
      const report = answer ? { ...loaded, answer } : loaded;
      const standing = standingOf(report, this.#outbox.of(question.id));
      return [{ number: at + 1, question, report, standing }];
    });
  }
}
