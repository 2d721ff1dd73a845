// How the page reads replies, whatever happens to them in transit.
import { Code, ConnectError } from '@connectrpc/connect';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { WatchInterviewResponseSchema } from '#gen/viva/v1/answer_pb.js';
import { AuthService, GetMeResponseSchema } from '#gen/viva/v1/auth_pb.js';
import { Api } from '../src/lib/api.js';
import type { Problem } from '../src/lib/errors.js';
import { Session } from '../src/lib/session.js';
import { transportTo } from '../src/lib/transport.js';
import { createInterview } from '../src/lib/later.js';
import { inPieces, messageFrame, opened, refusal, trailers } from './support/wire.js';

function apiOver(call: typeof fetch): Api {
  return new Api(transportTo('http://viva.example', call), new Session(call));
}

const given = { id: 7n, username: 'ada', email: 'ada@example.org' };
const message = messageFrame(GetMeResponseSchema, { user: given });
const end = trailers({ 'grpc-status': '0' });
const me = (response: () => Response) =>
  apiOver(async () => response())
    .me()
    .then(({ user }) => user);
const failure = (response: () => Response) =>
  me(response).then(
    () => undefined,
    (cause: Problem) => cause,
  );

describe('a call', () => {
  test('is read however its reply is split', async () => {
    const all = Uint8Array.from([...message, ...end]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(all.length)), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), all.length];
        const pieces = places.slice(1).map((to, at) => all.slice(places[at], to));
        expect(await me(() => inPieces(pieces))).toMatchObject(given);
      }),
      { numRuns: 100 },
    );
  });

  test('fails if its reply is cut off anywhere, and may be made again', async () => {
    const all = Uint8Array.from([...message, ...end]);
    for (let length = 0; length < all.length; length += 1) {
      const problem = await failure(() => inPieces([all.slice(0, length)]));
      expect([problem?.kind, problem?.isPassing], `${length} bytes`).toEqual(['unreachable', true]);
    }
  });

  test('that is rejected says why, with the status in the headers or in the trailers', async () => {
    const inHeaders = refusal(Code.NotFound, 'INTERVIEW_NOT_FOUND', 'Nöt found');
    const lines = Object.fromEntries([...inHeaders.headers].filter(([name]) => name.startsWith('grpc-')));
    for (const reply of [
      () => inHeaders,
      () => inPieces([trailers({ ...lines, 'x-request-id': 'request-1' })], { 'x-request-id': 'request-1' }),
    ]) {
      expect(await failure(reply)).toMatchObject({ kind: 'not-found', requestId: 'request-1' });
    }
  });

  test('that a proxy rejects is classified by its HTTP status', async () => {
    for (const [status, kind] of [
      [502, 'unreachable'],
      [503, 'unreachable'],
      [403, 'denied'],
      [418, 'server'],
    ] as const) {
      expect((await failure(() => new Response('<html>', { status })))?.kind).toBe(kind);
    }
  });

  test('carries its deadline, and no cookie', async () => {
    let seen: RequestInit | undefined;
    await apiOver(async (_, init) => ((seen = init), inPieces([message, end]))).me();
    expect(new Headers(seen?.headers).get('grpc-timeout')).toBe('10000m');
    expect(seen).toMatchObject({ credentials: 'omit', cache: 'no-store', method: 'POST' });
  });

  test('that takes too long is given up', async () => {
    const never = transportTo('http://viva.example', (_, init) => {
      return new Promise((_, refuse) => init?.signal?.addEventListener('abort', () => refuse(init.signal?.reason)));
    });
    const cause = await never.unary(AuthService.method.getMe, undefined, 5, {}, {}).catch((cause: unknown) => cause);
    expect((cause as ConnectError).code).toBe(Code.DeadlineExceeded);
  });
});

describe('a watch', () => {
  /** An endless reply to a call that ends with its signal. */
  function endless() {
    const told = { isEnded: false };
    const call: typeof fetch = async (_, init) => {
      const { signal } = init ?? {};
      const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
        controller.enqueue(messageFrame(WatchInterviewResponseSchema, { answer: { id: 3n } }));
        signal?.addEventListener('abort', () => ((told.isEnded = true), controller.error(signal.reason)));
      };
      return new Response(new ReadableStream<Uint8Array>({ start }));
    };
    return { told, api: apiOver(call) };
  }

  test('that nobody reads any more ends on the server', async () => {
    const { told, api } = endless();
    for await (const { answer } of api.watch(1n, new AbortController().signal)) {
      expect(answer?.id).toBe(3n);
      break;
    }
    expect(told.isEnded).toBe(true);
  });

  test('ends with its signal even while nothing arrives', async () => {
    const { told, api } = endless();
    const ending = new AbortController();
    const replies = api.watch(1n, ending.signal);
    await replies.next();
    const next = replies.next().catch((cause: Problem) => cause.kind);
    ending.abort();
    expect(await next).toBe('cancelled');
    expect(told.isEnded).toBe(true);
  });

  /** What a watch yields from a server with these replies in turn, and the number of refreshes. */
  async function watched(...replies: (() => Response)[]) {
    let refreshes = 0;
    const call: typeof fetch = async (input) => {
      if (String(input).includes('/session/')) return opened(`token-${(refreshes += 1)}`);
      return replies.shift()?.() ?? refusal(Code.Unauthenticated, 'TOKEN_EXPIRED');
    };
    const session = new Session(call);
    await session.signIn('ada', 'correct horse');
    let isOver = false;
    session.onEnd = () => (isOver = true);
    const heard: bigint[] = [];
    const watching = async () => {
      const api = new Api(transportTo('http://viva.example', call), session);
      for await (const { answer } of api.watch(1n, new AbortController().signal)) if (answer) heard.push(answer.id);
    };
    const kind = await watching().catch((cause: Problem) => cause.kind);
    return { heard, kind, refreshes: refreshes - 1, isOver };
  }

  const expired = () => refusal(Code.Unauthenticated, 'TOKEN_EXPIRED');
  const answered =
    (id: bigint, status = '0') =>
    () => {
      return inPieces([messageFrame(WatchInterviewResponseSchema, { answer: { id } }), trailers({ 'grpc-status': status })]);
    };

  test('continues with a fresh token as often as one expires', async () => {
    expect(await watched(expired, answered(1n, '16'), answered(2n, '16'), answered(3n))).toEqual({
      heard: [1n, 2n, 3n],
      kind: undefined,
      refreshes: 3,
      isOver: false,
    });
  });

  test('whose fresh token is rejected too ends the session instead of trying again and again', async () => {
    expect(await watched(expired, expired)).toEqual({ heard: [], kind: 'token-expired', refreshes: 1, isOver: true });
  });
});

test('a call from one session is not repeated in the next, and does not end it', async () => {
  const calls: (string | null)[] = [];
  let late: (reply: Response) => void = () => {};
  let tokens = 0;
  const call: typeof fetch = async (input, init) => {
    if (String(input).endsWith('/session/logout')) return new Response(null, { status: 204 });
    if (String(input).includes('/session/')) return opened(`token-${(tokens += 1)}`);
    calls.push(new Headers(init?.headers).get('authorization'));
    return new Promise((done) => (late = done));
  };
  const session = new Session(call);
  let isOver = false;
  session.onEnd = () => (isOver = true);
  await session.signIn('ada', 'correct horse');
  const plan = { role: 'r', templateId: '', level: 1, numQuestions: 1, topics: [], jobDescription: '', idempotencyKey: 'k' };
  const making = createInterview(new Api(transportTo('http://viva.example', call), session), plan).catch((cause: Problem) => cause.kind);
  await new Promise((done) => setTimeout(done));
  await session.signOut(false);
  await session.signIn('bob', 'correct horse');
  late(refusal(Code.Unauthenticated, 'TOKEN_EXPIRED'));
  expect([await making, calls, isOver, session.token]).toEqual(['token-expired', ['Bearer token-1'], false, 'token-2']);
});
