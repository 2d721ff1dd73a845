/** Calls to the server: every one with a credential, a deadline, and one refresh when the token has
 * run out. Failures are `Problem`s, and all texts that come are harmless from here on. */

import type { DescMessage, DescMethodServerStreaming, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { Transport } from '@connectrpc/connect';
import type { Answer } from '#gen/viva/v1/answer_pb.js';
import { AuthService, type GetMeResponse } from '#gen/viva/v1/auth_pb.js';
import {
  InterviewService,
  type Level,
  type ListInterviewsResponse,
} from '#gen/viva/v1/interview_pb.js';
import type { Report } from '#gen/viva/v1/report_pb.js';
import { problemOf } from './errors.js';
import { harmless } from './neutral.js';
import type { Session } from './session.js';

/** How long a call may take, in milliseconds. */
const DEADLINE_MS = 10_000;
/** The same for making an interview, whose questions a language model may have to write. */
export const CREATION_DEADLINE_MS = 180_000;
/** And for a report as a file, and everything that is stored about an account. */
export const EXPORT_DEADLINE_MS = 120_000;
/** Interviews in a page of the list. */
const PAGE = 20;

/** An interview as the form asks for it. */
export interface Plan {
  role: string;
  templateId: string;
  level: Level;
  numQuestions: number;
  topics: string[];
  jobDescription: string;
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

  constructor(transport: Transport, session: Session) {
    this.#transport = transport;
    this.#session = session;
  }

  /** Creates an account. */
  async register(username: string, email: string, password: string): Promise<void> {
    await this.call(AuthService.method.register, { username, email, password });
  }

  /** The account that is signed in, with what its owner should know about signing in. */
  me(): Promise<GetMeResponse> {
    return this.call(AuthService.method.getMe, {});
  }

  /** Deletes the account with all that belongs to it. An owner without a password gives an empty one. */
  async deleteAccount(password: string): Promise<void> {
    await this.call(AuthService.method.deleteAccount, { password });
  }

  /** A page of the account's interviews, newest first. */
  interviews(pageToken: string): Promise<ListInterviewsResponse> {
    return this.call(InterviewService.method.listInterviews, { pageSize: PAGE, pageToken });
  }

  /** Deletes an interview with all that belongs to it. */
  async remove(interviewId: bigint): Promise<void> {
    await this.call(InterviewService.method.deleteInterview, { interviewId });
  }

  /** Everything about an interview: questions, latest answers, evaluations, averages. */
  async report(interviewId: bigint): Promise<Report | undefined> {
    return (await this.call((await reports()).getReport, { interviewId })).report;
  }

  /** Submits an answer and gives its id. Doing so again with the same key does it once. */
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

  /** The state of every answer of an interview, then each change, until it is aborted. It goes on with a
   * fresh token when the server says that this one has ended. */
  async *watch(interviewId: bigint, signal: AbortSignal): AsyncGenerator<Answer> {
    const { era } = this.#session;
    for (let isFresh = false; ; isFresh = true) {
      const token = this.#session.token;
      try {
        await this.#session.beFresh();
        const replies = this.stream((await answers()).watchInterview, { interviewId, follow: true }, 0, signal);
        for await (const { answer } of replies) {
          isFresh = false;
          if (answer) yield answer;
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

  /** Makes a call, for the methods above and for screens that come later, and once more with a fresh token when the server says that this one has ended. */
  async call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageInitShape<I>,
    timeoutMs: number = DEADLINE_MS,
  ): Promise<MessageShape<O>> {
    const make = async () => harmless((await this.#transport.unary(method, undefined, timeoutMs, this.#headers(), request)).message);
    const { era, token } = this.#session;
    try {
      await this.#session.beFresh();
      return await make();
    } catch (cause) {
      const problem = problemOf(cause);
      // Somebody else may have signed in since, and they did not ask for this.
      if (!problem.needsSignIn || token === undefined || era !== this.#session.era) throw problem;
      // Another call may have fetched a fresh token in the meantime.
      if (this.#session.token === token) await this.#session.refresh();
    }
    try {
      return await make();
    } catch (cause) {
      const problem = problemOf(cause);
      // A fresh token that is refused belongs to a session that has ended.
      if (problem.needsSignIn) this.#session.end(era);
      throw problem;
    }
  }

  /** Makes a call with many replies. Whoever stops listening ends it, and so does `signal`. */
  /** The replies of a call that streams. */
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

/** What only the screens that come later speak of comes with them. */
async function answers() {
  return (await import('#gen/viva/v1/answer_pb.js')).AnswerService.method;
}

async function reports() {
  return (await import('#gen/viva/v1/report_pb.js')).ReportService.method;
}
