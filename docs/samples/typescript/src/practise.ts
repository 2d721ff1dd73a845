// Practises an interview at a Viva server, and has an answer graded with an API key.
//
//   npm ci && npm run build
//   VIVA_URL=http://127.0.0.1:50051 VIVA_USERNAME=ada VIVA_PASSWORD=... npm start

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Code, ConnectError, createClient, type CallOptions } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { BadRequestSchema, ErrorInfoSchema, RetryInfoSchema } from '../gen/google/rpc/error_details_pb.js';
import { AnswerService, EvaluationStatus, type Answer, type Evaluation } from '../gen/viva/v1/answer_pb.js';
import { AuthService, Scope } from '../gen/viva/v1/auth_pb.js';
import { GradeService } from '../gen/viva/v1/grade_pb.js';
import { InterviewService, type Interview } from '../gen/viva/v1/interview_pb.js';

const { VIVA_URL = 'http://127.0.0.1:50051', VIVA_USERNAME = '', VIVA_PASSWORD = '' } = process.env;
// To a question that is drawn from the bank. The grader declines what is about something else.
const FIRST = 'I would measure first.';
const SPOKEN = 'A mutex lets one thread at a time into a critical section. The others wait until it is released.';

const transport = createGrpcTransport({ baseUrl: VIVA_URL });
const auth = createClient(AuthService, transport);
const interviews = createClient(InterviewService, transport);
const answers = createClient(AnswerService, transport);
const grader = createClient(GradeService, transport);

// The last two are what Connect itself returns for a lost connection.
const PASSING = [Code.Unavailable, Code.DeadlineExceeded, Code.ResourceExhausted, Code.Canceled, Code.Aborted];
const mayPass = (error: ConnectError) => PASSING.includes(error.code);
const reason = (error: ConnectError) => error.findDetails(ErrorInfoSchema)[0]?.reason;

/** Retries until the outcome is known. Only for reads, and for writes with an idempotency key. */
async function call<T>(rpc: (options: CallOptions) => Promise<T>, credential?: string, tries = 5): Promise<T> {
  const headers: Record<string, string> = credential ? { authorization: `Bearer ${credential}` } : {};
  for (let attempt = 1; ; attempt++) {
    try {
      return await rpc({ headers, timeoutMs: 10_000 });
    } catch (cause) {
      const error = ConnectError.from(cause);
      if (!mayPass(error) || attempt === tries) throw error;
      const asked = Number(error.findDetails(RetryInfoSchema)[0]?.retryDelay?.seconds ?? 0);
      await sleep(asked * 1000 + Math.random() * 100 * 2 ** attempt);
    }
  }
}

async function signIn(username: string, password: string): Promise<string> {
  try {
    const account = { username, email: `${username}@example.com`, password };
    await call((options) => auth.register(account, options));
    console.log(`registered ${username}`);
  } catch (error) {
    // An earlier attempt may have created the account.
    if (reason(ConnectError.from(error)) !== 'USERNAME_TAKEN') throw error;
  }
  const { session } = await call((options) => auth.login({ username, password }, options));
  return session!.accessToken;
}

/** Stores one answer once, however often it has to be sent. */
async function submit(token: string, interview: Interview, answerText: string): Promise<bigint> {
  const request = {
    interviewId: interview.id,
    questionId: interview.questions[0]!.id,
    answerText,
    idempotencyKey: randomUUID(),
  };
  return (await call((options) => answers.submitAnswer(request, options), token)).answerId;
}

/** Yields each state of the answers until all are evaluated, over as many streams as it takes. */
async function* watch(token: string, interviewId: bigint): AsyncGenerator<Answer> {
  const options = { headers: { authorization: `Bearer ${token}` }, timeoutMs: 600_000 };
  for (;;) {
    try {
      for await (const { answer } of answers.watchInterview({ interviewId }, options)) yield answer!;
      return;
    } catch (cause) {
      const error = ConnectError.from(cause);
      if (!mayPass(error)) throw error;
      // A new stream starts with the current state, so nothing is missed.
      await sleep(500 + Math.random() * 1000);
    }
  }
}

async function* pages(token: string): AsyncGenerator<Interview[]> {
  let pageToken = '';
  do {
    const request = { pageSize: 1, pageToken };
    const page = await call((options) => interviews.listInterviews(request, options), token);
    yield page.interviews;
    pageToken = page.nextPageToken;
  } while (pageToken);
}

function show({ scores, keyPoints }: Evaluation) {
  const { correctness = 0, completeness = 0, quality = 0, communication = 0 } = scores!;
  console.log(
    `correctness ${correctness.toFixed(1)}, completeness ${completeness.toFixed(1)}, ` +
      `quality ${quality.toFixed(1)}, communication ${communication.toFixed(1)}`,
  );
  for (const { coverage = 0, point } of keyPoints) if (coverage < 0.5) console.log(`missed: ${point}`);
}

const token = await signIn(VIVA_USERNAME, VIVA_PASSWORD);

const wanted = { role: 'Backend engineer', numQuestions: 1, idempotencyKey: randomUUID() };
const { interview } = await call((options) => interviews.createInterview(wanted, options), token);
console.log(`asked: ${interview!.questions[0]!.text}`);

try {
  await submit(token, interview!, 'No idea');
} catch (cause) {
  const error = ConnectError.from(cause);
  if (reason(error) !== 'VALIDATION_FAILED') throw error;
  for (const { field, description } of error.findDetails(BadRequestSchema)[0]?.fieldViolations ?? []) {
    console.log(`refused: ${field}: ${description}`);
  }
}
console.log(`stored answer ${await submit(token, interview!, FIRST)}`);

for await (const answer of watch(token, interview!.id)) {
  console.log(`answer ${answer.id} is ${EvaluationStatus[answer.evaluation!.status]}`);
  if (answer.evaluation!.status === EvaluationStatus.COMPLETED) show(answer.evaluation!);
}
const found: Interview[][] = [];
for await (const page of pages(token)) found.push(page);
console.log(`${found.flat().length} interviews on ${found.length} pages`);

const key = { name: 'sample', scopes: [Scope.GRADE] };
const { apiKey, secret } = await call((options) => auth.createApiKey(key, options), token);
const task = {
  question: 'What is a mutex for?',
  keyPoints: [
    { point: 'Only one thread at a time is in the critical section.' },
    { point: 'A thread that panics while it holds the lock poisons it.' },
  ],
  answer: SPOKEN,
};
console.log(`graded with ${apiKey!.prefix}`);
show((await call((options) => grader.gradeAnswer(task, options), secret)).evaluation!);
await call((options) => auth.revokeApiKey({ apiKeyId: apiKey!.id }, options), token);
