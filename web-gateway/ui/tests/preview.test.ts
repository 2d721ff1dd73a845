// What an interview would contain, shown while its form is filled in.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Code } from '@connectrpc/connect';
import { Level, PreviewInterviewResponseSchema } from '#gen/viva/v1/interview_pb.js';
import { PAUSE_MS, Previews } from '../src/lib/previews.js';
import { settled } from './support/mount.js';
import { FakeServer, pageOn } from './support/server.js';
import { refusal, replyWith } from './support/wire.js';
import { words } from './support/texts.js';

beforeEach(() => localStorage.clear());
afterEach(() => vi.useRealTimers());

/** Previews whose replies arrive when the test releases them. */
function asked() {
  const calls: { plan: string; reply: (text: string) => void; fail: () => void }[] = [];
  const shown: (string | undefined)[] = [];
  const ask = (plan: string) => new Promise<string>((reply, fail) => calls.push({ plan, reply, fail: () => fail(new Error('no')) }));
  return { calls, shown, previews: new Previews(ask, (reply) => shown.push(reply)) };
}

test('a preview is loaded once the plan has not changed for a moment', async () => {
  vi.useFakeTimers();
  const { calls, shown, previews } = asked();
  for (const plan of ['R', 'Ru', 'Rust']) {
    previews.want(plan);
    await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
  }
  expect(calls).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(calls.map(({ plan }) => plan)).toEqual(['Rust']);
  calls[0]!.reply('37 questions fit');
  await vi.advanceTimersByTimeAsync(0);
  expect(shown.at(-1)).toBe('37 questions fit');
  previews.want('Rust');
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  expect([calls.length, shown.at(-1)]).toEqual([1, '37 questions fit']);
});

test('a reply to an earlier plan is dropped, whatever order they arrive in', async () => {
  vi.useFakeTimers();
  const { calls, shown, previews } = asked();
  for (const plan of ['Rust', 'Go']) {
    previews.want(plan);
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
  }
  calls[1]!.reply('of Go');
  await vi.advanceTimersByTimeAsync(0);
  calls[0]!.reply('of Rust');
  await vi.advanceTimersByTimeAsync(0);
  expect(shown.filter(Boolean)).toEqual(['of Go']);
  previews.want(undefined);
  expect(shown.at(-1)).toBeUndefined();
});

test('a preview that fails shows nothing, and one that is no longer wanted is not shown', async () => {
  vi.useFakeTimers();
  const { calls, shown, previews } = asked();
  for (const plan of ['Rust', 'Go']) {
    previews.want(plan);
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
  }
  calls[1]!.fail();
  await vi.advanceTimersByTimeAsync(0);
  previews.want('C++');
  await vi.advanceTimersByTimeAsync(PAUSE_MS);
  previews.stop();
  calls[2]!.reply('of C++');
  await vi.advanceTimersByTimeAsync(0);
  expect(shown.filter(Boolean)).toEqual([]);
});

const levelOf = (page: HTMLElement) => page.querySelector('input[name=level]:checked')?.parentElement?.textContent?.trim();

async function typed(page: HTMLElement, role: string) {
  const field = page.querySelector<HTMLInputElement>('#role')!;
  field.value = role;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await vi.waitFor(() => expect(words(page)).toMatch(/fit:/), { timeout: 10_000 });
  await settled();
}

test('the form shows what fits, the notice, and the level that the role names', { timeout: 30_000 }, async () => {
  const server = new FakeServer();
  const summary = '37 questions fit: Rust and Concurrency.';
  const notice = 'The job advert names no topic that the question bank has.';
  server.replies.set('PreviewInterview', () => replyWith(PreviewInterviewResponseSchema, { summary, notice, level: Level.SENIOR }));
  const { page } = await pageOn(server, '/new');
  expect(levelOf(page)).toMatch(/mid/i);
  await typed(page, 'Senior Rust engineer');
  expect(words(page)).toContain(summary);
  expect(words(page)).toContain(notice);
  expect(levelOf(page)).toMatch(/senior/i);
});

test('a chosen level stays, and a server without previews does no harm', { timeout: 30_000 }, async () => {
  const server = new FakeServer();
  const summary = '37 questions fit: Rust.';
  server.replies.set('PreviewInterview', () => replyWith(PreviewInterviewResponseSchema, { summary, level: Level.STAFF }));
  const { page } = await pageOn(server, '/new');
  const junior = page.querySelectorAll<HTMLInputElement>('input[name=level]')[0]!;
  junior.checked = true;
  junior.dispatchEvent(new Event('change', { bubbles: true }));
  await typed(page, 'Staff Rust engineer');
  expect(levelOf(page)).toMatch(/junior/i);
  server.replies.set('PreviewInterview', () => refusal(Code.Unimplemented, 'no'));
  const field = page.querySelector<HTMLInputElement>('#role')!;
  field.value = 'Go engineer';
  field.dispatchEvent(new Event('input', { bubbles: true }));
  await vi.waitFor(() => expect(words(page)).not.toContain(summary), { timeout: 10_000 });
  await settled();
  expect(page.querySelector('[role=alert]')).toBeNull();
});
