// What the page does while the server is away: which session it assumes, and what it says.
import { expect, test } from 'vitest';
import { awayWords } from '../src/lib/away.js';
import { Session } from '../src/lib/session.js';
import { json, opened } from './support/wire.js';

const at = (day: number, hour: number) => new Date(2026, 10, day, hour, 2).getTime();

test('a screen says when it was loaded, and whether the network or the server is away', () => {
  const now = at(20, 20);
  expect(awayWords(at(20, 14), now, false)).toBe('You are offline: this is what was loaded at 14:02.');
  expect(awayWords(at(19, 9), now, true)).toBe('The server cannot be reached: this is what was loaded yesterday at 09:02.');
  expect(awayWords(at(13, 9), now, true)).toBe('The server cannot be reached: this is what was loaded on Fri 13 Nov at 09:02.');
  expect(awayWords(undefined, now, false)).toBe('You are offline: only what was loaded before can be shown.');
});

test('a trusted session is opened before the first call, and is the expected one', async () => {
  const session = new Session(async () => opened('a.b.c'));
  session.trust('ada');
  expect(session.token).toBeUndefined();
  await session.beFresh();
  expect(session.token).toBe('a.b.c');
});

test.each([
  ['has ended', () => json(401, { reason: 'SESSION_ENDED', message: '' })],
  [
    'is somebody else’s',
    () => json(200, { access_token: 'x.y.z', expires_at: new Date(Date.now() + 60_000).toISOString(), username: 'bob' }),
  ],
])('a session that was trusted and %s ends', async (_, reply) => {
  const session = new Session(async () => reply());
  let ends = 0;
  session.onEnd = () => (ends += 1);
  session.trust('ada');
  await expect(session.beFresh()).rejects.toMatchObject({ needsSignIn: true });
  expect([ends, session.token]).toEqual([1, undefined]);
});

test('a session stays trusted until the server can be asked, however often that fails', async () => {
  let isThere = false;
  const session = new Session(async () => {
    if (!isThere) throw new TypeError('Failed to fetch');
    return opened('a.b.c');
  });
  session.trust('ada');
  for (const _ of [1, 2]) await expect(session.beFresh()).rejects.toMatchObject({ isOffline: true });
  isThere = true;
  await session.beFresh();
  expect(session.token).toBe('a.b.c');
});
