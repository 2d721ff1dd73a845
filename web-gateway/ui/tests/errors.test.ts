import { readFileSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, test } from 'vitest';
import { StatusSchema } from '#gen/google/rpc/status_pb.js';
import { Api } from '../src/lib/api.js';
import { problemOf, problemOfSession, type ProblemKind } from '../src/lib/errors.js';
import { Session } from '../src/lib/session.js';
import { transportTo } from '../src/lib/transport.js';
import { refusal, refusalWith } from './support/wire.js';

async function failed(response: Response) {
  const call = async () => response;
  const api = new Api(transportTo('http://viva.example', call), new Session(call));
  return problemOf(await api.me().catch((cause: unknown) => cause));
}

/** A failure from a server with nothing but a code. */
function bare(code: Code, message = ''): ConnectError {
  return new ConnectError(message, code, { 'grpc-status': String(code) });
}

describe('a failure', () => {
  // Every row of the contract's table of errors.
  test.each<[code: number, reason: string, kind: ProblemKind]>([
    [Code.Unauthenticated, 'INVALID_CREDENTIALS', 'credentials'],
    [Code.Unauthenticated, 'TOKEN_EXPIRED', 'token-expired'],
    [Code.Unauthenticated, 'CREDENTIAL_MISSING', 'sign-in'],
    [Code.Unauthenticated, 'TOKEN_INVALID', 'sign-in'],
    [Code.Unauthenticated, 'SESSION_ENDED', 'sign-in'],
    [Code.InvalidArgument, 'VALIDATION_FAILED', 'validation'],
    [Code.InvalidArgument, 'REQUEST_TOO_LARGE', 'validation'],
    [Code.PermissionDenied, 'ACCESS_DENIED', 'denied'],
    [Code.NotFound, 'INTERVIEW_NOT_FOUND', 'not-found'],
    [Code.AlreadyExists, 'USERNAME_TAKEN', 'conflict'],
    [Code.AlreadyExists, 'IDEMPOTENCY_KEY_REUSED', 'conflict'],
    [Code.FailedPrecondition, 'EVALUATION_NOT_FAILED', 'precondition'],
    [Code.PermissionDenied, 'REGISTRATION_CLOSED', 'precondition'],
    [Code.ResourceExhausted, 'RATE_LIMITED', 'busy'],
    [Code.ResourceExhausted, 'MODEL_CALLS_SPENT', 'precondition'],
    [Code.Unavailable, 'DATABASE_UNAVAILABLE', 'unavailable'],
    [Code.Unavailable, 'SHUTTING_DOWN', 'unavailable'],
    [Code.DeadlineExceeded, 'TIMEOUT', 'timeout'],
    [Code.Internal, 'INTERNAL', 'server'],
    // A reason that is newer than the page: its code is enough.
    [Code.NotFound, 'SOMETHING_NEW', 'not-found'],
  ])('with code %i and reason %s is of kind %s', async (code, reason, kind) => {
    expect((await failed(refusal(code, reason))).kind).toBe(kind);
  });

  test('has words for every reason of the contract', async () => {
    const errors = readFileSync('../../docs/api.md', 'utf8').split('\n## Errors\n')[1]?.split('\n## ')[0] ?? '';
    const rows = [...errors.matchAll(/^\| ([A-Z_]+) \| ([A-Z_, ]+) \|/gm)].flatMap(([, code, reasons]) =>
      (reasons ?? '').split(', ').map((reason) => [code ?? '', reason] as const),
    );
    expect(rows.length).toBeGreaterThan(30);
    // Here the server's own words say which field is wrong, or what is wrong with the grader.
    const servers = ['VALIDATION_FAILED', 'GRADING_FAILED'];
    const wordless: string[] = [];
    for (const [code, reason] of rows) {
      const name = code.toLowerCase().replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase()) as keyof typeof Code;
      const said = 'in the words of the server';
      const { message } = await failed(refusal(Code[name], reason, said));
      if (message === said && !servers.includes(reason)) wordless.push(reason);
      expect(Code[name], code).toBeDefined();
    }
    expect(wordless).toEqual([]);
  });

  test('has the words of the original design', () => {
    const words = (cause: unknown, online = true) => problemOf(cause, online).message;
    expect(words(new TypeError('Failed to fetch'), false)).toBe('No internet connection. Please check your network.');
    expect(words(new TypeError('Failed to fetch'))).toBe('Unable to reach server. Please try again later.');
    expect(words(bare(Code.DeadlineExceeded))).toBe('Request timed out. Please try again.');
    expect(words(bare(Code.PermissionDenied))).toBe('You don’t have permission to access this resource.');
    expect(words(bare(Code.NotFound))).toBe('Resource not found.');
    expect(words(bare(Code.Internal, 'at line 7'))).toBe('Something went wrong. Please try again later.');
    expect(words(new Error('a slip of the page’s own'))).toBe('Something went wrong. Please try again later.');
  });

  test('never mentions idempotency keys, which people do not see', async () => {
    const { message } = await failed(refusal(Code.AlreadyExists, 'IDEMPOTENCY_KEY_REUSED', 'Idempotency key was used for another request'));
    expect(message).toBe('Something else was sent in its place, probably from another window.');
  });

  test('has no characters that reverse or hide its text', async () => {
    const said = 'Topic “x\u202ey” is\u200b unknown';
    const problem = await failed(refusal(Code.InvalidArgument, 'VALIDATION_FAILED', said, [{ field: 'topics', description: said }]));
    expect([problem.message, problem.about('topics')]).toEqual(['Topic “x<202e>y” is unknown', 'Topic “x<202e>y” is unknown']);
  });

  test('of a field is shown beside the field', async () => {
    const problem = await failed(
      refusal(Code.InvalidArgument, 'VALIDATION_FAILED', 'Invalid request', [
        { field: 'role', description: 'Role must be 1 to 100 characters' },
      ]),
    );
    expect(problem.about('role')).toBe('Role must be 1 to 100 characters');
    expect(problem.about('level')).toBeUndefined();
  });

  test('of a name that is taken belongs to its field', async () => {
    const problem = await failed(refusal(Code.AlreadyExists, 'EMAIL_TAKEN', 'Email is already registered'));
    expect(problem.about('email')).toBe('There is already an account with this email address.');
  });

  test('names the request id for the server’s log', async () => {
    expect((await failed(refusal(Code.Internal, 'INTERNAL'))).requestId).toBe('request-1');
  });

  test('with malformed details is classified by its code', async () => {
    const details = [{ typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value: Uint8Array.of(255, 255, 255) }];
    const problem = await failed(refusalWith(create(StatusSchema, { code: Code.NotFound, details })));
    expect(problem.kind).toBe('not-found');
  });

  test('that connect finds in a reply counts as a broken connection, whatever its code', () => {
    for (const code of [Code.InvalidArgument, Code.Unknown, Code.Unimplemented, Code.DataLoss]) {
      const problem = problemOf(new ConnectError('protocol error', code));
      expect([problem.kind, problem.isPassing]).toEqual(['unreachable', true]);
    }
  });

  test('of a session endpoint is classified by reason, then by status', () => {
    expect(problemOfSession(401, { reason: 'SESSION_ENDED' }).kind).toBe('sign-in');
    expect(problemOfSession(502, '<html>').kind).toBe('server');
    expect(problemOfSession(503, undefined).isPassing).toBe(true);
    const changed = 'The proxy in front of Viva changes the host';
    expect(problemOfSession(403, { reason: 'HOST_CHANGED', message: changed }).message).toBe(changed);
    expect(problemOfSession(422, { violations: [{ field: 'username', description: 'Too short' }] }).about('username')).toBe('Too short');
  });

  test('that may be temporary is repeated with the same key, any other is not', () => {
    const isPassing = (code: number) => problemOf(bare(code)).isPassing;
    for (const code of [
      Code.Unavailable,
      Code.DeadlineExceeded,
      Code.Internal,
      Code.ResourceExhausted,
      Code.Unauthenticated,
      Code.Canceled,
    ])
      expect(isPassing(code)).toBe(true);
    for (const code of [Code.InvalidArgument, Code.NotFound, Code.AlreadyExists, Code.PermissionDenied])
      expect(isPassing(code)).toBe(false);
  });
});
