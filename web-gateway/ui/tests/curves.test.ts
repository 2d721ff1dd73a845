// Progress over time: a line for each topic or role on a time axis, of one grader at a time.
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { describe, expect, test } from 'vitest';
import { GraderKind } from '#gen/viva/v1/answer_pb.js';
import { GetProgressResponseSchema, ProgressPointSchema, TopicChange, TopicSeriesSchema } from '#gen/viva/v1/report_pb.js';
import { curveWords, gradersOf, isThin, roleCurves, spanOf, ticksOf, topicCurves } from '../src/lib/curves.js';
import { FakeServer, pageOn } from './support/server.js';
import { settled } from './support/mount.js';
import { replyWith } from './support/wire.js';

const DAY = 86_400_000;
const FIRST = 1_700_000_000_000;
const point = (id: bigint, role: string, day: number, score: number) => ({
  interviewId: id,
  role,
  createdAt: timestampFromMs(FIRST + day * DAY),
  overallScore: score,
  averageScores: {},
});
const POINTS = [point(1n, 'Rust engineer', 0, 4), point(2n, 'Data engineer', 1, 7), point(3n, 'rust engineer ', 9, 6)];
const offline = { kind: GraderKind.OFFLINE, name: 'viva-offline', version: '3.1' };
const older = { ...offline, version: '2.1' };
const series = (topic: string, grader: typeof offline, scores: number[]) => ({
  topic,
  grader,
  answers: scores.length,
  points: scores.map((averageScore, at) => ({
    interviewId: BigInt(at + 1),
    createdAt: timestampFromMs(FIRST + at * DAY),
    averageScore,
    answers: 1,
  })),
});
const SERIES = [
  series('concurrency', offline, [4, 5, 7]),
  series('api-design', offline, [6]),
  series('concurrency', older, [9, 9.5, 9, 9]),
];

test('each role has one line, however its name was written', () => {
  const curves = roleCurves(POINTS.map((one) => create(ProgressPointSchema, one)));
  expect(curves.map(({ name, samples, spots }) => [name, samples, spots.map(({ id }) => id)])).toEqual([
    ['Rust engineer', 2, [1n, 3n]],
    ['Data engineer', 1, [2n]],
  ]);
  expect(curves.map((curve) => curveWords(curve, String))).toEqual(['Rust engineer: from 4 to 6', 'Data engineer: 7']);
});

test('the line of a topic has the scores of one grader, and is thin with fewer than three', () => {
  const all = SERIES.map((one) => create(TopicSeriesSchema, one));
  const graders = gradersOf(all);
  expect(graders.map(({ version }) => version)).toEqual(['3.1', '2.1']);
  const scores = graders.map((grader) => topicCurves(all, grader).map(({ name, spots }) => [name, ...spots.map(({ score }) => score)]));
  expect(scores).toEqual([
    [
      ['concurrency', 4, 5, 7],
      ['api design', 6],
    ],
    [['concurrency', 9, 9.5, 9, 9]],
  ]);
  expect(topicCurves(all, graders[0]).map(isThin)).toEqual([false, true]);
});

describe('the time axis', () => {
  test('spans the first to the last day, at least one day', () => {
    const [from, to] = spanOf(roleCurves(POINTS.map((one) => create(ProgressPointSchema, one))));
    expect(to - from).toBe(9 * DAY);
    const [first, last] = spanOf([{ name: 'x', samples: 1, spots: [{ id: 1n, at: 5, score: 1, answers: 1 }] }]);
    expect(last - first).toBe(DAY);
  });

  test('marks whole days, evenly apart, as many as fit, and never more days than there are', () => {
    const days = (length: number, most: number) => ticksOf([FIRST, FIRST + length * DAY], most).map((at) => Math.round((at - FIRST) / DAY));
    expect(days(9, 4)).toEqual([0, 3, 6, 9]);
    expect(days(10, 4)).toEqual([2, 6, 10]);
    expect(days(2, 9)).toEqual([0, 1, 2]);
    expect(days(1_000, 2)).toEqual([0, 1_000]);
    expect(days(45.5, 2)).toEqual([1, 46]);
  });
});

describe('the screen', () => {
  async function opened() {
    const server = new FakeServer();
    server.replies.set('GetProgress', () =>
      replyWith(GetProgressResponseSchema, {
        points: [...POINTS, point(4n, 'Data engineer', 2, 8)],
        topics: [
          { topic: 'databases', answers: 3, averageScore: 5, trend: -1, change: TopicChange.SLIPPED },
          { topic: 'concurrency', answers: 3, averageScore: 5.3, trend: 3, change: TopicChange.IMPROVED },
          { topic: 'general', answers: 1, averageScore: 6 },
        ],
        grader: offline,
        series: SERIES,
        totals: { answers: 9, durationMs: 5_400_000n, activeDays: 4, weekAnswers: 2, weekDurationMs: 0n },
      }),
    );
    return (await pageOn(server, '/progress')).page;
  }
  const texts = (page: Element, places: string) =>
    [...page.querySelectorAll(places)].map((place) => place.textContent?.replace(/\s+/g, ' ').trim());
  const choose = async (page: Element, label: string, value: string) => {
    const select = page.querySelector<HTMLSelectElement>(`select[aria-label="${label}"]`);
    if (select) select.value = value;
    select?.dispatchEvent(new Event('change', { bubbles: true }));
    await settled(1);
  };

  test('says what improved and what slipped, and each row can be practised', async () => {
    const page = await opened();
    expect(texts(page, '[aria-labelledby="changed"] li > span')).toEqual(['↑ concurrency, by 3.0', '↓ databases, by 1.0']);
    expect(texts(page, '[aria-labelledby="changed"] button')).toEqual([
      'Practise concurrency: 3 questions',
      'Practise databases: 3 questions',
    ]);
    // A question without a topic is practised by role.
    expect(texts(page, '.topic button')).toEqual([
      'Practise databases: 3 questions',
      'Practise concurrency: 3 questions',
      'Practise Data engineer: 3 questions',
    ]);
    expect(texts(page, '.topic .muted')).toEqual([
      '3 answers, slipped by 1.0',
      '3 answers, improved by 3.0',
      '1 answer, too few for a trend',
    ]);
    expect(texts(page, '.point button')).toHaveLength(4);
    expect(page.textContent).toContain('9 answers in 1\u00a0h 30\u00a0min, on 4 days. In the last 7 days: 2 answers.');
  });

  test('draws a line for each topic, of one grader, and tells the same as a table', async () => {
    const page = await opened();
    const said = () => page.querySelector('svg[role="img"]')?.getAttribute('aria-label');
    expect(said()).toBe('Scores over time by topic. concurrency: from 4.0 to 7.0. api design: 6.0');
    expect(texts(page, '.legend li')).toEqual(['concurrency', 'api design, only 1 answer']);
    expect(page.querySelectorAll('g.thin')).toHaveLength(1);
    const table = page.querySelector<HTMLDetailsElement>('[aria-labelledby="time"] details');
    if (table) table.open = true;
    table?.dispatchEvent(new Event('toggle'));
    await settled(1);
    const rows = [...page.querySelectorAll('tbody tr')];
    expect(rows.map((row) => texts(row, 'th, td'))).toEqual([
      ['concurrency', '14 Nov 2023', '4.0', '1'],
      ['15 Nov 2023', '5.0', '1'],
      ['16 Nov 2023', '7.0', '1'],
      ['api design', '14 Nov 2023', '6.0', '1'],
    ]);
    await choose(page, 'Scores by', '1 viva-offline 2.1');
    expect(said()).toBe('Scores over time by topic. concurrency: from 9.0 to 9.0');
  });

  test('draws a line for each role, and one role can be shown alone, with its interviews', async () => {
    const page = await opened();
    const shown = () => texts(page, '.point a');
    expect(shown()).toEqual(['Data engineer', 'rust engineer', 'Data engineer', 'Rust engineer']);
    page.querySelectorAll<HTMLInputElement>('input[name="lines"]')[1]?.click();
    await settled(1);
    expect(texts(page, '.legend li')).toEqual(['Rust engineer, only 2 interviews', 'Data engineer, only 2 interviews']);
    await choose(page, 'Show', 'Rust engineer');
    expect(shown()).toEqual(['rust engineer', 'Rust engineer']);
    expect(texts(page, '.legend li')).toEqual(['Rust engineer, only 2 interviews']);
  });
});
