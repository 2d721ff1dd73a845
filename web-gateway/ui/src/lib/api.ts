/** Calls to the server: every one with a credential, a deadline, and one refresh when the token has
 * run out. Failures are `Problem`s. */

import {
  createClient,
  type CallOptions,
  type Client,
  type Interceptor,
  type Transport,
} from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';
import { AnswerService, type Answer } from '#gen/viva/v1/answer_pb.js';
import { AuthService, type User } from '#gen/viva/v1/auth_pb.js';
import {
  InterviewService,
  type CreateInterviewResponse,
  type Interview,
  type Level,
  type ListInterviewsResponse,
  type Template,
} from '#gen/viva/v1/interview_pb.js';
import { ReportService, type Report } from '#gen/viva/v1/report_pb.js';
import { problemOf } from './errors.js';
import { progressOf, progressOfReply, type Progress } from './progress.js';
import type { Session } from './session.js';

/** How long a call may take, in milliseconds. */
const DEADLINE_MS = 10_000;
/** The same for making an interview, whose questions a language model may have to write. */
const CREATION_DEADLINE_MS = 180_000;
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

/** Puts the token on every call, and once a fresh one when the server says it has run out. */
export function authenticate(session: Session): Interceptor {
  return (next) => async (request) => {
    if (session.token === undefined) return next(request);
    await session.beFresh();
    const token = session.token;
    request.header.set('Authorization', `Bearer ${token}`);
    try {
      return await next(request);
    } catch (cause) {
      // The message of a stream can be sent only once; whoever follows it opens it again.
      if (!problemOf(cause).needsSignIn || request.stream) throw cause;
      // Another call may have fetched a fresh token in the meantime.
      if (session.token === token) await session.refresh();
      request.header.set('Authorization', `Bearer ${session.token}`);
      return next(request);
    }
  };
}

/** A transport to the gateway that has served this page. */
export function gateway(session: Session, baseUrl = location.origin): Transport {
  return createGrpcWebTransport({
    baseUrl,
    defaultTimeoutMs: DEADLINE_MS,
    interceptors: [authenticate(session)],
  });
}

/** The calls that the page makes. */
export class Api {
  readonly #auth: Client<typeof AuthService>;
  readonly #interviews: Client<typeof InterviewService>;
  readonly #answers: Client<typeof AnswerService>;
  readonly #reports: Client<typeof ReportService>;
  readonly #session: Session;

  constructor(transport: Transport, session: Session) {
    this.#auth = createClient(AuthService, transport);
    this.#interviews = createClient(InterviewService, transport);
    this.#answers = createClient(AnswerService, transport);
    this.#reports = createClient(ReportService, transport);
    this.#session = session;
  }

  /** Creates an account. */
  async register(username: string, email: string, password: string): Promise<void> {
    await this.#call(() => this.#auth.register({ username, email, password }));
  }

  /** The account that is signed in. */
  async me(): Promise<User | undefined> {
    return (await this.#call(() => this.#auth.getMe({}))).user;
  }

  /** A page of the account's interviews, newest first. */
  interviews(pageToken: string): Promise<ListInterviewsResponse> {
    return this.#call(() => this.#interviews.listInterviews({ pageSize: PAGE, pageToken }));
  }

  /** Makes an interview. */
  create(plan: Plan, options: CallOptions = {}): Promise<CreateInterviewResponse> {
    const limits = { timeoutMs: CREATION_DEADLINE_MS, ...options };
    return this.#call(() => this.#interviews.createInterview(plan, limits));
  }

  /** Deletes an interview with all that belongs to it. */
  async remove(interviewId: bigint): Promise<void> {
    await this.#call(() => this.#interviews.deleteInterview({ interviewId }));
  }

  /** An interview without its answers. */
  async interview(interviewId: bigint): Promise<Interview | undefined> {
    return (await this.#call(() => this.#interviews.getInterview({ interviewId }))).interview;
  }

  /** The interviews of the bank that are ready to be made. */
  async templates(): Promise<Template[]> {
    return (await this.#call(() => this.#interviews.listTemplates({}))).templates;
  }

  /** Everything about an interview: questions, latest answers, evaluations, averages. */
  async report(interviewId: bigint): Promise<Report | undefined> {
    return (await this.#call(() => this.#reports.getReport({ interviewId }))).report;
  }

  /** How the account's scores develop. */
  async progress(): Promise<Progress> {
    try {
      return progressOfReply(await this.#call(() => this.#reports.getProgress({})));
    } catch (cause) {
      if (problemOf(cause).kind !== 'unsupported') throw cause;
    }
    const { interviews } = await this.#call(() => this.#interviews.listInterviews({ pageSize: LOOK_BACK }));
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
    return (await this.#call(() => this.#answers.submitAnswer(request))).answerId;
  }

  /** Has a failed evaluation made again. */
  async retry(answerId: bigint): Promise<Answer | undefined> {
    return (await this.#call(() => this.#answers.retryEvaluation({ answerId }))).answer;
  }

  /** The state of every answer of an interview, then each change, until it is aborted. */
  async *watch(interviewId: bigint, signal: AbortSignal): AsyncGenerator<Answer> {
    try {
      const request = { interviewId, follow: true };
      const replies = this.#answers.watchInterview(request, { signal, timeoutMs: 0 });
      for await (const { answer } of replies) if (answer) yield answer;
    } catch (cause) {
      throw problemOf(cause);
    }
  }

  async #call<T>(make: () => Promise<T>): Promise<T> {
    try {
      return await make();
    } catch (cause) {
      const problem = problemOf(cause);
      if (problem.needsSignIn) this.#session.end();
      throw problem;
    }
  }
}
