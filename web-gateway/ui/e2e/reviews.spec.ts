// Reviews on the real server: an answer's points become due in a time zone where it is tomorrow already.
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { ANSWER, begin, expect, register, signIn, submit, tabTo, test } from './support/world.js';

/** The last time zone to begin a day, and the first. A point that was missed in the last is due in the first. */
const LAST_ZONE = 'Pacific/Pago_Pago';
const FIRST_ZONE = 'Pacific/Kiritimati';

/** Answers a question where the day begins last, and lets the server take in its points. */
async function answered(browser: Browser, url: string): Promise<void> {
  const context = await browser.newContext({ timezoneId: LAST_ZONE });
  const page = await context.newPage();
  await register(page, url);
  await begin(page, url, 1);
  await submit(page, ANSWER);
  await expect(page.getByText('1 of 1 question evaluated')).toBeVisible({ timeout: 30_000 });
  await page.goto(url);
  await expect(page.getByText('Nothing is due today.')).toBeVisible();
  await context.close();
}

/** Opens the page where the day begins first. */
async function opened(browser: Browser, url: string, more: { colorScheme?: 'light' | 'dark'; width?: number } = {}): Promise<Page> {
  const context = await browser.newContext({
    timezoneId: FIRST_ZONE,
    colorScheme: more.colorScheme ?? 'light',
    viewport: { width: more.width ?? 1280, height: 800 },
  });
  const page = await context.newPage();
  await page.goto(url);
  await signIn(page);
  await expect(page.getByText(/^\d+ points? due today$/)).toBeVisible();
  return page;
}

async function check(page: Page, screen: string): Promise<void> {
  await page.locator('.bone').first().waitFor({ state: 'detached' });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${screen}: ${id} ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), screen).toBeLessThanOrEqual(0);
}

for (const [colorScheme, width] of [
  ['dark', 320],
  ['light', 1280],
] as const) {
  test(`points that are due are asked one by one, ${colorScheme} at ${width} px`, async ({ browser, world }) => {
    await answered(browser, world.url);
    const page = await opened(browser, world.url, { colorScheme, width });
    await check(page, 'list with points that are due');
    await page.getByRole('link', { name: 'Review', exact: true }).click();
    await expect(page.getByText(/^1 of \d+ · /)).toBeVisible();
    await check(page, 'a point that is asked for');
    // A press just after the editor has appeared is meant for what was there before.
    await expect(async () => {
      await page.getByRole('button', { name: 'Submit', exact: true }).click();
      await expect(page.getByRole('alert')).toHaveText('Write what you know, or have the point shown.', { timeout: 500 });
    }).toPass();
    await page.getByLabel('Your answer, a sentence or two').fill('I am not sure about this one.');
    await page.getByRole('button', { name: 'I don’t know: show me' }).click();
    await expect(page.getByRole('heading', { name: 'Missed.' })).toBeVisible();
    await expect(page.getByText(/^It comes back in \d+ days?, on /)).toBeVisible();
    await check(page, 'a point that was shown');
    await page.getByRole('button', { name: 'Do not ask again' }).click();
    await expect(page.getByText('You will not be asked for it again.').first()).toBeVisible();
    while (await page.getByRole('button', { name: 'Put off until tomorrow' }).isVisible()) {
      const prompt = (await page.getByRole('heading', { level: 2 }).first().textContent()) ?? '';
      await page.getByRole('button', { name: 'Put off until tomorrow' }).click();
      await expect(page.getByRole('heading', { level: 2, name: prompt, exact: true })).toHaveCount(0);
    }
    await expect(page.getByText(/reviewed. That is all for now. The next ones are due on /)).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Memory, weakest topics first' })).toBeVisible();
    await expect(page.getByText(`Days are those of ${FIRST_ZONE}.`)).toBeVisible();
    await check(page, 'nothing left to review');
    await page.goto(`${world.url}/progress`);
    await expect(page.getByRole('heading', { name: 'Memory, weakest topics first' })).toBeVisible();
    await check(page, 'progress with the memory');
    await page.getByRole('link', { name: 'Ten-minute drill' }).click();
    await expect(page.getByText(/^1 of \d+ · .* · (due|weak|strong)$/)).toBeVisible();
    await page.context().close();
  });
}

test('a review needs no pointer, and what is typed outlives the page', async ({ browser, world }) => {
  await answered(browser, world.url);
  const page = await opened(browser, world.url);
  await page.keyboard.press('d');
  await expect(page.getByRole('heading', { level: 1, name: 'Review' })).toBeFocused();
  await expect(page.getByLabel('Your answer')).toBeVisible();
  await page.keyboard.press('e');
  await page.keyboard.type('Half an answer');
  await expect(page.getByText(/Draft saved/)).toBeVisible();
  await page.reload();
  await expect(page.getByLabel('Your answer')).toHaveValue('Half an answer');
  await tabTo(page, page.getByLabel('Your answer'));
  await page.keyboard.press('Control+End');
  await page.keyboard.type(', and the other half.');
  await page.keyboard.press('Control+Enter');
  // The grader rates the answer, or says why it does not.
  await expect(page.getByRole('button', { name: 'Continue' }).or(page.getByText('No rating.'))).toBeVisible();
  if (await page.getByText('No rating.').isVisible()) {
    await expect(page.getByLabel('Your answer')).toBeFocused();
    await tabTo(page, page.getByRole('button', { name: 'I don’t know: show me' }));
    await page.keyboard.press('Enter');
  }
  await expect(page.getByRole('button', { name: 'Continue' })).toBeFocused();
  expect(await page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith('viva.draft.')))).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Your answer')).toBeFocused();
  await page.context().close();
});

test('while the server is away a review keeps what is written, and goes on when it is back', async ({ browser, world }) => {
  await answered(browser, world.url);
  const page = await opened(browser, world.url);
  await page.goto(`${world.url}/review`);
  await page.getByLabel('Your answer').fill('Written while the server was away.');
  await world.killServer();
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await expect(page.getByText(/What you wrote is kept\.$/).first()).toBeVisible({ timeout: 30_000 });
  await expect(page.getByLabel('Your answer')).toHaveValue('Written while the server was away.');
  await world.startServer();
  await expect(async () => {
    await page.getByRole('button', { name: 'I don’t know: show me' }).click();
    await expect(page.getByRole('heading', { name: 'Missed.' })).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 30_000 });
  await page.context().close();
});
