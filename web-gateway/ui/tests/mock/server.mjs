// A server for looking at the page, with the real wire format, the gateway's policy and made-up replies. Only for tests and
// pictures.
//
//   node tests/mock/server.mjs [PORT]
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { ErrorInfoSchema } from '../../gen/google/rpc/error_details_pb.js';
import * as A from '../../gen/viva/v1/answer_pb.js';
import { AuthService } from '../../gen/viva/v1/auth_pb.js';
import * as I from '../../gen/viva/v1/interview_pb.js';
import { MemoryService } from '../../gen/viva/v1/memory_pb.js';
import { ReportService } from '../../gen/viva/v1/report_pb.js';
import { evaluation, id, interview, interviews } from './data.mjs';
import { counts, recalled, reviews } from './reviews.mjs';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html' };

function fault(code, reason, message) {
  return new ConnectError(message, code, undefined, [{ desc: ErrorInfoSchema, value: { reason, domain: 'viva' } }]);
}

/** Starts a server with its own interviews. `options` can be changed while it runs. */
export async function start(port = 0, options = { list: interviews(), delayMs: 1500 }) {
  options.reviewed ??= [];
  let token = 'mock-token';
  const signedIn = { now: options.signedIn ?? true };
  const find = (key) => {
    const found = options.list.find((one) => one.id === key);
    if (!found) throw fault(Code.NotFound, 'INTERVIEW_NOT_FOUND', 'Interview not found');
    return found;
  };
  const means = (one) => {
    const all = [...one.answers.values()].map((a) => a.evaluation).filter((e) => e.scores);
    const mean = (get) => all.reduce((sum, e) => sum + get(e.scores), 0) / all.length;
    const names = ['correctness', 'completeness', 'quality', 'communication'];
    const scores = Object.fromEntries(names.map((name) => [name, mean((s) => s[name])]));
    return all.length ? { scores, overall: names.reduce((sum, n) => sum + scores[n], 0) / 4, evaluated: all.length } : { evaluated: 0 };
  };
  const summary = (one) => {
    const { overall, evaluated } = means(one);
    return create(I.InterviewSchema, {
      ...one,
      questions: [],
      progress: {
        questions: one.questions.length,
        answered: one.answers.size,
        evaluated,
        ...(overall === undefined ? {} : { overallScore: overall }),
      },
    });
  };
  const watchers = new Set();
  const change = (one, answer) => {
    one.answers.set(answer.questionId, answer);
    for (const tell of watchers) tell(one.id, answer);
  };
  const guard = (context) => {
    if (context.requestHeader.get('authorization') !== `Bearer ${token}`)
      throw fault(Code.Unauthenticated, 'TOKEN_EXPIRED', 'Token has expired');
  };
  const routes = (router) => {
    router.service(AuthService, {
      register: () => ({ userId: 7n, message: 'Account created' }),
      getMe: (_, c) => (
        guard(c),
        {
          user: {
            id: 7n,
            username: options.username ?? 'ada',
            email: 'ada@example.org',
            createdAt: timestampFromMs(Date.now() - 9e9),
            timeZone: 'Europe/Berlin',
          },
        }
      ),
      setTimeZone: (q) => ({ user: { id: 7n, username: 'ada', timeZone: q.timeZone } }),
      listApiKeys: () => ({
        apiKeys: Array.from({ length: 20 }, (_, at) => ({
          id: BigInt(at + 1),
          name: at === 1 ? 'nightly-'.repeat(12) : `script ${at + 1}`,
          prefix: `viva_${1000 + at}`,
          scopes: [[1], [1, 2], [1, 2, 3]][at % 3],
          createdAt: timestampFromMs(Date.now() - at * 864e5),
          ...(at % 4 ? { expiresAt: timestampFromMs(Date.now() + (10 - at) * 864e5) } : {}),
        })),
      }),
      listSessions: () => ({
        sessions: Array.from({ length: 60 }, (_, at) => ({
          id: BigInt(at + 1),
          client: at === 2 ? 'UnbrokenClientName'.repeat(6) : ['Firefox on Linux', 'Chrome on Android', 'viva 0.2.0'][at % 3],
          isCurrent: at === 0,
          signedInAt: timestampFromMs(Date.now() - at * 864e5),
          lastUsedAt: timestampFromMs(Date.now() - at * 8e7),
        })),
      }),
    });
    router.service(I.InterviewService, {
      listInterviews: (_, c) => (guard(c), { interviews: [...options.list].reverse().map(summary) }),
      deleteInterview: (q, c) => (guard(c), (options.list = options.list.filter((one) => one.id !== q.interviewId)), {}),
      createInterview: (q, c) => {
        guard(c);
        const made = interview(q.role, q.level, 0, Array(q.numQuestions).fill(undefined));
        options.list.push(made);
        return { interview: { ...made, answers: undefined } };
      },
      getHint: (q, c) => {
        guard(c);
        const question = options.list.flatMap((one) => one.questions).find((one) => one.id === q.questionId);
        const number = q.number || question.hintsGiven + 1;
        question.hintsGiven = Math.max(question.hintsGiven, number);
        return {
          text: [
            'What does the alert itself already tell you, and what does it hide?',
            'Think of who is affected before you think of why.',
            'Which change was the last one?',
          ][number - 1],
          number,
          available: 3,
        };
      },
      revealQuestion: (q, c) => {
        guard(c);
        const question = options.list.flatMap((one) => one.questions).find((one) => one.id === q.questionId);
        question.shown = create(I.ShownAnswerSchema, { shownAt: timestampFromMs(Date.now()), reference: evaluation(5).referenceAnswer });
        return { question };
      },
      addFollowUp: (q, c) => {
        guard(c);
        const one = options.list.find(({ questions }) => questions.some((question) => question.id === q.questionId));
        const at = one.questions.findIndex((question) => question.id === q.questionId);
        const question = create(I.QuestionSchema, {
          id: id(),
          order: at + 2,
          text: 'You say “hold it shorter”. What would you move out from under the lock, and what has to stay?',
          topic: one.questions[at].topic,
          source: I.QuestionSource.FOLLOW_UP,
          parentQuestionId: q.questionId,
        });
        one.questions.splice(at + 1, 0, question);
        return { question, quote: 'hold it shorter' };
      },
      previewInterview: (q, c) => (
        guard(c),
        {
          source: 1,
          level: q.interview.level || 2,
          fittingQuestions: 47,
          newQuestions: 42,
          summary:
            '47 questions fit: Databases, Concurrency, Networking, API design, System design and 9 more topics. You have had 5 of them.',
        }
      ),
      listTemplates: () => ({
        templates: [
          {
            id: 'phone-screen',
            title: 'Phone screen, backend',
            role: 'Backend engineer',
            level: 2,
            topics: ['databases', 'concurrency'],
            availableQuestions: 7,
            minutes: 30,
            description: 'Half an hour of basics: whether you can name what happens below your own code and say it briefly.',
            parts: [
              { topic: 'databases', level: 1, minutes: 10 },
              { topic: 'concurrency', level: 2, minutes: 15 },
            ],
          },
          ...['Backend engineer', 'Data engineer', 'Front-end engineer', 'Site reliability engineer', 'Systems engineer'].map((role) => ({
            id: role.toLowerCase().replaceAll(' ', '-'),
            title: role,
            role,
            level: 2,
            topics: ['concurrency', 'databases', 'networking', 'distributed-systems', 'system-design'],
            availableQuestions: 48,
          })),
          ...['concurrency', 'rust', 'security', 'observability', 'api-design', 'operating-systems', 'machine-learning'].map((t) => ({
            id: `topic-${t}`,
            title: `${t} in depth`,
            role: 'Software engineer',
            level: 2,
            topics: [t],
            availableQuestions: 14,
          })),
        ],
      }),
    });
    router.service(ReportService, {
      compareAttempts: (q, c) => {
        guard(c);
        const [earlier, later] = options.list.map((one) => one.attempts?.get(q.questionId)).find(Boolean) ?? [];
        if (!later) throw fault(Code.FailedPrecondition, 'NOTHING_TO_COMPARE', 'There are no two evaluated attempts to compare');
        const [gained, kept, lost, lacking] = later.evaluation.keyPoints.map(({ point, weight, coverage, evidence }) => ({
          point,
          weight,
          laterCoverage: coverage,
          laterEvidence: evidence,
          earlierCoverage: coverage,
          earlierEvidence: evidence,
        }));
        Object.assign(gained, { change: 1, earlierCoverage: 0, earlierEvidence: '' });
        Object.assign(lost, { change: 2, laterCoverage: 0, laterEvidence: '' });
        kept.change = 3;
        lacking.change = 4;
        const attempts = [earlier, later].map(({ id, attempt, evaluation: { scores } }) => ({
          answerId: id,
          attempt,
          score: (scores.correctness + scores.completeness + scores.quality + scores.communication) / 4,
        }));
        return { earlier, later, verdict: 1, points: [gained, kept, lost, lacking], attempts, bestAttempt: 2 };
      },
      getReport: (q, c) => {
        guard(c);
        const one = find(q.interviewId);
        const { overall, scores } = means(one);
        return {
          report: {
            interviewId: one.id,
            role: one.role,
            level: one.level,
            createdAt: one.createdAt,
            mode: one.mode ?? 1,
            feedbackWithheld: one.feedbackWithheld ?? false,
            ...(one.clock ? { clock: one.clock } : {}),
            questions: one.questions.map((question) => ({ question, answer: one.answers.get(question.id) })),
            ...(overall === undefined ? {} : { overallScore: overall, averageScores: scores }),
            strengths:
              overall === undefined
                ? []
                : ['You measure before you change anything.', 'You say why a thing happens, not only that it does.'],
            improvements:
              overall === undefined ? [] : ['Name more than one way out, and what each costs.', 'Give a figure from your own work.'],
          },
        };
      },
      getProgress: (_, c) => {
        guard(c);
        const scored = options.list.filter((one) => means(one).evaluated > 0);
        const points = scored.map((one) => ({
          interviewId: one.id,
          role: one.role,
          createdAt: one.createdAt,
          overallScore: means(one).overall,
        }));
        const topics = [
          ['observability', 1, 5.6, 0, 0],
          ['rust', 2, 6, 0, 0],
          ['concurrency', 5, 6.5, -1.1, 2],
          ['networking', 8, 6.9, 0.8, 1],
          ['operating-systems', 5, 7, 0.4, 3],
          ['databases', 4, 7.4, 0.1, 3],
        ];
        const ago = (days) => timestampFromMs(Date.now() - days * 86_400_000);
        const grader = { kind: A.GraderKind.OFFLINE, name: 'viva-offline', version: '3.1' };
        const line = (topic, answers, averageScore, trend, by) => ({
          topic,
          answers,
          grader: by,
          points: Array.from({ length: answers }, (_, at) => ({
            interviewId: BigInt(at + 1),
            createdAt: ago((answers - 1 - at) * 7.5 + averageScore / 3),
            averageScore: averageScore + trend * (at / Math.max(1, answers - 1) - 0.5) * 1.6 + Math.sin(at * 7) * 0.3,
            answers: 1 + (at % 2),
          })),
        });
        return {
          points,
          topics: topics.map(([topic, answers, averageScore, trend, change]) => ({ topic, answers, averageScore, trend, change })),
          grader,
          answersOfOthers: 2,
          series: [
            ...topics.map(([topic, answers, averageScore, trend]) => line(topic, answers, averageScore, trend, grader)),
            line('concurrency', 2, 5, 0, { kind: A.GraderKind.MODEL, name: 'a-model', version: '1' }),
          ],
          totals: { answers: 41, durationMs: 12_900_000n, activeDays: 12, weekAnswers: 9, weekDurationMs: 2_460_000n },
        };
      },
    });
    router.service(MemoryService, {
      getMemory: (_, c) => (
        guard(c),
        {
          counts: counts(options),
          topics: [
            ['Observability', 6, 2, 0.41],
            ['Concurrency', 9, 1, 0.62],
            ['Databases', 4, 0, 0.87],
          ].map(([title, points, due, strength]) => ({ topic: title.toLowerCase(), title, points, due, strength })),
          today: '2026-12-01',
          timeZone: 'Europe/Berlin',
        }
      ),
      listReviews: (q, c) => (guard(c), { reviews: reviews(options, q.mode), counts: counts(options) }),
      submitReview: (q, c) => {
        guard(c);
        options.reviewed.push(q.pointId);
        return recalled(q.answerText, counts(options));
      },
      postponeReview: (q, c) => (guard(c), options.reviewed.push(q.pointId), { dueDay: '2026-12-08' }),
      forgetPoint: (q, c) => (guard(c), options.reviewed.push(q.pointId), {}),
    });
    router.service(A.AnswerService, {
      submitAnswer: (q, c) => {
        guard(c);
        if (options.refuse) throw options.refuse;
        const one = find(q.interviewId);
        const before = one.answers.get(q.questionId);
        const answer = create(A.AnswerSchema, {
          id: id(),
          questionId: q.questionId,
          answerText: q.answerText,
          submittedAt: timestampFromMs(Date.now()),
          attempt: (before?.attempt ?? 0) + 1,
          evaluation: { status: A.EvaluationStatus.PENDING, attempts: 1 },
        });
        change(one, answer);
        setTimeout(() => change(one, create(A.AnswerSchema, { ...answer, evaluation: evaluation(6.4) })), options.delayMs);
        return { answerId: answer.id, status: 'submitted', message: 'Answer submitted' };
      },
      searchAnswers: (q, c) => {
        guard(c);
        const at = (text) => text.toLowerCase().indexOf(q.query.toLowerCase());
        const place = (text) => (at(text) < 0 ? [] : [{ start: at(text), end: at(text) + q.query.length }]);
        const hits = options.list.flatMap((one) =>
          one.questions
            .filter(({ text }) => at(text) >= 0)
            .map((question, order) => {
              const snippet = one.answers.get(question.id)?.answerText.slice(0, 180) ?? '';
              return {
                interviewId: one.id,
                role: one.role,
                createdAt: one.createdAt,
                questionId: question.id,
                questionText: question.text,
                order: order + 1,
                topic: question.topic,
                questionMatches: place(question.text),
                snippet,
                snippetMatches: place(snippet),
                score: 6.4,
              };
            }),
        );
        return { hits: hits.slice(0, 3), nextPageToken: hits.length > 3 ? 'more' : '' };
      },
      retryEvaluation: (q, c) => {
        guard(c);
        for (const one of options.list)
          for (const answer of one.answers.values())
            if (answer.id === q.answerId) {
              const again = create(A.AnswerSchema, { ...answer, evaluation: { status: A.EvaluationStatus.PENDING, attempts: 1 } });
              change(one, again);
              return { answer: again };
            }
        throw fault(Code.NotFound, 'ANSWER_NOT_FOUND', 'Answer not found');
      },
      async *watchInterview(q, c) {
        guard(c);
        const one = find(q.interviewId);
        const news = [...one.answers.values()];
        let wake = () => {};
        const tell = (key, answer) => key === one.id && (news.push(answer), wake());
        watchers.add(tell);
        c.signal.addEventListener('abort', () => wake());
        try {
          while (!c.signal.aborted) {
            for (let answer = news.shift(); answer; answer = news.shift()) yield { answer };
            await new Promise((done) => (wake = done));
          }
        } finally {
          watchers.delete(tell);
        }
      },
    });
  };

  const session = async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const sent = body ? JSON.parse(body) : {};
    const refuse = (status, reason, message) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ code: 'UNAUTHENTICATED', reason, message, violations: [] }));
    };
    if (request.url === '/session/logout') return ((signedIn.now = false), response.writeHead(204).end());
    if (request.url === '/session/login' && sent.password === 'wrong-password')
      return refuse(401, 'INVALID_CREDENTIALS', 'Invalid username or password');
    if (request.url === '/session/refresh' && !signedIn.now) return refuse(401, 'CREDENTIAL_MISSING', 'Authentication required');
    signedIn.now = true;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ access_token: token, expires_at: new Date(Date.now() + 1800_000).toISOString(), username: 'ada' }));
  };
  const asset = async (request, response) => {
    const path = new URL(request.url, 'http://x').pathname;
    const file = extname(path) ? path : '/index.html';
    try {
      const content = await readFile(join(DIST, file));
      response.writeHead(200, {
        'content-type': TYPES[extname(file)] ?? 'text/plain',
        'content-security-policy': POLICY,
        'x-content-type-options': 'nosniff',
      });
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  };
  const rpc = connectNodeAdapter({ routes });
  const server = createServer((request, response) => {
    if (request.method === 'GET') void asset(request, response);
    else if (request.url.startsWith('/session/')) void session(request, response);
    else rpc(request, response);
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    options,
    signedIn,
    expire: () => (token = `mock-token-${Math.random()}`),
    stop: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await start(Number(process.argv[2] ?? 0));
  console.log(url);
}
