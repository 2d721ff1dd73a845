// The screens other than the first are in a separate script.
import { ANSWER, begin, expect, register, submit, test } from './support/world.js';

const LATER = /\/assets\/later-[\w-]+\.js$/;

test('the other screens are loaded early: nothing is loaded in the middle of an interview', async ({ page, world }) => {
  await page.goto(world.url);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  const loaded = page.waitForResponse(LATER);
  await register(page, world.url);
  await loaded;
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  // From here on no file can be loaded.
  await page.route('**/assets/**', (route) => route.abort());
  await page.getByRole('link', { name: 'Start your first interview' }).click();
  await page.getByLabel('Role', { exact: true }).fill('Backend engineer');
  await page.getByText('1', { exact: true }).click();
  await page.getByRole('button', { name: 'Start' }).click();
  await page.getByLabel('Your answer').fill(ANSWER);
  await world.killServer();
  await submit(page, ANSWER);
  await expect(page.getByText('Your answer is saved in this browser and will be sent when the server is back.')).toBeVisible();
  await world.startServer();
  await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('1 of 1 question evaluated')).toBeVisible();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  expect(asked.filter((path) => path.endsWith('.js'))).toEqual([]);
});

test('a screen whose script is missing asks you to reload, and keeps what was typed', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 1);
  await page.getByLabel('Your answer').fill(ANSWER);
  await expect(page.getByText(/Draft saved \d\d:\d\d:\d\d/)).toBeVisible();
  let isNew = false;
  const missing = { status: 404, contentType: 'text/plain', body: 'There is no such file' };
  await page.route(LATER, (route) => (isNew ? route.continue() : route.fulfill(missing)));
  await page.goto(world.url + interview);
  await expect(page.getByRole('heading', { level: 1, name: 'This part of the page could not be loaded' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('What you have typed is saved in this browser.');
  await page.keyboard.press('?');
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('The shortcuts cannot be shown right now.');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  // From here on there is a new build.
  page.on('request', (request) => (isNew ||= request.isNavigationRequest()));
  await page.getByRole('button', { name: 'Reload the page' }).click();
  await expect(page.getByLabel('Your answer')).toHaveValue(ANSWER);
});

test('a screen whose script is late gets the focus when it arrives', async ({ page, world }) => {
  await register(page, world.url);
  let release = () => {};
  const held = new Promise<void>((done) => (release = done));
  await page.route(LATER, async (route) => (await held, route.continue()));
  await page.goto(world.url);
  await page.getByRole('link', { name: 'Progress' }).click();
  await expect(page.getByText('Loading…')).toBeVisible();
  release();
  await expect(page.getByRole('heading', { level: 1, name: 'Progress' })).toBeFocused();
});
