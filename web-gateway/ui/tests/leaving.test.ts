// Leaving an account, a screen or an interview while something is stored or in progress.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Code } from '@connectrpc/connect';
import { ExportReportResponseSchema } from '#gen/viva/v1/report_pb.js';
import { CreateInterviewResponseSchema } from '#gen/viva/v1/interview_pb.js';
import { Drafts } from '../src/lib/drafts.js';
import { Held } from '../src/lib/held.js';
import { Queue } from '../src/lib/queue.js';
import { browserStore } from '../src/lib/store.js';
import { settled, vivaOver } from './support/mount.js';
import { area, control, FakeServer, pageOn, press, type } from './support/server.js';
import { json, refusal, replyWith } from './support/wire.js';
import { words } from './support/texts.js';

beforeEach(() => localStorage.clear());

const drafts = (account = 7n) => new Drafts(browserStore(), account);
const queue = () => new Queue(browserStore(), 7n);
const keep = (question: bigint, interview = '5', account = 7n) =>
  new Held(drafts(account), question).keep({ text: 'Some text of mine.', elapsedMs: 0, savedAt: 1, interview });
const enqueue = (interviewId = 5n) =>
  queue().put({
    interviewId,
    questionId: 2n,
    text: 'An answer of mine.',
    key: `k${interviewId}`,
    durationMs: 1,
    queuedAt: 1,
    heldUntil: 0,
  });
const kept = () => Object.keys(localStorage).filter((name) => /draft|queue/.test(name));

/** A reply that arrives when the test releases it. */
function held(reply: () => Response) {
  let release = () => {};
  const waiting = new Promise<void>((done) => (release = done));
  return { reply: async () => (await waiting, reply()), release: async () => (release(), settled()) };
}

describe('signing out', () => {
  test('asks nothing if this browser stores nothing', async () => {
    const { page } = await pageOn(new FakeServer(), '/');
    await press(page, 'Sign out');
    expect([location.pathname, page.querySelector('dialog')]).toEqual(['/sign-in', null]);
  });

  test('before the page starts storing what is loaded means that it never does', async () => {
    const viva = vivaOver(new FakeServer().call);
    await viva.start(undefined);
    const { loaded } = viva.api;
    await viva.leave(false);
    expect(viva.phase).toBe('signed-out');
    await viva.screens.load();
    expect(await loaded).toBeUndefined();
  });

  test('asks what to do with drafts and unsent answers', async () => {
    keep(1n);
    const server = new FakeServer();
    server.replies.set('SubmitAnswer', () => refusal(Code.Unavailable, 'DATABASE_UNAVAILABLE'));
    enqueue();
    const { page, viva } = await pageOn(server, '/');
    await press(page, 'Sign out');
    expect(words(page)).toContain(
      'This browser has 1 draft and 1 answer that the server does not have yet. Delete them if other people use this computer',
    );
    expect(viva.account).toBeDefined();
    await press(page, 'Stay signed in');
    expect([page.querySelector('dialog'), viva.phase, kept().length]).toEqual([null, 'signed-in', 2]);
    await press(page, 'Sign out');
    await press(page, 'Keep and sign out');
    expect([location.pathname, page.querySelector('dialog'), kept().length]).toEqual(['/sign-in', null, 2]);
  });

  test('deletes them on request, and no other account’s', async () => {
    keep(1n);
    keep(1n, '5', 8n);
    const { page } = await pageOn(new FakeServer(), '/account');
    await press(page, 'Sign out everywhere');
    await press(page, 'Delete and sign out');
    expect(location.pathname).toBe('/sign-in');
    expect(kept()).toEqual([drafts(8n).name(1n)]);
  });

  test('also deletes what is being written at that moment', async () => {
    const { page } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, 'This is on nobody’s disk yet.');
    dispatchEvent(new Event('pagehide'));
    await type(page, 'This is on nobody’s disk yet, nor is this.');
    await press(page, 'Sign out');
    await press(page, 'Delete and sign out');
    dispatchEvent(new Event('pagehide'));
    expect(kept()).toEqual([]);
  });

  test('that fails deletes nothing, and says so in the dialog', async () => {
    keep(1n);
    const server = new FakeServer();
    server.replies.set('logout', () => json(503, undefined));
    const { page, viva } = await pageOn(server, '/');
    await press(page, 'Sign out');
    await press(page, 'Delete and sign out');
    expect(page.querySelector('dialog [role="alert"]')?.textContent).toContain('You are still signed in, and nothing is deleted.');
    expect([viva.phase, kept().length]).toEqual(['signed-in', 1]);
  });

  test('leaves no message for the previous user', async () => {
    const { page, viva } = await pageOn(new FakeServer(), '/');
    viva.notices.complain('Something of Ada’s.');
    await press(page, 'Sign out');
    expect(words(page)).not.toContain('Ada’s');
  });

  test('in another window deletes what is written in this one, if that was chosen', async () => {
    const { page, viva } = await pageOn(new FakeServer(), '/interviews/5/1');
    await type(page, 'Something that is not saved yet.');
    const other = new BroadcastChannel('viva');
    other.postMessage('empty 8');
    other.postMessage('empty 7');
    other.postMessage('out');
    await vi.waitFor(() => expect(viva.phase).toBe('signed-out'));
    await settled();
    other.close();
    expect(kept()).toEqual([]);
    expect(words(page)).toContain('You signed out in another window.');
    expect(words(page)).not.toContain('What you typed is saved');
  });
});

describe('deleting an interview', () => {
  test('deletes its drafts and unsent answers, and no others', async () => {
    keep(1n);
    keep(9n, '6');
    const server = new FakeServer();
    server.replies.set('SubmitAnswer', () => refusal(Code.Unavailable, 'DATABASE_UNAVAILABLE'));
    enqueue(5n);
    enqueue(6n);
    const { page } = await pageOn(server, '/');
    await press(page, /^Delete ?Rust engineer/);
    await press(page, 'Delete');
    expect(kept().sort()).toEqual([drafts().name(9n), 'viva.queue.7.k6']);
  });

  test('that fails deletes neither', async () => {
    keep(1n);
    const server = new FakeServer();
    server.replies.set('DeleteInterview', () => refusal(Code.Unavailable, 'DATABASE_UNAVAILABLE'));
    const { page } = await pageOn(server, '/');
    await press(page, /^Delete ?Rust engineer/);
    await press(page, 'Delete');
    expect([kept().length, words(page).includes('The interview was not deleted.')]).toEqual([1, true]);
  });

  test('cannot be cancelled while it runs, and its result is shown wherever you are by then', async () => {
    const server = new FakeServer();
    const { reply, release } = held(() => refusal(Code.Unavailable, 'DATABASE_UNAVAILABLE'));
    server.replies.set('DeleteInterview', reply);
    const { page } = await pageOn(server, '/');
    await press(page, /^Delete ?Rust engineer/);
    await press(page, 'Delete');
    await press(page, 'Keep it');
    const dialog = page.querySelector('dialog');
    expect(dialog).not.toBeNull();
    expect(dialog?.dispatchEvent(new Event('cancel', { cancelable: true }))).toBe(false);
    // A browser in which any dialog can be closed.
    dialog?.dispatchEvent(new Event('close'));
    await settled();
    await release();
    expect(page.querySelector('[aria-label="Messages"]')?.textContent).toContain('Rust engineer: The interview was not deleted.');
  });
});

describe('a result that arrives after you have left', () => {
  test('an interview that is created then does not take you away from where you are', async () => {
    const server = new FakeServer();
    const made = { interview: { id: 6n, role: 'Data engineer' } };
    const { reply, release } = held(() => replyWith(CreateInterviewResponseSchema, made));
    server.replies.set('CreateInterview', reply);
    const { page } = await pageOn(server, '/new');
    const role = page.querySelector<HTMLInputElement>('#role');
    if (role) role.value = 'Data engineer';
    role?.dispatchEvent(new Event('input', { bubbles: true }));
    await settled();
    page.querySelector('form')?.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
    await settled();
    await press(page, 'viva');
    await press(page, /^Rust engineer$/);
    expect(location.pathname).toBe('/interviews/5/1');
    await type(page, 'I am in the middle of this.');
    await release();
    expect([location.pathname, area(page)?.value]).toEqual(['/interviews/5/1', 'I am in the middle of this.']);
    expect(words(page)).toContain('Your interview is ready: Data engineer. It is in your list.');
  });

  test('an interview that could not be created is reported there', async () => {
    const server = new FakeServer();
    const { reply, release } = held(() => refusal(Code.Unavailable, 'DATABASE_UNAVAILABLE'));
    server.replies.set('CreateInterview', reply);
    const { page } = await pageOn(server, '/new');
    const role = page.querySelector<HTMLInputElement>('#role');
    if (role) role.value = 'Data engineer';
    role?.dispatchEvent(new Event('input', { bubbles: true }));
    await settled();
    page.querySelector('form')?.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
    await settled();
    await press(page, 'viva');
    await release();
    expect(page.querySelector('[aria-label="Messages"]')?.textContent).toContain('The interview was not made. Unable to reach server.');
  });

  test('an interview whose key belonged to another is created under a new one, with a message for people', async () => {
    const server = new FakeServer();
    server.replies.set('CreateInterview', () =>
      refusal(Code.AlreadyExists, 'IDEMPOTENCY_KEY_REUSED', 'Idempotency key was used for another request'),
    );
    const { page } = await pageOn(server, '/new');
    const role = page.querySelector<HTMLInputElement>('#role');
    if (role) role.value = 'Data engineer';
    role?.dispatchEvent(new Event('input', { bubbles: true }));
    await settled();
    page.querySelector('form')?.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
    await settled();
    expect(page.querySelector('[role="alert"]')?.textContent).toContain(
      'An interview has already been created from this form, probably in another window; it is in your list.',
    );
    expect(words(page)).not.toMatch(/idempotency/i);
  });

  test('a file for an account that has signed out is not saved', async () => {
    const saving = vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:1');
    const server = new FakeServer();
    const { reply, release } = held(() =>
      replyWith(ExportReportResponseSchema, { content: new Uint8Array([1]), mediaType: 'text/markdown', fileName: 'a.md' }),
    );
    server.replies.set('ExportReport', reply);
    const { page } = await pageOn(server, '/interviews/5/report');
    control(page, 'Markdown').click();
    await settled();
    await press(page, 'Sign out');
    await release();
    expect(saving).not.toHaveBeenCalled();
    saving.mockRestore();
  });

  test('the link that viva-web prints is tried again if the server was away at first', async () => {
    const asked: unknown[] = [];
    const server = new FakeServer();
    let isAway = true;
    const viva = vivaOver((input, init) => {
      if (isAway) throw new TypeError('Failed to fetch');
      if (String(input).endsWith('/session/login')) asked.push(JSON.parse(String(init?.body)));
      return server.call(input, init);
    });
    await viva.start('the-code');
    expect(viva.phase).toBe('unreachable');
    isAway = false;
    await viva.start(undefined);
    expect([viva.phase, asked]).toEqual(['signed-in', [{ code: 'the-code' }]]);
  });

  test('deleting an account deletes its drafts, and not those of an account that has signed in since', async () => {
    keep(1n);
    keep(1n, '5', 8n);
    const server = new FakeServer();
    const { reply, release } = held(() => json(200, undefined));
    server.replies.set('DeleteAccount', async () => (await reply(), refusal(0, '')));
    const { viva } = await pageOn(server, '/account');
    const { account } = viva;
    const deleting = viva.deleteAccount('').catch(() => {});
    await settled();
    viva.account = account && { ...account, user: { ...account.user, id: 8n }, drafts: drafts(8n) };
    await release();
    await deleting;
    expect(drafts(8n).count()).toBe(1);
  });
});
