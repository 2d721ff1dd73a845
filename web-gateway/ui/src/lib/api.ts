/** Calls to the server: every one with a credential, a deadline, and one refresh when the token has
 * run out. Failures are `Problem`s. */

import {
  changePassword,
  createInterview,
  deleteAccount,
  deleteInterview,
  exportAccount,
  getMe,
  getProgress,
  getReport,
  listInterviews,
  listTemplates,
  register,
  retryEvaluation,
  submitAnswer,
  watchInterview,
  type Answer,
  type CreateInterviewResponse,
  type Level,
  type ListInterviewsResponse,
  type Report,
  type Template,
  type User,
} from '#gen/viva.js';
import { problemOf } from './errors.js';
import { progressOf, progressOfReply, type Progress } from './progress.js';
import type { Session } from './session.js';
import type { Init } from './wire/codec.js';
import type { GrpcWeb } from './wire/grpc-web.js';
import type { Rpc } from './wire/rpc.js';

/** How long a call may take, in milliseconds. */
const DEADLINE_MS = 10_000;
/** The same for making an interview, whose questions a language model may have to write. */
const CREATION_DEADLINE_MS = 180_000;
/** And for everything that is stored about an account. */
const EXPORT_DEADLINE_MS = 120_000;
/** Interviews in a page of the list. */
const PAGE = 20;
/** The newest so many interviews that progress is worked out from here. */
const LOOK_BACK = 20;

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
  readonly #wire: Pick<GrpcWeb, 'unary' | 'stream'>;
  readonly #session: Session;

  constructor(wire: Pick<GrpcWeb, 'unary' | 'stream'>, session: Session) {
    this.#wire = wire;
    this.#session = session;
  }

  /** Creates an account. */
  async register(username: string, email: string, password: string): Promise<void> {
    await this.#call(register, { username, email, password });
  }

  /** The account that is signed in. */
  async me(): Promise<User | undefined> {
    return (await this.#call(getMe, {})).user;
  }

  /** Gives the account another password, and ends its sessions on other devices. */
  async changePassword(currentPassword: string, newPassword: string): Promise<void> {
    await this.#call(changePassword, { currentPassword, newPassword });
  }

  /** Deletes the account with all that belongs to it. An owner without a password gives an empty one. */
  async deleteAccount(password: string): Promise<void> {
    await this.#call(deleteAccount, { password });
  }

  /** Everything that is stored about the account, as one JSON document. */
  async exportAccount(): Promise<Blob> {
    // A call that can be made again first, so that the stream begins with a token that is good.
    await this.me();
    const options = { authorization: this.#authorization(), timeoutMs: EXPORT_DEADLINE_MS };
    const chunks: BlobPart[] = [];
    try {
      for await (const { chunk } of this.#wire.stream(exportAccount, {}, options)) chunks.push(chunk.slice());
    } catch (cause) {
      throw problemOf(cause);
    }
    return new Blob(chunks, { type: 'application/json' });
  }

  /** A page of the account's interviews, newest first. */
  interviews(pageToken: string): Promise<ListInterviewsResponse> {
    return this.#call(listInterviews, { pageSize: PAGE, pageToken });
  }

  /** Makes an interview. */
  create(plan: Plan): Promise<CreateInterviewResponse> {
    return this.#call(createInterview, plan, CREATION_DEADLINE_MS);
  }

  /** Deletes an interview with all that belongs to it. */
  async remove(interviewId: bigint): Promise<void> {
    await this.#call(deleteInterview, { interviewId });
  }

  /** The interviews of the bank that are ready to be made. */
  async templates(): Promise<Template[]> {
    return (await this.#call(listTemplates, {})).templates;
  }

  /** Everything about an interview: questions, latest answers, evaluations, averages. */
  async report(interviewId: bigint): Promise<Report | undefined> {
    return (await this.#call(getReport, { interviewId })).report;
  }

  /** How the account's scores develop. */
  async progress(): Promise<Progress> {
    try {
      return progressOfReply(await this.#call(getProgress, {}));
    } catch (cause) {
      if (problemOf(cause).kind !== 'unsupported') throw cause;
    }
    const { interviews } = await this.#call(listInterviews, { pageSize: LOOK_BACK });
    const scored = interviews.filter(({ progress }) => (progress?.evaluated ?? 0) > 0);
    const reports = await Promise.all(scored.map(({ id }) => this.report(id)));
    return progressOf(reports.filter((report) => report !== undefined));
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
    return (await this.#call(submitAnswer, request)).answerId;
  }

  /** Has a failed evaluation made again. */
  async retry(answerId: bigint): Promise<Answer | undefined> {
    return (await this.#call(retryEvaluation, { answerId })).answer;
  }

  /** The state of every answer of an interview, then each change, until it is aborted. */
  async *watch(interviewId: bigint, signal: AbortSignal): AsyncGenerator<Answer> {
    try {
      await this.#session.beFresh();
      const options = { authorization: this.#authorization(), timeoutMs: 0, signal };
      const replies = this.#wire.stream(watchInterview, { interviewId, follow: true }, options);
      for await (const { answer } of replies) if (answer) yield answer;
    } catch (cause) {
      const problem = problemOf(cause);
      // Whoever follows opens the stream again, with the fresh token.
      if (problem.needsSignIn) await this.#session.refresh();
      throw problem;
    }
  }

  /** Makes a call, and once more with a fresh token when the server says that this one has ended. */
  async #call<I extends object, O extends object>(
    rpc: Rpc<I, O>,
    request: Init<I>,
    timeoutMs: number = DEADLINE_MS,
  ): Promise<O> {
    const make = () => {
      return this.#wire.unary(rpc, request, { authorization: this.#authorization(), timeoutMs });
    };
    const token = this.#session.token;
    try {
      await this.#session.beFresh();
      return await make();
    } catch (cause) {
      const problem = problemOf(cause);
      if (!problem.needsSignIn || token === undefined) throw problem;
      // Another call may have fetched a fresh token in the meantime.
      if (this.#session.token === token) await this.#session.refresh();
    }
    try {
      return await make();
    } catch (cause) {
      const problem = problemOf(cause);
      // A fresh token that is refused belongs to a session that has ended.
      if (problem.needsSignIn) this.#session.end();
      throw problem;
    }
  }

  #authorization(): string | undefined {
    const token = this.#session.token;
    return token === undefined ? undefined : `Bearer ${token}`;
  }
}
