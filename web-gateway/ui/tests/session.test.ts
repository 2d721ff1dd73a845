import { describe, expect, test } from 'vitest';
import { Problem } from '../src/lib/errors.js';
import { Session } from '../src/lib/session.js';
import SignIn from '../src/screens/SignIn.svelte';
import { settled, shownWithin, vivaOver } from './support/mount.js';
import { json, opened } from './support/wire.js';

/** A gateway with the given replies, which remembers its requests. */
function gateway(...replies: (() => Response)[]) {
  const asked: { path: string; body: unknown; init: RequestInit | undefined }[] = [];
  const call = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    asked.push({ path: String(input), body: JSON.parse(String(init?.body)), init });
    const reply = replies.shift();
    if (!reply) throw new TypeError('Failed to fetch');
    return reply();
  };
  return { asked, session: new Session(call) };
}

const ended = () => json(401, { reason: 'SESSION_ENDED', message: 'Session has ended', violations: [] });

describe('a session', () => {
  test('keeps its token in memory, and in no storage and no cookie that a script can read', async () => {
    const { session, asked } = gateway(() => opened('secret-token'));
    await session.signIn('ada', 'correct horse');
    expect(session.token).toBe('secret-token');
    expect(asked[0]).toMatchObject({ path: '/session/login', body: { username: 'ada', password: 'correct horse' } });
    const kept = JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]);
    expect(kept).not.toContain('secret');
  });

  test('is opened by the owner’s link if the gateway says so, otherwise with a password', async () => {
    const shown = async (reply: () => Promise<Response>) => {
      const page = shownWithin(vivaOver(reply), SignIn, { registering: false });
      await settled();
      return page.querySelector('h1')?.textContent;
    };
    expect(await shown(async () => json(200, { by: 'link' }))).toBe('Open your link');
    expect(await shown(async () => json(200, { by: 'password' }))).toBe('Sign in');
    expect(await shown(async () => json(404, {}))).toBe('Sign in');
    expect(await shown(() => Promise.reject(new TypeError('Failed to fetch')))).toBe('Sign in');
  });

  test('asks the gateway about itself once, and again if it could not be reached', async () => {
    let asked = 0;
    const session = new Session(async () => {
      if ((asked += 1) === 1) throw new TypeError('Failed to fetch');
      return json(200, { by: 'password', speech: true });
    });
    expect(await session.about()).toEqual({});
    expect([await session.about(), await session.about()]).toEqual([
      { by: 'password', speech: true },
      { by: 'password', speech: true },
    ]);
    expect(asked).toBe(2);
  });

  test('is missing if the browser has none, which is not a failure', async () => {
    const { session } = gateway(ended);
    expect(await session.restore()).toBe(false);
    expect(session.token).toBeUndefined();
  });

  test('does not count as ended while the gateway cannot be reached', async () => {
    const { session } = gateway();
    await expect(session.restore()).rejects.toMatchObject({ kind: 'unreachable' });
  });

  test('is refreshed once for concurrent calls', async () => {
    const { session, asked } = gateway(
      () => opened('a'),
      () => opened('b'),
    );
    await session.signIn('ada', 'correct horse');
    await Promise.all([session.refresh(), session.refresh(), session.refresh()]);
    expect(asked).toHaveLength(2);
    expect(session.token).toBe('b');
  });

  test('is refreshed shortly before its token expires, and not earlier', async () => {
    let now = 0;
    const soon = () => json(200, { access_token: 't', expires_at: new Date(60_000).toISOString() });
    let calls = 0;
    const session = new Session(
      async () => (calls++, soon()),
      () => now,
    );
    await session.signIn('ada', 'correct horse');
    now = 39_000;
    await session.beFresh();
    expect(calls).toBe(1);
    now = 41_000;
    await session.beFresh();
    expect(calls).toBe(2);
  });

  test('that cannot be refreshed says once that it has ended', async () => {
    const { session } = gateway(() => opened('a'), ended, ended);
    let ends = 0;
    session.onEnd = () => (ends += 1);
    await session.signIn('ada', 'correct horse');
    await expect(session.refresh()).rejects.toBeInstanceOf(Problem);
    await expect(session.refresh()).rejects.toBeInstanceOf(Problem);
    expect(ends).toBe(1);
    expect(session.token).toBeUndefined();
  });

  test('has ended if the browser’s session now belongs to another account', async () => {
    const of = (username: string) => () => json(200, { access_token: username, expires_at: '2999-01-01T00:00:00Z', username });
    const { session } = gateway(of('ada'), of('ada'), of('bob'));
    await session.signIn('ada', 'correct horse');
    await session.refresh();
    await expect(session.refresh()).rejects.toMatchObject({ kind: 'sign-in' });
    expect(session.token).toBeUndefined();
  });

  /** A gateway whose replies arrive when the test releases them. */
  function slow() {
    const waiting: ((reply: Response) => void)[] = [];
    const session = new Session(() => new Promise((done) => waiting.push(done)));
    const turn = () => new Promise((done) => setTimeout(done));
    return { session, reply: async (at: number, reply: Response) => (waiting[at]?.(reply), turn()) };
  }

  test('that has ended does not come back with a token that was requested before', async () => {
    const { session, reply } = slow();
    void session.signIn('ada', 'correct horse');
    await reply(0, opened('a'));
    const refreshing = session.refresh().catch((cause: Problem) => cause.kind);
    void session.signOut(false);
    await reply(2, json(200, {}));
    await reply(1, opened('late'));
    expect([await refreshing, session.token]).toEqual(['sign-in', undefined]);
  });

  test('is neither replaced nor ended by a request of the previous one', async () => {
    for (const late of [() => opened('late'), ended]) {
      const { session, reply } = slow();
      let ends = 0;
      session.onEnd = () => (ends += 1);
      void session.signIn('ada', 'correct horse');
      await reply(0, opened('a'));
      const refreshing = session.refresh().catch(() => {});
      void session.signOut(false);
      await reply(2, json(200, {}));
      void session.signIn('bob', 'correct horse');
      await reply(3, opened('b'));
      await reply(1, late());
      await refreshing;
      expect([session.token, ends]).toEqual(['b', 0]);
      // Nor does a fresh token of this one wait for the earlier request.
      const fresh = session.refresh();
      await reply(4, opened('b2'));
      await fresh;
      expect(session.token).toBe('b2');
    }
  });

  test('continues if signing out did not reach the server', async () => {
    const { session } = gateway(() => opened('a'));
    await session.signIn('ada', 'correct horse');
    await expect(session.signOut(true)).rejects.toMatchObject({ kind: 'unreachable' });
    expect(session.token).toBe('a');
  });

  test('ends for the page if it has already ended on the server', async () => {
    const { session, asked } = gateway(() => opened('a'), ended);
    await session.signIn('ada', 'correct horse');
    await session.signOut(false);
    expect(asked[1]).toMatchObject({ path: '/session/logout', body: { everywhere: false } });
    expect(session.token).toBeUndefined();
  });

  test('reports wrong credentials without saying which', async () => {
    const wrong = () => json(401, { reason: 'INVALID_CREDENTIALS', message: 'Invalid username or password' });
    const { session } = gateway(wrong);
    await expect(session.signIn('ada', 'x')).rejects.toMatchObject({
      kind: 'credentials',
      message: 'Invalid username or password',
    });
  });

  test('says how long to wait after too many tries', async () => {
    const { session } = gateway(() => json(429, { reason: 'RATE_LIMITED', message: 'Too many requests', retry_after_seconds: 42 }));
    await expect(session.signIn('ada', 'x')).rejects.toMatchObject({
      kind: 'busy',
      message: 'Too many requests. Please try again in 42 s.',
    });
  });
});
