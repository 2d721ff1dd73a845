/** What went wrong with a call, told by the error's reason and never by its text, and the words
 * for it that a person reads. What to do about it is decided by whoever made the call. */

import { Code, ConnectError } from '@connectrpc/connect';
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from '#gen/google/rpc/error_details_pb.js';
import { harmless, neutral } from './neutral.js';

/** The kinds of faults that callers tell apart. */
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
  /** Under which the server's log has more. */
  readonly requestId: string | undefined;

  constructor(
    kind: ProblemKind,
    message: string,
    more: { violations?: Violation[]; retryAfterMs?: number; requestId?: string } = {},
  ) {
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

  /** Whether the call may have been carried out all the same, or would be if made again: the one
   * thing to do is to repeat it with the same idempotency key. */
  get isPassing(): boolean {
    return (
      this.isOffline || this.needsSignIn || ['busy', 'server', 'cancelled'].includes(this.kind)
    );
  }

  /** What is wrong with a field; none when nothing is said about it. */
  about(field: string): string | undefined {
    return this.violations.find((violation) => violation.field === field)?.description;
  }
}

const BY_REASON: Record<string, ProblemKind> = {
  INVALID_CREDENTIALS: 'credentials',
  TOKEN_EXPIRED: 'token-expired',
  CREDENTIAL_MISSING: 'sign-in',
  TOKEN_INVALID: 'sign-in',
  SESSION_ENDED: 'sign-in',
  VALIDATION_FAILED: 'validation',
  ACCESS_DENIED: 'denied',
  INTERVIEW_NOT_FOUND: 'not-found',
  QUESTION_NOT_FOUND: 'not-found',
  ANSWER_NOT_FOUND: 'not-found',
  TEMPLATE_NOT_FOUND: 'not-found',
  API_KEY_NOT_FOUND: 'not-found',
  USERNAME_TAKEN: 'conflict',
  EMAIL_TAKEN: 'conflict',
  IDEMPOTENCY_KEY_REUSED: 'conflict',
  EVALUATION_NOT_FAILED: 'precondition',
  NO_EVALUATION: 'precondition',
  REGISTRATION_CLOSED: 'precondition',
  RATE_LIMITED: 'busy',
  DATABASE_UNAVAILABLE: 'unavailable',
  SHUTTING_DOWN: 'unavailable',
  TIMEOUT: 'timeout',
  INTERNAL: 'server',
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

/** The words for a fault; for some kinds the server's own are the best there are. */
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
      return said || 'Invalid request';
  }
}

/** Any failure of a call as a problem. */
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

/** What an error carries beside its code and message. What cannot be read is left out. */
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

/** The codes that connect has for a reply which was cut off or cannot be read. */
const OF_A_BROKEN_REPLY = [Code.InvalidArgument, Code.Unknown, Code.Unimplemented, Code.Internal, Code.DataLoss];

/** Whether a reply is broken: a server uses the same codes for what is wrong with a request, but what a
 * server says comes with its headers. */
function isBroken({ code, metadata }: ConnectError): boolean {
  return OF_A_BROKEN_REPLY.includes(code) && metadata.keys().next().done === true;
}

/** A refusal of one of the session's endpoints as a problem; `body` is what it sent, if anything. */
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
  // A taken name is a fault of one field, and shown beside it.
  const taken = { USERNAME_TAKEN: 'username', EMAIL_TAKEN: 'email' }[reason];
  const words = reason === 'IDEMPOTENCY_KEY_REUSED' ? SENT_BEFORE : neutral(said);
  return new Problem(kind, wordsFor(kind, words, more.retryAfterMs), {
    violations: harmless(taken ? [...violations, { field: taken, description: said }] : violations),
    ...(more.retryAfterMs === undefined ? {} : { retryAfterMs: more.retryAfterMs }),
    ...(more.requestId === undefined ? {} : { requestId: more.requestId }),
  });
}

/** The server's own words speak of keys, which nobody has seen. */
const SENT_BEFORE = 'Something else was sent in its place already, probably from another window.';

function unreached(online: boolean): Problem {
  const kind = online ? 'unreachable' : 'no-network';
  return new Problem(kind, wordsFor(kind, ''));
}

function unknown(): Problem {
  return new Problem('server', wordsFor('server', ''));
}

/** `fetch` says TypeError when no answer came at all. */
function isNetworkFault(cause: unknown): boolean {
  return cause instanceof TypeError;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isOnline(): boolean {
  return globalThis.navigator?.onLine ?? true;
}
