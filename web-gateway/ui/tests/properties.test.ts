// Properties 16 to 22 of the original design, each a hundred cases, over the page as it is shown.
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { create } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import type { Evaluation } from '#gen/viva/v1/answer_pb.js';
import { GetMeResponseSchema } from '#gen/viva/v1/auth_pb.js';
import {
  InterviewSchema,
  ListInterviewsResponseSchema,
  ListTemplatesResponseSchema,
  QuestionSchema,
  type Interview,
} from '#gen/viva/v1/interview_pb.js';
import { GetReportResponseSchema, QuestionReportSchema, ReportSchema, type Report } from '#gen/viva/v1/report_pb.js';
import App from '../src/App.svelte';
import { suggestionsOf } from '../src/lib/findings.js';
import { Lighting } from '../src/state/lighting.svelte.js';
import { bandOf, meanOf, named, scoreText } from '../src/lib/bands.js';
import { problemOf } from '../src/lib/errors.js';
import { createInterview, progressOf, retryEvaluation } from '../src/lib/later.js';
import { parseMarkdown, type Block, type Inline } from '../src/lib/markdown.js';
import { standingOf } from '../src/lib/standing.js';
import EvaluationPart from '../src/parts/Evaluation.svelte';
import Outcome from '../src/parts/Outcome.svelte';
import { completed, pending } from './support/messages.js';
import { settled, shown, shownWithin, vivaOver } from './support/mount.js';
import { json, opened, refusal, replyWith } from './support/wire.js';

const RUNS = { numRuns: 100 };
const TIMEOUT = 120_000;

beforeEach(() => localStorage.clear());

type Answering = (path: string, init: RequestInit) => Response | Promise<Response>;

/** A network with a session; other calls go to `call`. */
function network(call: Answering, token = 'a.b.c', refresh: () => Response = () => opened(token)): typeof fetch {
  return async (input, init = {}) => {
    const path = new URL(String(input), 'http://viva.example').pathname;
    if (path.startsWith('/session/')) return refresh();
    if (path.endsWith('/GetMe')) return replyWith(GetMeResponseSchema, { user: { id: 7n, username: 'ada', email: 'a@b.c' } });
    if (path.endsWith('/ListTemplates')) return replyWith(ListTemplatesResponseSchema, { templates: [] });
    return call(path, init);
  };
}

/** Opens the page at a path and waits until it is idle. */
async function pageAt(path: string, call: typeof fetch): Promise<HTMLElement> {
  history.replaceState(null, '', path);
  const viva = vivaOver(call);
  await viva.screens.load();
  const page = shown(App, { viva });
  await viva.start(undefined);
  await settled(8);
  return page;
}

function words(text: string | null | undefined): string {
  // Backticks make code, and are not shown.
  return (text ?? '').replaceAll('`', '').replace(/\s+/g, ' ').trim();
}

const line = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }).filter((text) => words(text) !== '');
const id = fc.bigInt({ min: 1n, max: 2n ** 62n });

const interviews: fc.Arbitrary<Interview[]> = fc.uniqueArray(
  fc
    .tuple(id, line, fc.integer({ min: 0, max: 4 }), fc.double({ min: 0, max: 10, noNaN: true }))
    .map(([id, role, level, overallScore]) =>
      create(InterviewSchema, { id, role, level, progress: { questions: 5, answered: 5, evaluated: 5, overallScore } }),
    ),
  { selector: (one) => one.id, minLength: 1, maxLength: 4 },
);

const report: fc.Arbitrary<Report> = fc
  .tuple(
    id,
    line,
    fc.array(line, { minLength: 1, maxLength: 3 }),
    fc.double({ min: 0, max: 10, noNaN: true }),
    fc.array(line, { maxLength: 2 }),
  )
  .map(([interviewId, role, questions, score, strengths]) =>
    create(ReportSchema, {
      interviewId,
      role,
      level: 2,
      questions: questions.map((text, at) => ({ question: { id: BigInt(at + 1), text, order: at + 1, source: 1 } })),
      overallScore: score,
      averageScores: { correctness: score, completeness: score, quality: score, communication: score },
      strengths,
    }),
  );

/** Everything that can go wrong with a call except the session. */
const failure: fc.Arbitrary<() => Response> = fc.oneof(
  fc.constant(() => {
    throw new TypeError('Failed to fetch');
  }),
  fc
    .tuple(
      fc.integer({ min: 1, max: 15 }),
      fc.constantFrom('', 'INTERNAL', 'TIMEOUT', 'RATE_LIMITED', 'DATABASE_UNAVAILABLE', 'SOMETHING_NEW'),
      line,
    )
    .map(
      ([code, reason, message]) =>
        () =>
          refusal(code, reason, message),
    ),
  fc.constantFrom(400, 403, 404, 415, 429, 500, 502, 503, 504).map((status) => () => new Response('<html>', { status })),
);

/** The text of Markdown without its marks. */
function plain(blocks: Block[]): string[] {
  const inline = (one: Inline): string => ('text' in one ? one.text : one.inlines.map(inline).join(''));
  return blocks.flatMap((block) => {
    if ('inlines' in block) return [block.inlines.map(inline).join('')];
    if (block.is === 'code') return [block.language, block.text];
    return block.is === 'quotation' ? plain(block.blocks) : block.items.flatMap(plain);
  });
}

describe('of the original design', () => {
  // Feature: ai-interview-platform, Property 16: JWT token inclusion in requests
  test(
    'Property 16: an authenticated request carries the JWT token in its Authorization header',
    async () => {
      const jwt = fc.stringMatching(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);
      await fc.assert(
        fc.asyncProperty(jwt, id, async (token, some) => {
          const seen: (string | null)[] = [];
          const call = network((_, init) => {
            seen.push(new Headers(init.headers).get('authorization'));
            return refusal(Code.NotFound, 'INTERVIEW_NOT_FOUND');
          }, token);
          const viva = vivaOver(call);
          await viva.start(undefined);
          const { api } = viva;
          const watch = async () => {
            for await (const reply of api.watch(some, new AbortController().signal)) void reply;
          };
          const answer = { interviewId: some, questionId: some, text: 'text', key: 'key', durationMs: 1 };
          const plan = { role: 'r', templateId: '', level: 1, numQuestions: 1, topics: [], jobDescription: '', idempotencyKey: 'k' };
          await Promise.allSettled([
            api.report(some),
            api.interviews(''),
            createInterview(api, plan),
            api.remove(some),
            retryEvaluation(api, some),
            api.submit(answer),
            progressOf(api),
            watch(),
          ]);
          expect(seen).toHaveLength(8);
          expect(new Set(seen)).toEqual(new Set([`Bearer ${token}`]));
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  // Feature: ai-interview-platform, Property 17: API response parsing and display
  test(
    'Property 17: a successful response is parsed and shown by the part of the page that is for it',
    async () => {
      await fc.assert(
        fc.asyncProperty(interviews, report, async (list, one) => {
          const call = network((path) =>
            path.endsWith('/ListInterviews')
              ? replyWith(ListInterviewsResponseSchema, { interviews: list, nextPageToken: '' })
              : replyWith(GetReportResponseSchema, { report: one }),
          );
          const rows = [...(await pageAt('/', call)).querySelectorAll('li[data-id]')];
          const seen = rows.map((row) => ['.title', '.value b'].map((part) => words(row.querySelector(part)?.textContent)));
          expect(seen).toEqual(list.map(({ role, progress }) => [words(role), scoreText(progress?.overallScore ?? -1)]));
          const page = words((await pageAt(`/interviews/${one.interviewId}/report`, call)).textContent);
          for (const text of [
            one.role,
            scoreText(one.overallScore ?? -1),
            ...one.strengths,
            ...one.questions.map(({ question }) => question?.text),
          ]) {
            expect(page).toContain(words(text));
          }
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  // Feature: ai-interview-platform, Property 18: API error handling
  test(
    'Property 18: for a failed request a message is shown that fits it',
    async () => {
      const screen = fc.constantFrom('/', '/interviews/5', '/interviews/5/report', '/progress');
      await fc.assert(
        fc.asyncProperty(failure, screen, async (fail, path) => {
          const page = await pageAt(path, network(fail));
          const told = words(page.querySelector('[role="alert"]')?.textContent);
          // The list fails as well.
          const client = vivaOver(network(fail));
          await client.start(undefined);
          const { message } = problemOf(await client.api.report(5n).catch((cause: unknown) => cause));
          expect(message).not.toBe('');
          expect(told).toContain(words(message));
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  // Feature: ai-interview-platform, Property 19: Authentication error redirect
  test(
    'Property 19: a response that is 401 unauthorized leads to signing in, and from there back',
    async () => {
      const reason = fc.constantFrom('TOKEN_EXPIRED', 'TOKEN_INVALID', 'CREDENTIAL_MISSING', 'SESSION_ENDED', '', 'SOMETHING_NEW');
      const path = fc.oneof(
        fc.constantFrom('/progress', '/interviews/5/report'),
        id.map((one) => `/interviews/${one}`),
      );
      await fc.assert(
        fc.asyncProperty(reason, path, fc.boolean(), async (why, from, isHttp) => {
          let sessions = 0;
          const refuse = () => (isHttp ? new Response('', { status: 401 }) : refusal(Code.Unauthenticated, why));
          // The session exists when the page opens, and has ended when it asks for a fresh token.
          const refresh = () => (sessions++ === 0 ? opened('a.b.c') : json(401, { reason: 'SESSION_ENDED' }));
          const page = await pageAt(from, network(refuse, 'a.b.c', refresh));
          expect(location.pathname).toBe('/sign-in');
          expect(new URLSearchParams(location.search).get('next')).toBe(from);
          expect(words(page.querySelector('h1')?.textContent)).toBe('Sign in');
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  // Feature: ai-interview-platform, Property 20: Loading state display
  test(
    'Property 20: while something is loaded the page says so, and no longer when it is there',
    async () => {
      const screen = fc.constantFrom('/', '/interviews/5', '/interviews/5/report', '/progress');
      const outcome = fc.oneof(
        report.map(
          (one) => (path: string) =>
            path.endsWith('/ListInterviews')
              ? replyWith(ListInterviewsResponseSchema, { interviews: [], nextPageToken: '' })
              : path.endsWith('/GetReport')
                ? replyWith(GetReportResponseSchema, { report: one })
                : refusal(Code.Unimplemented, 'UNIMPLEMENTED'),
        ),
        failure,
      );
      await fc.assert(
        fc.asyncProperty(screen, outcome, async (path, reply) => {
          let release = () => {};
          const held = new Promise<void>((done) => (release = done));
          const page = await pageAt(
            path,
            network(async (asked) => (await held, reply(asked))),
          );
          const isLoading = () => [...page.querySelectorAll('[role="status"]')].some((status) => /Loading/.test(status.textContent ?? ''));
          expect(isLoading()).toBe(true);
          release();
          await settled(6);
          expect(isLoading()).toBe(false);
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  // Feature: ai-interview-platform, Property 21: Evaluation display completeness
  test(
    'Property 21: a completed evaluation shows its scores, feedback, suggestions and bars',
    () => {
      fc.assert(
        fc.property(completed, (evaluation: Evaluation) => {
          const page = shown(EvaluationPart, { evaluation, numbers: new Map(), lighting: new Lighting() });
          const bars = [...page.querySelectorAll('.bar')];
          const scores = evaluation.scores ?? { correctness: -1, completeness: -1, quality: -1, communication: -1 };
          const expected = [['this answer', meanOf(scores)] as const, ...named(scores)];
          expect(bars).toHaveLength(5);
          expected.forEach(([name, score], at) => {
            // The overall score has its range beside it, if there is one.
            const range =
              at === 0 && evaluation.range ? `(${scoreText(evaluation.range.low ?? 0)}–${scoreText(evaluation.range.high ?? 0)})` : '';
            expect(words(bars[at]?.textContent).replace(' (', '(')).toBe(`${name} ${scoreText(score)}${range} ${bandOf(score)}`);
            expect(bars[at]?.classList.contains(bandOf(score))).toBe(true);
            const filled = [...(bars[at]?.querySelectorAll('.fill') ?? [])].map((rect) => Number(rect.getAttribute('width')));
            // Minus the gaps between the bands, of 0.8 each.
            expect(filled.reduce((sum, width) => sum + width, 0)).toBeGreaterThanOrEqual(score * 10 - 3.3);
          });
          const feedback = words(page.querySelector('.markdown')?.textContent);
          for (const text of plain(parseMarkdown(evaluation.feedback))) expect(feedback).toContain(words(text));
          const items = [...page.querySelectorAll('ul.suggestions > li')].map((item) => words(item.textContent));
          // What the list of points says is said only there.
          expect(items).toEqual(suggestionsOf(evaluation).map(words));
          const points = words(page.querySelector('.points')?.textContent).toLowerCase();
          for (const { point } of evaluation.keyPoints) expect(points).toContain(words(point.replace(/`([^`\n]+)`/g, '$1')).toLowerCase());
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );

  // Feature: ai-interview-platform, Property 22: Pending evaluation status display
  test(
    'Property 22: an answer whose evaluation is pending says that it is',
    async () => {
      const viva = vivaOver(network(() => refusal(Code.Unavailable, '')));
      await viva.start(undefined);
      fc.assert(
        fc.property(pending, (answer) => {
          const question = create(QuestionSchema, { id: 1n, text: 'Why?', order: 1, source: 1 });
          const reported = create(QuestionReportSchema, { question, answer });
          const slot = { number: 1, question, report: reported, standing: standingOf(reported, undefined) };
          const page = shownWithin(viva, Outcome, { slot, onretry: () => {} });
          expect(words(page.querySelector('.state')?.textContent)).toMatch(
            /being evaluated|waiting to be evaluated|attempt \d+ (now|in )/i,
          );
          expect(page.querySelector('.bar')).toBeNull();
        }),
        RUNS,
      );
    },
    TIMEOUT,
  );
});
