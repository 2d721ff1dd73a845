import { describe, expect, test } from 'vitest';
import { problemOf, problemOfSession, type ProblemKind } from '../src/lib/errors.js';
import { Code, RpcError } from '../src/lib/wire/rpc.js';
import { GrpcWeb } from '../src/lib/wire/grpc-web.js';
import { getMe } from '#gen/viva.js';
import { refusal } from './support/wire.js';

async function failed(response: Response) {
  const client = new GrpcWeb('http://viva.example', async () => response);
  return problemOf(await client.unary(getMe, {}, { timeoutMs: 0 }).catch((cause: unknown) => cause));
}

describe('a failure', () => {
  // Every row of the contract's table of errors.
  test.each<[code: number, reason: string, kind: ProblemKind]>([
    [Code.UNAUTHENTICATED, 'INVALID_CREDENTIALS', 'credentials'],
    [Code.UNAUTHENTICATED, 'TOKEN_EXPIRED', 'token-expired'],
    [Code.UNAUTHENTICATED, 'CREDENTIAL_MISSING', 'sign-in'],
    [Code.UNAUTHENTICATED, 'TOKEN_INVALID', 'sign-in'],
    [Code.UNAUTHENTICATED, 'SESSION_ENDED', 'sign-in'],
    [Code.INVALID_ARGUMENT, 'VALIDATION_FAILED', 'validation'],
    [Code.PERMISSION_DENIED, 'ACCESS_DENIED', 'denied'],
    [Code.NOT_FOUND, 'INTERVIEW_NOT_FOUND', 'not-found'],
    [Code.ALREADY_EXISTS, 'USERNAME_TAKEN', 'conflict'],
    [Code.ALREADY_EXISTS, 'IDEMPOTENCY_KEY_REUSED', 'conflict'],
    [Code.FAILED_PRECONDITION, 'EVALUATION_NOT_FAILED', 'precondition'],
    [Code.PERMISSION_DENIED, 'REGISTRATION_CLOSED', 'precondition'],
    [Code.RESOURCE_EXHAUSTED, 'RATE_LIMITED', 'busy'],
    [Code.UNAVAILABLE, 'DATABASE_UNAVAILABLE', 'unavailable'],
    [Code.UNAVAILABLE, 'SHUTTING_DOWN', 'unavailable'],
    [Code.DEADLINE_EXCEEDED, 'TIMEOUT', 'timeout'],
    [Code.INTERNAL, 'INTERNAL', 'server'],
    // A reason newer than the page: its code says enough.
    [Code.NOT_FOUND, 'SOMETHING_NEW', 'not-found'],
  ])('with code %i and reason %s is of kind %s', async (code, reason, kind) => {
    expect((await failed(refusal(code, reason))).kind).toBe(kind);
  });

  test('has the words of the original design', () => {
    const words = (cause: unknown, online = true) => problemOf(cause, online).message;
    expect(words(new TypeError('Failed to fetch'), false)).toBe('No internet connection. Please check your network.');
    expect(words(new TypeError('Failed to fetch'))).toBe('Unable to reach server. Please try again later.');
    expect(words(new RpcError(Code.DEADLINE_EXCEEDED, ''))).toBe('Request timed out. Please try again.');
    expect(words(new RpcError(Code.PERMISSION_DENIED, ''))).toBe('You don’t have permission to access this resource.');
    expect(words(new RpcError(Code.NOT_FOUND, ''))).toBe('Resource not found.');
    expect(words(new RpcError(Code.INTERNAL, 'at line 7'))).toBe('Something went wrong. Please try again later.');
    expect(words(new Error('a slip of the page’s own'))).toBe('Something went wrong. Please try again later.');
  });

  test('of a field is told beside the field', async () => {
    const problem = await failed(
      refusal(Code.INVALID_ARGUMENT, 'VALIDATION_FAILED', 'Invalid request', [
        { field: 'role', description: 'Role must be 1 to 100 characters' },
      ]),
    );
    expect(problem.about('role')).toBe('Role must be 1 to 100 characters');
    expect(problem.about('level')).toBeUndefined();
  });

  test('of a name that is taken is the field’s', async () => {
    const problem = await failed(refusal(Code.ALREADY_EXISTS, 'EMAIL_TAKEN', 'Email is already registered'));
    expect(problem.about('email')).toBe('Email is already registered');
  });

  test('names the request under which the server’s log has more', async () => {
    expect((await failed(refusal(Code.INTERNAL, 'INTERNAL'))).requestId).toBe('request-1');
  });

  test('whose details are rubbish is still told by its code', () => {
    const problem = problemOf(new RpcError(Code.NOT_FOUND, '', Uint8Array.of(255, 255, 255)));
    expect(problem.kind).toBe('not-found');
  });

  test('of the session’s endpoints is told by reason, then by status', () => {
    expect(problemOfSession(401, { reason: 'SESSION_ENDED' }).kind).toBe('sign-in');
    expect(problemOfSession(502, '<html>').kind).toBe('server');
    expect(problemOfSession(503, undefined).isPassing).toBe(true);
    expect(problemOfSession(422, { violations: [{ field: 'username', description: 'Too short' }] }).about('username')).toBe('Too short');
  });

  test('that may pass is repeated with the same key, one that will not is not', () => {
    const isPassing = (code: number) => problemOf(new RpcError(code, '')).isPassing;
    for (const code of [Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.INTERNAL, Code.RESOURCE_EXHAUSTED, Code.UNAUTHENTICATED, Code.CANCELLED]) expect(isPassing(code)).toBe(true);
    for (const code of [Code.INVALID_ARGUMENT, Code.NOT_FOUND, Code.ALREADY_EXISTS, Code.PERMISSION_DENIED]) expect(isPassing(code)).toBe(false);
  });
});
