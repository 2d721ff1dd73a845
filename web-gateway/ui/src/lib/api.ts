/** Calls to the server. Each has a credential and a deadline, and is made again with a fresh token if its token has
 * expired. Failures are `Problem`s, and every text of a reply is made harmless here. */

import type { DescMessage, DescMethodServerStreaming, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { Transport } from '@connectrpc/connect';
import type { WatchInterviewResponse } from '#gen/viva/v1/answer_pb.js';
import { AuthService, type GetMeResponse } from '#gen/viva/v1/auth_pb.js';
import { InterviewService, type InterviewMode, type Level, type ListInterviewsResponse } from '#gen/viva/v1/interview_pb.js';
import type { Report } from '#gen/viva/v1/report_pb.js';
import { problemOf } from './errors.js';
import type { Loaded } from './loaded.js';
import { harmless } from './neutral.js';
import type { Session } from './session.js';

/** The deadline of a call, in milliseconds. */
const DEADLINE_MS = 10_000;
/** The deadline for creating an interview, whose questions a language model may have to write. */
export const CREATION_DEADLINE_MS = 180_000;
/** The deadline for exporting a report or an account. */
export const EXPORT_DEADLINE_MS = 120_000;
/** How long to wait for the script that reads kept replies, in milliseconds. */
const PLACE_MS = 1_000;
/** Interviews on the first page of the list, and on the others. */
const PAGE = 20;
const LATER_PAGE = 100;

/** An interview as the form asks for it. */
export interface Plan {
  role: string;
  templateId: string;
  level: Level;
  numQuestions: number;
  topics: string[];
  jobDescription: string;
  /** BCP 47; empty or absent for English. */
  language?: string;
  mode?: InterviewMode;
  /** Limits; 0 or absent for none, or in real mode for the server's defaults. */
  minutes?: number;
  questionMinutes?: number;
  idempotencyKey: string;
}

/** An answer as it is sent. */
export interface Submission {
  interviewId: bigint;
  questionId: bigint;
  text: string;
  key: string;
  durationMs: number;
}

/** The calls that the page makes. */
export class Api {
  readonly #transport: Transport;
  readonly #session: Session;
  /** What the account has loaded, once it can be kept. */
  loaded: Promise<Loaded | undefined> | undefined;
  /** Called with the time of a reply when a kept reply is used because the server is away. */
  onAway: (at: number) => void = () => {};

  constructor(transport: Transport, session: Session) {
    this.#transport = transport;
    this.#session = session;
  }

  /** Creates an account. */
  async register(username: string, email: string, password: string): Promise<void> {
    await this.call(AuthService.method.register, { username, email, password });
  }

  /** Returns the signed-in account, with a notice about signing in if there is one. */
  me(): Promise<GetMeResponse> {
    return this.call(AuthService.method.getMe, {});
  }

  /** Deletes the account and everything in it. The password is empty if the account has none. */
  async deleteAccount(password: string): Promise<void> {
    await this.call(AuthService.method.deleteAccount, { password });
  }

  /** Returns a page of the account's interviews, newest first. */
  interviews(pageToken: string): Promise<ListInterviewsResponse> {
    return this.call(InterviewService.method.listInterviews, { pageSize: pageToken === '' ? PAGE : LATER_PAGE, pageToken });
  }

  /** Deletes an interview and everything in it. */
  async remove(interviewId: bigint): Promise<void> {
    await this.call(InterviewService.method.deleteInterview, { interviewId });
  }

  /** Returns everything about an interview: questions, latest answers, evaluations, averages. */
  async report(interviewId: bigint): Promise<Report | undefined> {
    return (await this.call((await reports()).getReport, { interviewId })).report;
  }

  /** Submits an answer and returns its id. Repeating it with the same key submits it only once. */
  async submit({ text, key, ...rest }: Submission): Promise<bigint> {
    const request = {
      interviewId: rest.interviewId,
      questionId: rest.questionId,
      answerText: text,
      idempotencyKey: key,
      durationMs: BigInt(Math.max(0, Math.round(rest.durationMs))),
    };
    return (await this.call((await answers()).submitAnswer, request)).answerId;
  }

  /** Yields the state of every answer of an interview and the follow-ups to its question, then each change, until it is aborted.
   * When its token expires, it continues with a fresh one. */
  async *watch(interviewId: bigint, signal: AbortSignal): AsyncGenerator<WatchInterviewResponse> {
    const { era } = this.#session;
    for (let isFresh = false; ; isFresh = true) {
      const token = this.#session.token;
      try {
        await this.#session.beFresh();
        const replies = this.stream((await answers()).watchInterview, { interviewId, follow: true }, 0, signal);
        for await (const reply of replies) {
          isFresh = false;
          yield reply;
        }
        return;
      } catch (cause) {
        const problem = problemOf(cause);
        if (!problem.needsSignIn || era !== this.#session.era) throw problem;
        if (isFresh) {
          this.#session.end();
          throw problem;
        }
        // Another call may have fetched a fresh token in the meantime.
        if (this.#session.token === token) await this.#session.refresh();
      }
    }
  }

  /** Makes a call, for the methods above and for the other screens. While the server is away, it returns the last reply
   * to the same call if that is kept. */
  async call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    timeoutMs: number = DEADLINE_MS,
  ): Promise<MessageShape<O>> {
    // Another account may be signed in when the reply comes.
    const { loaded } = this;
    try {
      const reply = await this.#ask(method, request, timeoutMs);
      void loaded?.then((place) => place?.keep(method, request, reply));
      return reply;
    } catch (cause) {
      if (!problemOf(cause).isOffline) throw cause;
      const late = new Promise<undefined>((done) => setTimeout(done, PLACE_MS));
      const place = await Promise.race([loaded, late]);
      const found = await place?.find(method, request);
      if (!found) throw cause;
      this.onAway(found.at);
      return found.reply;
    }
  }

  /** Calls the server, and once more with a fresh token if it rejects this one as expired. */
  async #ask<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    timeoutMs: number,
  ): Promise<MessageShape<O>> {
    const make = async () => harmless((await this.#transport.unary(method, undefined, timeoutMs, this.#headers(), request)).message);
    const { era, token } = this.#session;
    try {
      await this.#session.beFresh();
      return await make();
    } catch (cause) {
      const problem = problemOf(cause);
      // Another account may have signed in since, and it did not make this call.
      if (!problem.needsSignIn || token === undefined || era !== this.#session.era) throw problem;
      // Another call may have fetched a fresh token in the meantime.
      if (this.#session.token === token) await this.#session.refresh();
    }
    try {
      return await make();
    } catch (cause) {
      const problem = problemOf(cause);
      // If even a fresh token is rejected, the session has ended.
      if (problem.needsSignIn) this.#session.end(era);
      throw problem;
    }
  }

  /** Makes a call with many replies. It ends when the caller stops iterating or `signal` aborts. */
  async *stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageInitShape<I>,
    timeoutMs: number,
    signal?: AbortSignal,
  ): AsyncGenerator<MessageShape<O>> {
    const ending = new AbortController();
    const either = signal ? AbortSignal.any([signal, ending.signal]) : ending.signal;
    try {
      const { message } = await this.#transport.stream(method, either, timeoutMs, this.#headers(), one(request));
      for await (const reply of message) yield harmless(reply);
    } finally {
      ending.abort();
    }
  }

  #headers(): HeadersInit {
    const token = this.#session.token;
    return token === undefined ? {} : { authorization: `Bearer ${token}` };
  }
}

async function* one<T>(value: T): AsyncGenerator<T> {
  yield value;
}

/** Loads the answer calls with the other screens' script, and keeps them: a page that is being closed has no time to
 * wait for an import. */
async function answers() {
  return (answerMethods ??= (await import('#gen/viva/v1/answer_pb.js')).AnswerService.method);
}

let answerMethods: (typeof import('#gen/viva/v1/answer_pb.js'))['AnswerService']['method'] | undefined;

async function reports() {
  return (await import('#gen/viva/v1/report_pb.js')).ReportService.method;
}
