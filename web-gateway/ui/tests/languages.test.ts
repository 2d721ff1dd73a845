// The language of an interview.
import { fromBinary } from '@bufbuild/protobuf';
import { beforeEach, expect, test } from 'vitest';
import { CreateInterviewRequestSchema, CreateInterviewResponseSchema } from '#gen/viva/v1/interview_pb.js';
import { LANGUAGES } from '../src/lib/languages.js';
import { settled } from './support/mount.js';
import { FakeServer, pageOn } from './support/server.js';
import { replyWith } from './support/wire.js';

beforeEach(() => localStorage.clear());

test('every language is known to browsers and listed once', () => {
  const tags = LANGUAGES.map(([tag]) => tag);
  expect(new Set(tags).size).toBe(tags.length);
  for (const tag of tags.filter(Boolean)) expect(Intl.getCanonicalLocales(tag)).toEqual([tag]);
});

test('an interview is created in the chosen language, and the choice is stored until then', async () => {
  const server = new FakeServer();
  const asked: string[] = [];
  server.replies.set('CreateInterview', async ({ body }) => {
    asked.push(fromBinary(CreateInterviewRequestSchema, new Uint8Array(await new Response(body).arrayBuffer()).slice(5)).language);
    return replyWith(CreateInterviewResponseSchema, { interview: { id: 6n, role: 'Tester' } });
  });
  const { page } = await pageOn(server, '/new');
  const select = page.querySelector<HTMLSelectElement>('#language');
  expect(select?.value).toBe('');
  if (select) select.value = 'de';
  select?.dispatchEvent(new Event('change', { bubbles: true }));
  await settled();
  const { page: later } = await pageOn(server, '/new');
  const role = later.querySelector<HTMLInputElement>('#role');
  if (role) role.value = 'Tester';
  role?.dispatchEvent(new Event('input', { bubbles: true }));
  await settled();
  later.querySelector('form')?.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
  await settled();
  expect(asked).toEqual(['de']);
});
