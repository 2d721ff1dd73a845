// Every client passes the same cases against the real gateway or the real server.
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AnswerService, EvaluationStatus, type WatchInterviewResponse } from '#gen/viva/v1/answer_pb.js';
import { AuthService } from '#gen/viva/v1/auth_pb.js';
import { InterviewService, Level } from '#gen/viva/v1/interview_pb.js';
import { ReportService } from '#gen/viva/v1/report_pb.js';
import { freePort, newFolder, startGateway, startServer, type Program } from '../e2e/support/programs.js';
import { clients, Failure, type WireClient } from './clients.js';

const ANSWER = 'I would measure first: Übung macht Meister. 😀';
const folders = [newFolder(), newFolder()] as const;
let server: Program;
let gateway: Program;
let all: WireClient[];

const NAMES = [
  'grpc-web, text',
  'grpc-web, binary',
  'connect-web',
  'connect-web, Connect, JSON',
  'connect-web, Connect, binary',
  'connect-node, JSON, HTTP/1.1',
  'connect-node, binary, HTTP/2',
];

beforeAll(async () => {
  server = await startServer(await freePort(), folders[0].path);
  gateway = await startGateway(await freePort(), folders[1].path, server.url);
  all = clients(gateway.url, server.url);
});

afterAll(async () => {
  await Promise.all([server.kill(), gateway.kill()]);
  folders.forEach(({ remove }) => remove());
});

/** The first reply. */
async function one<T>(replies: AsyncIterable<T>): Promise<T> {
  for await (const reply of replies) return reply;
  throw new Error('there was no reply');
}

async function failure(replies: AsyncIterable<unknown>): Promise<Failure> {
  const caught = await one(replies).catch((cause: unknown) => cause);
  expect(caught).toBeInstanceOf(Failure);
  return caught as Failure;
}

describe.each(NAMES)('%s', (name) => {
  const username = `user${NAMES.indexOf(name)}`;
  const password = 'correct horse battery';
  let client: WireClient;
  let token: string;

  beforeAll(async () => {
    client = all.find((one) => one.name === name) as WireClient;
    await one(client.call(AuthService.method.register, { username, email: `${username}@example.org`, password }));
    const { session } = await one(client.call(AuthService.method.login, { username, password }));
    token = session?.accessToken ?? '';
  });

  const begin = async (numQuestions = 1) => {
    const request = { role: 'Backend engineer', numQuestions, level: Level.SENIOR, topics: ['databases'] };
    const { interview } = await one(client.call(InterviewService.method.createInterview, request, { token }));
    if (!interview) throw new Error('there is no interview');
    return interview;
  };

  test('a unary call returns its whole reply', async () => {
    const { user } = await one(client.call(AuthService.method.getMe, {}, { token }));
    expect(user).toMatchObject({ username, email: `${username}@example.org` });
    expect(user?.createdAt?.seconds).toBeGreaterThan(1_700_000_000n);
    const interview = await begin(3);
    expect(interview).toMatchObject({ role: 'Backend engineer', level: Level.SENIOR, language: 'en' });
    expect(interview.questions.map(({ order }) => order)).toEqual([1, 2, 3]);
  });

  test('an error has its code, message and reason', async () => {
    const missing = await failure(client.call(ReportService.method.getReport, { interviewId: 999_999n }, { token }));
    expect(missing).toMatchObject({ code: Code.NotFound, message: 'Interview not found', reason: 'INTERVIEW_NOT_FOUND' });
    const nobody = await failure(client.call(AuthService.method.getMe, {}));
    expect(nobody).toMatchObject({ code: Code.Unauthenticated, message: 'Authentication required', reason: 'CREDENTIAL_MISSING' });
    const rubbish = await failure(client.call(AuthService.method.getMe, {}, { token: 'rubbish' }));
    expect(rubbish).toMatchObject({ code: Code.Unauthenticated, reason: 'TOKEN_INVALID' });
  });

  test('a request that breaks rules gets every field reported', async () => {
    const broken = await failure(client.call(InterviewService.method.createInterview, { role: '', numQuestions: 11 }, { token }));
    expect(broken).toMatchObject({ code: Code.InvalidArgument, message: 'Invalid request', reason: 'VALIDATION_FAILED' });
    expect(broken.fields.sort()).toEqual(['num_questions', 'role']);
  });

  test('a stream delivers each change, and ends when nothing is pending', async () => {
    const interview = await begin();
    const questionId = interview.questions[0]?.id ?? 0n;
    const submission = { interviewId: interview.id, questionId, answerText: ANSWER, idempotencyKey: 'key' };
    const { answerId, status } = await one(client.call(AnswerService.method.submitAnswer, submission, { token }));
    expect(status).toBe('submitted');
    const seen: WatchInterviewResponse[] = [];
    for await (const reply of client.call(AnswerService.method.watchInterview, { interviewId: interview.id }, { token })) seen.push(reply);
    expect(seen.at(-1)?.answer).toMatchObject({ id: answerId, answerText: ANSWER });
    expect(seen.at(-1)?.answer?.evaluation?.status).toBe(EvaluationStatus.COMPLETED);
    expect(seen.at(-1)?.answer?.evaluation?.scores?.communication).toBeGreaterThanOrEqual(0);
    const { report } = await one(client.call(ReportService.method.getReport, { interviewId: interview.id }, { token }));
    expect(report?.questions[0]?.answer?.answerText).toBe(ANSWER);
  });

  test('a rejected stream says so too', async () => {
    const refused = await failure(client.call(AnswerService.method.watchInterview, { interviewId: 999_999n }, { token }));
    expect(refused).toMatchObject({ code: Code.NotFound, reason: 'INTERVIEW_NOT_FOUND' });
  });

  test('a deadline ends a call', async () => {
    const interview = await begin();
    const watch = { interviewId: interview.id, follow: true };
    const late = await failure(client.call(AnswerService.method.watchInterview, watch, { token, timeoutMs: 300 }));
    expect(late.code).toBe(Code.DeadlineExceeded);
  });

  test('a client can leave a stream', async () => {
    const interview = await begin();
    const leaving = new AbortController();
    const watch = client.call(
      AnswerService.method.watchInterview,
      { interviewId: interview.id, follow: true },
      { token, signal: leaving.signal },
    );
    setTimeout(() => leaving.abort(), 200);
    expect((await failure(watch)).code).toBe(Code.Canceled);
  });
});

test('a service outside the contract is not passed on', async () => {
  const reply = await fetch(`${gateway.url}/grpc.reflection.v1.ServerReflection/ServerReflectionInfo`, {
    method: 'POST',
    headers: { 'content-type': 'application/grpc-web+proto' },
    body: new Uint8Array(5),
  });
  expect(reply.headers.get('grpc-status')).toBe(String(Code.Unimplemented));
});
