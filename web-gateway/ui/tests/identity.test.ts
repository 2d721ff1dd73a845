// Names: faults are shown beside their field, and the notice about a shared name stays.
import { beforeEach, expect, test } from 'vitest';
import { Code } from '@connectrpc/connect';
import { GetMeResponseSchema } from '#gen/viva/v1/auth_pb.js';
import { settled, vivaOver } from './support/mount.js';
import { control, FakeServer, pageOn } from './support/server.js';
import { json, refusal, replyWith } from './support/wire.js';

beforeEach(() => localStorage.clear());

/** Fills a field in. */
function fill(page: HTMLElement, id: string, text: string): void {
  const field = page.querySelector<HTMLInputElement>(`#${id}`);
  if (!field) throw new Error(`There is no field ${id}`);
  field.value = text;
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

test('what is wrong with a name is shown beside it, in the server’s words', async () => {
  const server = new FakeServer();
  server.replies.set('refresh', () => json(401, undefined));
  const told = 'Username must not contain “²” (U+00B2): letters, digits and signs such as . _ - are allowed';
  server.replies.set('Register', () =>
    refusal(Code.InvalidArgument, 'VALIDATION_FAILED', 'Invalid request', [{ field: 'username', description: told }]),
  );
  const { page } = await pageOn(server, '/register');
  fill(page, 'username', 'ada²');
  fill(page, 'email', 'ada@example.org');
  fill(page, 'password', 'correct horse 42');
  control(page, 'Create an account').click();
  await settled();
  const field = page.querySelector('#username');
  expect(field?.getAttribute('aria-invalid')).toBe('true');
  expect(page.textContent).toContain(told);
  expect(document.activeElement).toBe(field);
});

test('owners of a shared name get a notice after signing in, until they close it', async () => {
  const server = new FakeServer();
  const notice = 'Another account has your name in another spelling. Sign in with exactly “Ada”; any other spelling is refused.';
  server.replies.set('GetMe', () => replyWith(GetMeResponseSchema, { user: { id: 7n, username: 'Ada' }, notice }));
  const viva = vivaOver(server.call);
  await viva.signIn('Ada', 'correct horse 42');
  expect(viva.notices.list.map(({ tone, text }) => [tone, text])).toEqual([['error', notice]]);
  expect(viva.account?.user.username).toBe('Ada');
});
