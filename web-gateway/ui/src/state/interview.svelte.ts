/** An open interview: its questions, their latest answers and what becomes of them. */

import { untrack } from 'svelte';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { AnswerSchema, EvaluationStatus, type Answer } from '#gen/viva/v1/answer_pb.js';
import type { Question, QuestionMark } from '#gen/viva/v1/interview_pb.js';
import type { QuestionReport, Report } from '#gen/viva/v1/report_pb.js';
import type { Api } from '../lib/api.js';
import { problemOf, type Problem } from '../lib/errors.js';
import { retryEvaluation } from '../lib/later.js';
import { newest } from '../lib/newest.js';
import type { Queued } from '../lib/queue.js';
import { isNewer, standingOf, type Standing } from '../lib/standing.js';
import { follow, pause } from '../lib/watch.js';
import type { Outbox } from './outbox.svelte.js';

/** A question with how it stands. */
export interface Slot {
  /** From 1 on. */
  number: number;
  question: Question;
  report: QuestionReport;
  standing: Standing;
}

/** Told when an evaluation has just arrived or failed. */
export type OnNews = (slot: Slot) => void;

/** An interview that is looked at. */
export class OpenInterview {
  readonly id: bigint;
  /** As last loaded; none before. */
  report: Report | undefined = $state.raw();
  /** Why it could not be loaded. */
  problem: Problem | undefined = $state.raw();
  /** What is wrong with the way to the server; none while news comes. */
  link: Problem | undefined = $state.raw();
  onNews: OnNews = () => {};

  readonly #api: Api;
  readonly #outbox: Outbox;
  /** Comes when nobody is about to press anything: news that nobody asked for waits for it. */
  readonly #calm: () => Promise<void>;
  readonly #newest = newest();
  /** By question id, what is newer than the report. */
  #news: ReadonlyMap<bigint, Answer> = $state.raw(new Map());
  /** By question id, what the server has taken and may not have spoken of yet. */
  #sent: ReadonlyMap<bigint, Answer> = $state.raw(new Map());

  /** By question id, marks that were changed since the report was asked for. */
  #marks: ReadonlyMap<bigint, QuestionMark> = $state.raw(new Map());

  /** Every question with how it stands, in order. */
  slots: Slot[] = $derived.by(() => this.#slots());

  constructor(id: bigint, api: Api, outbox: Outbox, calm: () => Promise<void> = async () => {}) {
    this.id = id;
    this.#api = api;
    this.#outbox = outbox;
    this.#calm = calm;
  }

  /** Loads it; what was loaded before stays until then. */
  async load(): Promise<void> {
    const isNewest = this.#newest();
    // Whoever has it loaded does not want it again for a mark.
    const marks = untrack(() => this.#marks);
    try {
      const report = await this.#api.report(this.id);
      if (this.report) await this.#calm();
      if (!isNewest()) return;
      this.report = report;
      this.problem = undefined;
      // The report has those that were known before it was asked for.
      this.#marks = new Map([...this.#marks].filter(([id, mark]) => marks.get(id) !== mark));
    } catch (cause) {
      if (isNewest()) this.problem = problemOf(cause);
    }
  }

  /** Takes in what is noted of a question now. */
  mark(question: bigint, mark: QuestionMark): void {
    this.#marks = new Map(this.#marks).set(question, mark);
  }

  /** Follows it while the page can be seen, until the returned function is called. */
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

  /** Has a failed evaluation made again. Where that has been asked for already, from another window
   * perhaps, it is as it should be. */
  async retry(answer: Answer): Promise<void> {
    const again = await retryEvaluation(this.#api, answer.id).catch((cause: unknown) => {
      if (problemOf(cause).kind !== 'precondition') throw cause;
    });
    if (again) this.take(again);
    else await this.load();
  }

  /** Takes in that the server has an answer, before it says so itself; what it has said goes before. */
  submitted({ questionId, text }: Queued, id: bigint): void {
    const evaluation = { status: EvaluationStatus.PENDING };
    const answer = create(AnswerSchema, { id, questionId, answerText: text, submittedAt: timestampFromMs(Date.now()), evaluation });
    this.#sent = new Map(this.#sent).set(questionId, answer);
  }

  /** Takes in what is said of an answer, if it is newer than what is known. */
  take(answer: Answer): void {
    const slot = this.slots.find(({ question }) => question.id === answer.questionId);
    if (slot && !isNewer(answer, slot.report.answer)) return;
    this.#news = new Map(this.#news).set(answer.questionId, answer);
    const after = this.slots.find(({ question }) => question.id === answer.questionId);
    if (after && after.standing.is !== slot?.standing.is) this.onNews(after);
  }

  #follow(signal: AbortSignal): Promise<void> {
    const calm = this.#calm;
    const watch = (ending: AbortSignal) => this.#api.watch(this.id, ending);
    const follower = {
      stream: async function* (this: void, ending: AbortSignal) {
        for await (const answer of watch(ending)) {
          await calm();
          yield answer;
        }
      },
      poll: async () => {
        await this.load();
        if (this.problem) throw this.problem;
        return [];
      },
      tell: (answer: Answer) => this.take(answer),
      link: (problem: Problem | undefined) => void calm().then(() => !signal.aborted && (this.link = problem)),
      wait: pause,
    };
    return follow(follower, signal);
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
