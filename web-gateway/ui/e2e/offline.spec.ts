// The page without its server: installing, opening, reading and writing, with nothing left for the next person.
import { createServer, request as ask, type Server } from 'node:http';
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from '@playwright/test';
import { ADA, ANSWER, begin, expect, register, signIn, submit, test } from './support/world.js';
import { freePort } from './support/programs.js';

test.use({ serviceWorkers: 'allow' });

const BOB = { username: 'bob', email: 'bob@example.org', password: 'correct horse battery' };
const bar = (page: Page) => page.getByRole('status').filter({ hasText: /You are offline|The server cannot be reached/ });

/** Waits until the worker has all files, which it fetches when the browser is idle. */
async function isInstalled(page: Page): Promise<void> {
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
}

/** Returns everything that the browser stores for this page, as text. */
function kept(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const text = (bytes: Uint8Array) => new TextDecoder('latin1').decode(bytes);
    const all = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const one of await cache.keys())
        all.push(one.url, JSON.stringify([...one.headers]), (await (await cache.match(one))?.text()) ?? '');
    }
    for (const { name } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((done) => {
        const opening = indexedDB.open(name ?? '');
        opening.onsuccess = () => done(opening.result);
      });
      for (const store of database.objectStoreNames) {
        await new Promise<void>((done) => {
          const looking = database.transaction(store).objectStore(store).openCursor();
          looking.onsuccess = () => {
            const at = looking.result;
            if (!at) return done();
            all.push(String(at.key), text((at.value as { bytes: Uint8Array }).bytes));
            at.continue();
          };
        });
      }
      database.close();
    }
    return all.join('\n');
  });
}

/** Waits until the browser stores, or no longer stores, something that matches. */
async function keeps(page: Page, what: RegExp, isThere = true): Promise<void> {
  await expect.poll(async () => what.test(await kept(page))).toBe(isThere);
}

/** Creates an interview of two questions, with the first evaluated and everything loaded. */
async function practised(page: Page, url: string): Promise<string> {
  const interview = await begin(page, url, 2);
  await submit(page, ANSWER);
  await page.goto(`${url}${interview}/report`);
  await expect(page.getByText('1 of 2 questions evaluated')).toBeVisible({ timeout: 30_000 });
  await page.goto(url);
  await expect(page.getByRole('listitem').filter({ hasText: '1 of 2 answered' })).toBeVisible();
  await keeps(page, /\d GetReport [^]*\d ListInterviews /);
  await isInstalled(page);
  return interview;
}

async function writeAway(page: Page, context: BrowserContext, url: string, interview: string, back: () => Promise<void>): Promise<void> {
  await page.goto(url);
  await expect(page.getByRole('link', { name: 'Backend engineer', exact: true })).toBeVisible();
  await expect(bar(page)).toContainText(/this is what was loaded at \d\d:\d\d\./);
  await page.getByRole('link', { name: 'Report on Backend engineer' }).click();
  await expect(page.getByText('1 of 2 questions evaluated')).toBeVisible();
  await page.reload();
  await expect(page.getByText('1 of 2 questions evaluated')).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
  await page.goto(`${url}${interview}/2`);
  await page.getByLabel('Your answer').fill('Written without a server, and long enough.');
  await expect(page.getByText(/Draft saved \d\d:\d\d:\d\d/)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Your answer')).toHaveValue('Written without a server, and long enough.');
  await submit(page, `${ANSWER} Then I would change one thing at a time.`);
  // The last answer leads to the report, where it waits.
  await expect(page.getByText('Sending 1 answer')).toBeVisible();
  expect(await context.cookies()).not.toHaveLength(0);
  await back();
  await expect(bar(page)).toHaveCount(0, { timeout: 30_000 });
  await expect(page.getByText('Sending 1 answer')).toHaveCount(0, { timeout: 30_000 });
  await expect(page.getByText('2 of 2 questions evaluated')).toBeVisible({ timeout: 30_000 });
}

test('the page can be installed', async ({ page, context, world }) => {
  await register(page, world.url);
  await isInstalled(page);
  const session = await context.newCDPSession(page);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  // A browser without a profile cannot install it.
  expect(installabilityErrors.map(({ errorId }) => errorId).filter((id) => id !== 'in-incognito')).toEqual([]);
  const { errors, url } = await session.send('Page.getAppManifest');
  expect([errors, url]).toEqual([[], `${world.url}/manifest.webmanifest`]);
});

test('without a network you can read what was loaded and write an answer, which is sent once the network is back', async ({
  page,
  context,
  world,
}) => {
  await register(page, world.url);
  const interview = await practised(page, world.url);
  await context.setOffline(true);
  await writeAway(page, context, world.url, interview, () => context.setOffline(false));
});

test('without the gateway the page still opens, and continues by itself when the gateway is back', async ({ page, context, world }) => {
  await register(page, world.url);
  const interview = await practised(page, world.url);
  await world.killGateway();
  await writeAway(page, context, world.url, interview, world.startGateway);
});

test('no token is stored, and signing out erases what was loaded', async ({ page, world }) => {
  const tokens: string[] = [];
  page.on('response', async (response) => {
    if (response.url().includes('/session/'))
      tokens.push(((await response.json().catch(() => ({}))) as { access_token?: string }).access_token ?? '');
  });
  await register(page, world.url);
  await practised(page, world.url);
  const all = await kept(page);
  const seen = tokens.filter((token) => token !== '');
  expect(seen.length).toBeGreaterThan(0);
  for (const token of seen) expect(all).not.toContain(token);
  expect(all).toContain('I would measure first');
  await page.getByText('ada', { exact: true }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await keeps(page, /I would measure first|\d GetReport |ada@example/, false);
  await world.killGateway();
  await page.goto(world.url);
  await expect(page.getByRole('heading', { name: 'Viva cannot be reached' })).toBeVisible();
});

test('another account sees nothing of the first, with or without the server', async ({ page, context, world }) => {
  await register(page, world.url);
  await practised(page, world.url);
  // The session is lost without a sign-out.
  await context.clearCookies();
  await page.goto('about:blank');
  await register(page, world.url, BOB);
  await expect(page.getByRole('link', { name: 'Start your first interview' })).toBeVisible();
  await keeps(page, /\d ListInterviews [^]*bob@example/);
  await keeps(page, /I would measure first|\d GetReport |ada@example/, false);
  await isInstalled(page);
  await context.setOffline(true);
  await page.reload();
  await expect(bar(page)).toBeVisible();
  await expect(page.getByText('bob', { exact: true }).first()).toBeVisible();
  await expect(page.getByText('Backend engineer')).toHaveCount(0);
});

test('a session that was ended elsewhere erases what was loaded once the server can say so', async ({ page, browser, context, world }) => {
  await register(page, world.url);
  await practised(page, world.url);
  await context.setOffline(true);
  await page.reload();
  await expect(bar(page)).toBeVisible();
  const device = await browser.newContext();
  const other = await device.newPage();
  await other.goto(world.url);
  await signIn(other);
  await other.getByText('ada', { exact: true }).click();
  await other.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await device.close();
  await context.setOffline(false);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible({ timeout: 30_000 });
  await keeps(page, /I would measure first|\d GetReport /, false);
});

test('a browser without storage still works', async ({ page, world }) => {
  await page.addInitScript(() => {
    Object.defineProperty(globalThis, 'indexedDB', {
      get: () => {
        throw new DOMException('no', 'SecurityError');
      },
    });
    Object.defineProperty(navigator, 'serviceWorker', {
      value: { register: () => Promise.reject(new DOMException('no', 'SecurityError')) },
    });
  });
  await register(page, world.url);
  const interview = await begin(page, world.url, 1);
  await submit(page, ANSWER);
  await expect(page.getByText('1 of 1 question evaluated')).toBeVisible({ timeout: 30_000 });
  await world.killServer();
  await page.goto(`${world.url}${interview}/report`);
  await expect(page.getByRole('heading', { name: 'Viva cannot be reached' })).toBeVisible();
  await world.startServer();
  await expect(page.getByText('1 of 1 question evaluated')).toBeVisible({ timeout: 30_000 });
});

/** A gateway with a later build, whose worker and page differ. */
async function later(target: string, port: number, build: { now: string }): Promise<Server> {
  const server = createServer((incoming, reply) => {
    const { method = 'GET', url = '/', headers } = incoming;
    const isChanged = method === 'GET' && (url === '/worker.js' || !/[.]/.test(url)) && build.now !== '';
    const going = ask(
      target + url,
      { method, headers: isChanged ? { ...headers, 'accept-encoding': 'identity', 'if-none-match': '' } : headers },
      (got) => {
        if (!isChanged) return void (reply.writeHead(got.statusCode ?? 500, got.rawHeaders), got.pipe(reply));
        let text = '';
        got.setEncoding('utf8').on('data', (part) => (text += String(part)));
        got.on('end', () => {
          const { 'content-length': _, etag: __, ...rest } = got.headers;
          reply.writeHead(got.statusCode ?? 500, rest);
          reply.end(
            text.replace(/('viva-page-', ')/, `$1${build.now}`).replace('</head>', `<meta name="build" content="${build.now}" /></head>`),
          );
        });
      },
    );
    going.on('error', () => reply.destroy());
    incoming.pipe(going);
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return server;
}

test('a new build appears with the next load, and replaces the old one without reloading anything', async ({ page, context, world }) => {
  const [port, build] = [await freePort(), { now: '' }];
  const server = await later(world.url, port, build);
  const url = `http://127.0.0.1:${port}`;
  const said = (one: Page) =>
    one
      .locator('meta[name="build"]')
      .getAttribute('content', { timeout: 1_000 })
      .catch(() => '');
  const builds = () => page.evaluate(() => caches.keys());
  await register(page, url);
  await isInstalled(page);
  const [first] = await builds();
  let loads = 0;
  page.on('load', () => (loads += 1));
  build.now = 'second';
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Interviews', level: 1 })).toBeVisible();
  expect(await said(page)).toBe('second');
  // The old build's files stay as long as one of its windows may be open.
  await expect.poll(builds).toHaveLength(2);
  await page.evaluate(async () => void (await navigator.serviceWorker.getRegistration())?.update());
  expect([loads, (await builds()).includes(first ?? '')]).toEqual([1, true]);
  // From the next start on only the new one is left, even without a server.
  await page.goto('about:blank');
  const next = await context.newPage();
  await page.close();
  await expect
    .poll(
      async () => {
        await next.goto(url);
        return next.evaluate(() => caches.keys());
      },
      { timeout: 30_000 },
    )
    .toEqual([expect.stringContaining('second')]);
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await next.reload();
  await expect(next.getByRole('heading', { name: 'Interviews', level: 1 })).toBeVisible();
  expect(await said(next)).toBe('second');
});

test('what an account stored stays private: once the session has ended, the page asks for the password', async ({
  page,
  context,
  world,
}) => {
  await register(page, world.url);
  await practised(page, world.url);
  await context.clearCookies();
  await page.goto(world.url);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await keeps(page, /I would measure first/, false);
  await page.getByLabel('Username').fill(ADA.username);
  await page.getByLabel('Password').fill(ADA.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('link', { name: 'Backend engineer', exact: true })).toBeVisible();
});
