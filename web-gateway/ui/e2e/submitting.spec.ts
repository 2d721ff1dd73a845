// One press submits, it can be taken back for a moment, and nothing is lost in between.
import type { Browser, Page } from '@playwright/test';
import { ANSWER, begin, expect, register, signIn, submit, test } from './support/world.js';

const answer = (page: Page) => page.getByLabel('Your answer');

/** Counts the answered questions of an interview as another device sees them. */
async function answeredElsewhere(browser: Browser, url: string, words: string): Promise<void> {
  const device = await browser.newContext();
  const other = await device.newPage();
  await other.goto(url);
  await signIn(other);
  await expect(other.getByRole('listitem').getByText(words)).toBeVisible();
  await device.close();
}

test('an answer that is taken back within five seconds never reaches the server', async ({ page, browser, world }) => {
  await register(page, world.url);
  await begin(page, world.url, 2);
  const sent: string[] = [];
  page.on('request', (request) => request.url().endsWith('/SubmitAnswer') && sent.push(request.url()));
  await submit(page, ANSWER);
  await expect(page).toHaveURL(/\/2$/);
  await page.getByRole('button', { name: 'Take it back' }).click();
  await expect(page).toHaveURL(/\/1$/);
  await expect(answer(page)).toHaveValue(ANSWER);
  await expect(answer(page)).toBeFocused();
  // By now it would have been sent.
  await expect(page.getByRole('button', { name: 'Take it back' })).toHaveCount(0, { timeout: 8_000 });
  expect(sent).toEqual([]);
  await answeredElsewhere(browser, world.url, '0 of 2 answered');
});

for (const way of ['closed', 'left'] as const) {
  test(`a page that is ${way} in between sends it`, async ({ page, context, browser, world }) => {
    await register(page, world.url);
    await begin(page, world.url, 2);
    await submit(page, ANSWER);
    await expect(page).toHaveURL(/\/2$/);
    if (way === 'closed') await page.close({ runBeforeUnload: true });
    else await page.goto('about:blank');
    await answeredElsewhere(browser, world.url, '1 of 2 answered');
    expect(context.pages().length).toBe(way === 'closed' ? 0 : 1);
  });
}

test('the last answer leads to the report, where its score appears by itself', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 1);
  await submit(page, ANSWER);
  await expect(page).toHaveURL(`${world.url}${interview}/report`);
  await expect(page.getByText('1 of 1 question evaluated')).toBeVisible({ timeout: 30_000 });
});

test('an answer is improved beside its evaluation, and the new score appears there', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 2);
  await submit(page, ANSWER);
  await page.goto(`${world.url}${interview}/1`);
  await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
  await page.getByRole('button', { name: 'Answer again' }).click();
  await expect(answer(page)).toHaveValue(ANSWER);
  await expect(answer(page)).toBeFocused();
  await expect(page.getByRole('complementary', { name: 'Your last answer' })).toContainText(/\d\.\d/);
  await expect(page.getByRole('complementary').getByRole('listitem').first()).toBeVisible();
  await submit(page, `${ANSWER} Then I would change one thing at a time, and say why.`);
  await expect(page).toHaveURL(`${world.url}${interview}/1`);
  await expect(page.getByText(/attempt 2/)).toBeVisible({ timeout: 30_000 });
  const beside = page.getByRole('region', { name: 'Attempt 2 compared with attempt 1' });
  await expect(beside).toContainText(/^\s*Attempt 2: \d\.\d \w+, .* \d\.\d \w+ in attempt 1\./, { timeout: 30_000 });
  await expect(beside.getByRole('listitem').first()).toContainText(/^(gained|lost|still missing|kept)/);
});
