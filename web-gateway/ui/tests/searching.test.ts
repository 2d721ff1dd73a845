// Searching questions and answers on the server.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { fromBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { SearchAnswersRequestSchema, SearchAnswersResponseSchema, type SearchHitSchema } from '#gen/viva/v1/answer_pb.js';
import { ListInterviewsRequestSchema, ListInterviewsResponseSchema } from '#gen/viva/v1/interview_pb.js';
import { marked, queryOf } from '../src/lib/searching.js';
import { settled } from './support/mount.js';
import { control, FakeServer, pageOn, press } from './support/server.js';
import { refusal, replyWith } from './support/wire.js';
import { words } from './support/texts.js';

beforeEach(() => localStorage.clear());

const body = async (init: RequestInit) => new Uint8Array(await new Response(init.body).arrayBuffer()).slice(5);
const hit = (id: bigint, more: MessageInitShape<typeof SearchHitSchema> = {}) => ({
  interviewId: 5n,
  questionId: id,
  order: 2,
  role: 'Rust engineer',
  topic: 'concurrency',
  questionText: 'Why a lock?',
  questionMatches: [{ start: 6, end: 10 }],
  ...more,
});

/** A server with thirty interviews, twenty on a page, that finds these hits. */
function listing(...pages: MessageInitShape<typeof SearchAnswersResponseSchema>[]) {
  const server = new FakeServer();
  const queries: string[] = [];
  const interview = (at: number) => ({
    id: BigInt(100 - at),
    role: at === 30 ? 'Data engineer' : 'Rust engineer',
    level: 2,
    progress: { questions: 1, answered: 1, evaluated: 1 },
  });
  server.replies.set('ListInterviews', async (init) => {
    const { pageToken } = fromBinary(ListInterviewsRequestSchema, await body(init));
    const numbers = Array.from({ length: pageToken === '' ? 20 : 10 }, (_, at) => at + (pageToken === '' ? 1 : 21));
    return replyWith(ListInterviewsResponseSchema, { interviews: numbers.map(interview), nextPageToken: pageToken === '' ? 'more' : '' });
  });
  server.replies.set('SearchAnswers', async (init) => {
    const { query, pageToken } = fromBinary(SearchAnswersRequestSchema, await body(init));
    queries.push(`${query}|${pageToken}`);
    return replyWith(SearchAnswersResponseSchema, pages[Number(pageToken)] ?? {});
  });
  return { server, queries };
}

async function search(page: HTMLElement, text: string): Promise<void> {
  const field = page.querySelector<HTMLInputElement>('#filter');
  if (!field) throw new Error('There is nothing to search in.');
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await settled();
}

const found = (page: HTMLElement) => page.querySelector('section[aria-labelledby="found"]');
const foundIn = (page: HTMLElement) =>
  vi.waitFor(() => expect(words(found(page)?.querySelector('[role="status"]'))).not.toBe('Searching…'), { timeout: 5_000 });

describe('a search', () => {
  test('lists questions and answers from all interviews, with the matches marked', async () => {
    const { server, queries } = listing({
      hits: [hit(1n, { snippet: 'It takes the lock.', snippetMatches: [{ start: 13, end: 17 }], score: 7.2, answerId: 3n })],
    });
    const { page } = await pageOn(server, '/');
    await search(page, '  LOCK ');
    await foundIn(page);
    expect(queries).toEqual(['LOCK|']);
    const item = found(page)?.querySelector('li');
    expect(words(item)).toBe('Why a lock? It takes the lock. Rust engineer · concurrency · 7.2 good');
    expect([...(item?.querySelectorAll('mark') ?? [])].map(words)).toEqual(['lock', 'lock']);
    expect(item?.querySelector('a')?.getAttribute('href')).toBe('/interviews/5/2');
  });

  test('continues past pages without hits, and shows more on request', async () => {
    const { server, queries } = listing({ nextPageToken: '1' }, { hits: [hit(1n)], nextPageToken: '2' }, { hits: [hit(2n)] });
    const { page } = await pageOn(server, '/');
    await search(page, 'lock');
    await foundIn(page);
    expect(found(page)?.querySelectorAll('li')).toHaveLength(1);
    await press(page, 'Show more');
    expect(found(page)?.querySelectorAll('li')).toHaveLength(2);
    expect(() => control(page, 'Show more')).toThrow();
    expect(queries).toEqual(['lock|', 'lock|1', 'lock|2']);
  });

  test('that finds nothing or fails says so', async () => {
    const { server } = listing();
    const { page } = await pageOn(server, '/');
    await search(page, 'lock');
    await foundIn(page);
    expect(words(found(page))).toContain('Nothing found.');
    server.replies.set('SearchAnswers', () => refusal(Code.ResourceExhausted, 'RATE_LIMITED'));
    await search(page, 'locks');
    await foundIn(page);
    expect(words(found(page))).toContain('Too many requests.');
    await search(page, '');
    expect(found(page)).toBeNull();
  });

  test('sends no longer query than the server accepts', () => {
    expect([queryOf(' a '), queryOf(' a  b '), queryOf('1 2 3 4 5 6 7 8 9')]).toEqual(['', 'a b', '1 2 3 4 5 6 7 8']);
    expect(Array.from(queryOf('😀'.repeat(300)))).toHaveLength(200);
  });

  test('counts characters as the server does, and marks nothing else where the text has changed', () => {
    const marks = (text: string, start: number, end: number) =>
      marked(text, [{ start, end }], 'lock')
        .filter(({ isMatch }) => isMatch)
        .map((piece) => piece.text);
    expect(marks('😀 Lock', 2, 6)).toEqual(['Lock']);
    expect(marks('a lock', 0, 4)).toEqual([]);
    expect(marked('a lock', [], 'lock')).toEqual([{ text: 'a lock', isMatch: false }]);
  });
});
