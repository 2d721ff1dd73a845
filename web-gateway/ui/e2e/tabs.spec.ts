// Two tabs of one browser share a cookie, an account and the storage.
import { ANSWER, begin, expect, register, submit, test } from './support/world.js';

test('two tabs that open at the same time both have the session', async ({ page, context, world }) => {
  await register(page, world.url);
  const other = await context.newPage();
  for (let turn = 0; turn < 3; turn += 1) {
    await Promise.all([page.goto(world.url), other.goto(world.url)]);
    for (const tab of [page, other]) await expect(tab.getByRole('heading', { name: 'Interviews', level: 1 })).toBeVisible();
  }
});

test('what is written in one tab appears in the other, and stays one answer', async ({ page, context, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 2);
  const other = await context.newPage();
  await other.goto(`${world.url}${interview}/1`);
  await expect(other.getByLabel('Your answer')).toBeVisible();
  await page.bringToFront();
  await page.getByLabel('Your answer').fill('Written in the first tab, and long enough');
  await expect(other.getByLabel('Your answer')).toHaveValue('Written in the first tab, and long enough');
  await submit(page, ANSWER);
  // The other tab follows the interview, so it shows the evaluation without being asked.
  await other.bringToFront();
  await expect(other.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
  await expect(other.getByText(/attempt 2/)).toHaveCount(0);
});

test('signing out in one tab signs out the other', async ({ page, context, world }) => {
  await register(page, world.url);
  const other = await context.newPage();
  await other.goto(`${world.url}/progress`);
  await expect(other.getByRole('heading', { name: 'Progress' })).toBeVisible();
  await page.getByText('ada', { exact: true }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible();
});
