// The account's time zone on the account screen.
import { fromBinary } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { expect, test } from 'vitest';
import { GetMeResponseSchema, SetTimeZoneRequestSchema, SetTimeZoneResponseSchema } from '#gen/viva/v1/auth_pb.js';
import { timeZone } from '../src/lib/reviews.js';
import { settled } from './support/mount.js';
import { FakeServer, pageOn } from './support/server.js';
import { refusal, replyWith } from './support/wire.js';

async function opened(zone: string) {
  const server = new FakeServer();
  const chosen: string[] = [];
  const user = () => ({ id: 7n, username: 'ada', timeZone: chosen.at(-1) ?? zone });
  server.replies.set('GetMe', () => replyWith(GetMeResponseSchema, { user: user() }));
  server.replies.set('SetTimeZone', async ({ body }) => {
    const sent = new Uint8Array(await new Response(body).arrayBuffer()).slice(5);
    chosen.push(fromBinary(SetTimeZoneRequestSchema, sent).timeZone);
    return replyWith(SetTimeZoneResponseSchema, { user: user() });
  });
  const { page } = await pageOn(server, '/account');
  await settled();
  const select = page.querySelector<HTMLSelectElement>('select[aria-labelledby="zone"]');
  const choose = async (name: string) => {
    if (select) select.value = name;
    select?.dispatchEvent(new Event('change', { bubbles: true }));
    await settled();
  };
  return { server, page, select, choose, chosen };
}

test('is listed among all zones, and another one can be chosen', async () => {
  const { page, select, choose, chosen } = await opened('Asia/Kolkata');
  expect(select?.value).toBe('Asia/Kolkata');
  expect(select?.options.length).toBeGreaterThan(300);
  await choose('America/New_York');
  expect(chosen).toEqual(['America/New_York']);
  expect(select?.value).toBe('America/New_York');
  expect(page.textContent).toContain('Your days are those of America/New_York now.');
});

test('is the browser’s with one click if it is another one', async () => {
  const { page, chosen } = await opened('Pacific/Auckland');
  const use = [...page.querySelectorAll('button')].find(({ textContent }) => textContent?.startsWith('Use this browser'));
  use?.click();
  await settled();
  expect(chosen).toEqual([timeZone()]);
  expect(page.textContent).not.toContain('Use this browser');
});

test('stays as it was if the server refuses another one, and the page says so', async () => {
  const { server, page, select, choose } = await opened('');
  expect(select?.selectedOptions[0]?.textContent).toBe('not chosen yet');
  server.replies.set('SetTimeZone', () => refusal(Code.Unavailable, 'DATABASE_UNAVAILABLE'));
  await choose('UTC');
  expect(select?.value).toBe('');
  expect(page.textContent).toContain('The time zone is as it was.');
});
