/** The fixtures of every test: a server, its gateway, and a browser. */

import { expect, test as base, type Locator, type Page } from '@playwright/test';
import { freePort, newFolder, startGateway, startServer, type Program } from './programs.js';

/** A server that can be killed and restarted, and its gateway. */
export interface World {
  url: string;
  server: Program;
  /** The server's settings. */
  settings: Record<string, string>;
  /** Kills the server like a power cut. */
  killServer: () => Promise<void>;
  /** Starts it again, on the same data. */
  startServer: (more?: Record<string, string>) => Promise<void>;
  /** Kills the gateway, so that the page can no longer be loaded. */
  killGateway: () => Promise<void>;
  /** Starts it again, at the same address. */
  startGateway: () => Promise<void>;
}

/** A person who can sign in. */
export const ADA = { username: 'ada', email: 'ada@example.org', password: 'correct horse battery' };

interface Fixtures {
  world: World;
  settings: Record<string, string>;
  /** Unexpected errors in the page. */
  faults: string[];
}

export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],
  world: async ({ settings }, use) => {
    const folder = newFolder();
    const gatewayFolder = newFolder();
    const port = await freePort();
    let server = await startServer(port, folder.path, settings);
    const gatewayPort = await freePort();
    let gateway = await startGateway(gatewayPort, gatewayFolder.path, server.url);
    await use({
      url: gateway.url,
      server,
      settings,
      killServer: () => server.kill(),
      startServer: async (more = {}) => void (server = await startServer(port, folder.path, { ...settings, ...more })),
      killGateway: () => gateway.kill(),
      startGateway: async () => void (gateway = await startGateway(gatewayPort, gatewayFolder.path, server.url)),
    });
    await Promise.all([server.kill(), gateway.kill()]);
    folder.remove();
    gatewayFolder.remove();
  },
  faults: [
    async ({ context }, use) => {
      const faults: string[] = [];
      context.on('weberror', (error) => faults.push(String(error.error())));
      context.on('console', (message) => {
        if (/Content Security Policy|Refused to/.test(message.text())) faults.push(message.text());
      });
      context.on('dialog', (dialog) => (faults.push(`dialog: ${dialog.message()}`), void dialog.dismiss()));
      await use(faults);
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

/** Creates an account, Ada's by default, and signs in with it. */
export async function register(page: Page, url: string, person = ADA): Promise<void> {
  await page.goto(`${url}/register`);
  await page.getByLabel('Username').fill(person.username);
  await page.getByLabel('Email').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Create an account' }).click();
  await expect(page.getByRole('heading', { name: 'Interviews', level: 1 })).toBeVisible();
}

/** Signs Ada in on the sign-in screen. */
export async function signIn(page: Page): Promise<void> {
  await page.getByLabel('Username').fill(ADA.username);
  await page.getByLabel('Password').fill(ADA.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Starts an interview with this many questions and returns its path. */
export async function begin(page: Page, url: string, questions: number, role = 'Backend engineer'): Promise<string> {
  await page.goto(`${url}/new`);
  await page.getByLabel('Role', { exact: true }).fill(role);
  await page.getByRole('radio', { name: String(questions), exact: true }).check();
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page).toHaveURL(/\/interviews\/\d+\/1$/);
  return new URL(page.url()).pathname.replace(/\/1$/, '');
}

/** Writes an answer and submits it. It is sent when it can no longer be taken back. */
export async function submit(page: Page, text: string): Promise<void> {
  await page.getByLabel('Your answer').fill(text);
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
}

/** Moves the focus to a place with Tab. */
export async function tabTo(page: Page, place: Locator, most = 60): Promise<void> {
  for (let press = 0; press < most; press += 1) {
    if (await place.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${String(place)} cannot be reached by Tab`);
}

/** An answer that says something about anything. */
export const ANSWER = 'I would measure first.';

/** An answer that makes no point of any question, so no follow-up comes. */
export const UNKNOWN = 'I do not know that one.';
