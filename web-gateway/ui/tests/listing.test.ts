// The list of interviews, in pages.
import { beforeEach, expect, test } from 'vitest';
import { fromBinary } from '@bufbuild/protobuf';
import { ListInterviewsRequestSchema, ListInterviewsResponseSchema } from '#gen/viva/v1/interview_pb.js';
import { settled } from './support/mount.js';
import { FakeServer, pageOn } from './support/server.js';
import { replyWith } from './support/wire.js';
import { words } from './support/texts.js';

beforeEach(() => localStorage.clear());

test('is filtered as a whole, not only the loaded part', async () => {
  const server = new FakeServer();
  const interview = (at: number) => ({
    id: BigInt(100 - at),
    role: at === 30 ? 'Data engineer' : 'Rust engineer',
    level: 2,
    progress: { questions: 1, answered: 1, evaluated: 1 },
  });
  server.replies.set('ListInterviews', async ({ body }) => {
    const { pageToken } = fromBinary(ListInterviewsRequestSchema, new Uint8Array(await new Response(body).arrayBuffer()).slice(5));
    const numbers = Array.from({ length: pageToken === '' ? 20 : 10 }, (_, at) => at + (pageToken === '' ? 1 : 21));
    return replyWith(ListInterviewsResponseSchema, { interviews: numbers.map(interview), nextPageToken: pageToken === '' ? 'more' : '' });
  });
  const { page } = await pageOn(server, '/');
  const field = page.querySelector<HTMLInputElement>('#filter');
  if (!field) throw new Error('There is no filter.');
  field.value = 'data';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await settled();
  expect([...page.querySelectorAll('.line .title')].map(words)).toEqual(['Data engineer']);
  expect(words(page)).toContain('1 of 30 interviews');
});
