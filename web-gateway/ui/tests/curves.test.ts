// Progress over time: a line for each role on a time axis.
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { GetProgressResponseSchema, ProgressPointSchema } from '#gen/viva/v1/report_pb.js';
import { curvesOf, curveWords, spanOf } from '../src/lib/curves.js';
import { FakeServer, pageOn } from './support/server.js';
import { settled } from './support/mount.js';
import { replyWith } from './support/wire.js';

const DAY = 86_400_000;
const point = (id: bigint, role: string, day: number, score: number) => ({
  interviewId: id,
  role,
  createdAt: timestampFromMs(1_700_000_000_000 + day * DAY),
  overallScore: score,
  averageScores: {},
});
const POINTS = [point(1n, 'Rust engineer', 0, 4), point(2n, 'Data engineer', 1, 7), point(3n, 'rust engineer ', 9, 6)];

test('each role has one line, however its name was written', () => {
  const curves = curvesOf(POINTS.map((one) => create(ProgressPointSchema, one)));
  expect(curves.map(({ role, spots }) => [role, spots.map(({ id }) => id)])).toEqual([
    ['Rust engineer', [1n, 3n]],
    ['Data engineer', [2n]],
  ]);
  expect(curveWords(curves[0] ?? { role: '', spots: [] }, String)).toBe('Rust engineer: 4, 6');
});

test('the axis spans the first to the last day, at least one day', () => {
  const [from, to] = spanOf(curvesOf(POINTS.map((one) => create(ProgressPointSchema, one))));
  expect(to - from).toBe(9 * DAY);
  const [first, last] = spanOf([{ role: 'x', spots: [{ id: 1n, at: 5, score: 1 }] }]);
  expect(last - first).toBe(DAY);
});

test('you can show a single role, and practise each topic and role', async () => {
  const server = new FakeServer();
  server.replies.set('GetProgress', () =>
    replyWith(GetProgressResponseSchema, {
      points: [...POINTS, point(4n, 'Data engineer', 2, 8)],
      topics: [
        { topic: 'databases', answers: 3, averageScore: 5, trend: -1 },
        { topic: 'general', answers: 1, averageScore: 6 },
      ],
    }),
  );
  const { page } = await pageOn(server, '/progress');
  const shown = () => [...page.querySelectorAll('.point a')].map((link) => link.textContent);
  expect(shown()).toEqual(['Data engineer', 'rust engineer ', 'Data engineer', 'Rust engineer']);
  const choices = [...page.querySelectorAll<HTMLElement>('.choices .choice')].filter((choice) => /engineer/.test(choice.textContent ?? ''));
  choices[0]?.querySelector('input')?.click();
  await settled(1);
  expect(shown()).toEqual(['rust engineer ', 'Rust engineer']);
  const practise = (rows: string) =>
    [...page.querySelectorAll(`${rows} button`)].map((button) => button.textContent?.replace(/\s+/g, ' ').trim());
  // A question without a topic is practised by role.
  expect(practise('.topic')).toEqual(['Practise databases: 3 questions', 'Practise Data engineer: 3 questions']);
  expect(practise('.point')).toEqual(['Practise rust engineer : 3 questions', 'Practise Rust engineer: 3 questions']);
});
