/** Failed calls, classified by the error's reason and never by its text, with words for people. The caller decides what
 * to do about them. */

import { Code, ConnectError } from '@connectrpc/connect';
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from '#gen/google/rpc/error_details_pb.js';
import { harmless, neutral } from './neutral.js';

/** The kinds of failure that callers distinguish. */
export type ProblemKind =
  | 'token-expired'
  | 'sign-in'
  | 'credentials'
  | 'validation'
  | 'denied'
  | 'not-found'
  | 'conflict'
  | 'precondition'
  | 'busy'
  | 'unavailable'
  | 'unreachable'
  | 'no-network'
  | 'timeout'
  | 'unsupported'
  | 'cancelled'
  | 'server';

/** A field, named as in the contract, and the rule it breaks. */
export interface Violation {
  field: string;
  description: string;
}

/** A call that failed. `message` is for a person. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly kind: ProblemKind;
  readonly violations: Violation[];
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The id under which the server's log has more. */
  readonly requestId: string | undefined;

  constructor(kind: ProblemKind, message: string, more: { violations?: Violation[]; retryAfterMs?: number; requestId?: string } = {}) {
    super(message);
    this.kind = kind;
    this.violations = more.violations ?? [];
    this.retryAfterMs = more.retryAfterMs;
    this.requestId = more.requestId;
  }

  /** Whether signing in would help. */
  get needsSignIn(): boolean {
    return this.kind === 'sign-in' || this.kind === 'token-expired';
  }

  /** Whether the server is out of reach for now. */
  get isOffline(): boolean {
    return ['no-network', 'timeout', 'unavailable', 'unreachable'].includes(this.kind);
  }

  /** Whether the call may have succeeded after all, or would if repeated: repeat it with the same idempotency key. */
  get isPassing(): boolean {
    return this.isOffline || this.needsSignIn || ['busy', 'server', 'cancelled'].includes(this.kind);
  }

  /** What is wrong with a field; undefined if it has no violation. */
  about(field: string): string | undefined {
    return this.violations.find((violation) => violation.field === field)?.description;
  }
}

/** The kinds of reasons that mean more than their code, or something else. */
const BY_REASON: Record<string, ProblemKind> = {
  INVALID_CREDENTIALS: 'credentials',
  TOKEN_EXPIRED: 'token-expired',
  REGISTRATION_CLOSED: 'precondition',
  // The gateway's own words say what the proxy's operator can do.
  HOST_CHANGED: 'precondition',
  MODEL_CALLS_SPENT: 'precondition',
  DATABASE_UNAVAILABLE: 'unavailable',
  STARTING: 'unavailable',
  SHUTTING_DOWN: 'unavailable',
};

/** The words for reasons whose code says too little, and the server too much or too formally. A test compares them
 * with the contract's list. */
const WORDS: Record<string, string> = {
  USERNAME_TAKEN: 'This username is taken. Choose another one.',
  EMAIL_TAKEN: 'There is already an account with this email address.',
  // The server speaks of a key, which you have never seen.
  IDEMPOTENCY_KEY_REUSED: 'Something else was sent in its place, probably from another window.',
  REGISTRATION_CLOSED: 'You cannot create an account here. Ask the operator of this server for one.',
  EVALUATION_NOT_FAILED: 'This evaluation has not failed.',
  NOT_OF_BANK: 'Only questions from the question bank can be asked again.',
  NO_EVALUATION: 'You have no evaluated answer to this question yet.',
  NOTHING_TO_FOLLOW_UP: 'Your answer leaves nothing to ask about.',
  QUESTION_LIMIT: 'This interview has as many questions as it can have.',
  NO_MORE_HINTS: 'There are no more hints for this question.',
  QUESTION_ANSWERED: 'You have already answered this question. Its evaluation includes a good answer.',
  NO_PROMPT: 'The question bank has no question about this point any more.',
  NOTHING_TO_COMPARE: 'You need two evaluated answers to compare.',
  FEEDBACK_WITHHELD: 'You get feedback when the interview has ended.',
  NOT_IN_REAL_MODE: 'Only an interview in real mode can be ended.',
  API_KEY_LIMIT: 'You have as many API keys as you can have. Revoke one first.',
  REQUEST_TOO_LARGE: 'This is too long to send. Shorten it.',
  MODEL_CALLS_SPENT: 'Today’s calls to the language model are used up. There are new ones tomorrow.',
  POINT_MADE: 'The evaluation has found this point already.',
  POINT_CERTAIN: 'The grader is sure about this point.',
  CHALLENGE_LIMIT: 'You have challenged this point as often as you can. Answer the question again.',
  EXPORT_TOO_LARGE: 'The report is too large for one file. You can still print it.',
};

/** For errors without a reason: from the transport, a proxy, or a server newer than this page. */
const BY_CODE: Partial<Record<Code, ProblemKind>> = {
  [Code.Unauthenticated]: 'sign-in',
  [Code.InvalidArgument]: 'validation',
  [Code.OutOfRange]: 'validation',
  [Code.PermissionDenied]: 'denied',
  [Code.NotFound]: 'not-found',
  [Code.AlreadyExists]: 'conflict',
  [Code.FailedPrecondition]: 'precondition',
  [Code.Aborted]: 'precondition',
  [Code.ResourceExhausted]: 'busy',
  [Code.Unimplemented]: 'unsupported',
  [Code.DeadlineExceeded]: 'timeout',
  [Code.Canceled]: 'cancelled',
  [Code.Unavailable]: 'unreachable',
};

/** The same for the session's endpoints, which speak HTTP. */
const BY_STATUS: Record<number, ProblemKind> = {
  400: 'validation',
  401: 'sign-in',
  403: 'denied',
  404: 'not-found',
  409: 'conflict',
  422: 'validation',
  429: 'busy',
  503: 'unreachable',
  504: 'timeout',
};

/** The words for a failure. For some kinds these are the server's own. */
function wordsFor(kind: ProblemKind, said: string, retryAfterMs?: number): string {
  switch (kind) {
    case 'token-expired':
    case 'sign-in':
      return 'Your session has ended. Please sign in again.';
    case 'credentials':
      return 'Invalid username or password';
    case 'denied':
      return 'You don’t have permission to access this resource.';
    case 'not-found':
      return 'Resource not found.';
    case 'busy':
      return retryAfterMs === undefined
        ? 'Too many requests. Please try again in a moment.'
        : `Too many requests. Please try again in ${Math.ceil(retryAfterMs / 1000)} s.`;
    case 'unavailable':
    case 'unreachable':
      return 'Unable to reach server. Please try again later.';
    case 'no-network':
      return 'No internet connection. Please check your network.';
    case 'timeout':
      return 'Request timed out. Please try again.';
    case 'unsupported':
      return 'This server cannot do that yet.';
    case 'cancelled':
      return 'The request was cancelled.';
    case 'server':
      return 'Something went wrong. Please try again later.';
    case 'validation':
    case 'conflict':
    case 'precondition':
      return said || 'Something is wrong with this request.';
  }
}

/** Turns any failure of a call into a problem. */
export function problemOf(cause: unknown, online: boolean = isOnline()): Problem {
  if (cause instanceof Problem) return cause;
  if (isNetworkFault(cause)) return unreached(online);
  if (!(cause instanceof ConnectError)) return unknown();
  if (isNetworkFault(cause.cause) || isBroken(cause)) return unreached(online);
  const { reason, violations, retryAfterMs } = detailsOf(cause);
  const kind = BY_REASON[reason] ?? BY_CODE[cause.code] ?? 'server';
  if (kind === 'unreachable' && !online) return unreached(online);
  // Both the headers and the trailers may name the request.
  const requestId = cause.metadata.get('x-request-id')?.split(',')[0];
  return made(kind, reason, cause.rawMessage, violations, { retryAfterMs, requestId });
}

/** Awaits a deletion or an end; not finding the thing counts as success. */
export async function unlessGone(call: Promise<unknown>): Promise<void> {
  await call.catch((cause: unknown) => {
    if (problemOf(cause).kind !== 'not-found') throw cause;
  });
}

/** The details of an error. Those that cannot be read are left out. */
function detailsOf(cause: ConnectError): {
  reason: string;
  violations: Violation[];
  retryAfterMs: number | undefined;
} {
  const delay = cause.findDetails(RetryInfoSchema)[0]?.retryDelay;
  return {
    reason: cause.findDetails(ErrorInfoSchema)[0]?.reason ?? '',
    violations: cause.findDetails(BadRequestSchema)[0]?.fieldViolations ?? [],
    retryAfterMs: delay && Number(delay.seconds) * 1000 + Math.ceil(delay.nanos / 1e6),
  };
}

/** The codes that connect uses for a reply that was cut off or cannot be read. */
const OF_A_BROKEN_REPLY = [Code.InvalidArgument, Code.Unknown, Code.Unimplemented, Code.Internal, Code.DataLoss];

/** Whether a reply is broken. A server uses the same codes for bad requests, but its replies have headers. */
function isBroken({ code, metadata }: ConnectError): boolean {
  return OF_A_BROKEN_REPLY.includes(code) && metadata.keys().next().done === true;
}

/** Turns an error of a session endpoint into a problem; `body` is what it sent, if anything. */
export function problemOfSession(status: number, body: unknown): Problem {
  const said = isRecord(body) ? body : {};
  const reason = typeof said['reason'] === 'string' ? said['reason'] : '';
  const message = typeof said['message'] === 'string' ? said['message'] : '';
  const kind = BY_REASON[reason] ?? BY_STATUS[status] ?? 'server';
  const wait = said['retry_after_seconds'];
  const list = Array.isArray(said['violations']) ? said['violations'] : [];
  const violations = list.filter(isRecord).map((violation) => ({
    field: String(violation['field']),
    description: String(violation['description']),
  }));
  return made(kind, reason, message, violations, {
    retryAfterMs: typeof wait === 'number' ? wait * 1000 : undefined,
    requestId: undefined,
  });
}

function made(
  kind: ProblemKind,
  reason: string,
  said: string,
  violations: Violation[],
  more: { retryAfterMs: number | undefined; requestId: string | undefined },
): Problem {
  // A name that is taken is shown beside its field.
  const taken = { USERNAME_TAKEN: 'username', EMAIL_TAKEN: 'email' }[reason];
  const words = WORDS[reason] ?? neutral(said);
  return new Problem(kind, wordsFor(kind, words, more.retryAfterMs), {
    violations: harmless(taken ? [...violations, { field: taken, description: words }] : violations),
    ...(more.retryAfterMs === undefined ? {} : { retryAfterMs: more.retryAfterMs }),
    ...(more.requestId === undefined ? {} : { requestId: more.requestId }),
  });
}

function unreached(online: boolean): Problem {
  const kind = online ? 'unreachable' : 'no-network';
  return new Problem(kind, wordsFor(kind, ''));
}

function unknown(): Problem {
  return new Problem('server', wordsFor('server', ''));
}

/** Whether `fetch` got no reply at all, for which it throws a TypeError. */
function isNetworkFault(cause: unknown): boolean {
  return cause instanceof TypeError;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isOnline(): boolean {
  return globalThis.navigator?.onLine ?? true;
}
