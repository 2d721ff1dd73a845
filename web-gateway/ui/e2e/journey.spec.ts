import { readFile } from 'node:fs/promises';
import { ADA, ANSWER, expect, tabTo, test } from './support/world.js';

test('an interview from registering to signing out, by keyboard alone, and no token is kept', async ({ page, context, world }) => {
  const tokens: string[] = [];
  page.on('response', async (response) => {
    if (!/\/session\/(login|refresh)$/.test(response.url()) || response.status() !== 200) return;
    const reply = (await response.json().catch(() => ({}))) as { access_token?: string };
    if (reply.access_token) tokens.push(reply.access_token);
  });
  await page.goto(world.url);
  await expect(page).toHaveURL(/\/sign-in$/);

  await tabTo(page, page.getByRole('link', { name: 'Create an account' }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Create an account' })).toBeFocused();
  for (const [label, text] of [
    ['Username', ADA.username],
    ['Email', ADA.email],
    ['Password', ADA.password],
  ] as const) {
    await tabTo(page, page.getByLabel(label));
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Interviews', level: 1 })).toBeFocused();

  // The same key as in the terminal.
  await page.keyboard.press('n');
  await expect(page.getByRole('heading', { name: 'New interview' })).toBeFocused();
  await tabTo(page, page.getByLabel('Role', { exact: true }));
  await page.keyboard.type('Backend engineer');
  await tabTo(page, page.getByRole('radio', { name: '5', exact: true }));
  for (let left = 5; left > 2; left -= 1) await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('radio', { name: '2', exact: true })).toBeChecked();
  await tabTo(page, page.getByRole('button', { name: 'Start' }));
  await page.keyboard.press('Enter');
  await expect(page.getByText('1 of 2')).toBeVisible();

  for (const number of [1, 2]) {
    await page.keyboard.press('e');
    await expect(page.getByLabel('Your answer')).toBeFocused();
    await page.keyboard.type('Short');
    await page.keyboard.press('Control+Enter');
    await expect(page.getByText('Answer must be at least 10 characters')).toBeVisible();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type(ANSWER);
    await page.keyboard.press('Control+Enter');
    if (number === 1) {
      await expect(page.getByRole('heading', { level: 2 }).first()).toBeFocused();
      // A key takes back what was just submitted.
      await page.keyboard.press('u');
      await expect(page.getByLabel('Your answer')).toBeFocused();
      await expect(page.getByLabel('Your answer')).toHaveValue(ANSWER);
      await page.keyboard.press('Alt+Enter');
      await expect(page.getByText('2 of 2')).toBeVisible();
    }
  }

  // The last answer leads to the report, where evaluations appear by themselves.
  await expect(page).toHaveURL(/\/report$/);
  await expect(page.getByRole('heading', { name: 'Backend engineer · mid' })).toBeFocused();
  await expect(page.getByText('2 of 2 questions evaluated')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByRole('heading', { name: 'What a good answer says' }).first()).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(page.locator('#q2')).toBeFocused();

  await tabTo(page, page.getByRole('button', { name: 'Save as Markdown' }));
  const coming = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const download = await coming;
  expect(download.suggestedFilename()).toMatch(/^viva-report-\d+-backend-engineer\.md$/);
  const file = await readFile(await download.path(), 'utf8');
  expect(file).toContain('# Backend engineer');
  expect(file).toContain(ANSWER);

  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);

  const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
  expect(tokens.length).toBeGreaterThan(0);
  for (const token of tokens) expect(kept).not.toContain(token);
  const cookies = await context.cookies();
  expect(cookies).toHaveLength(1);
  expect(cookies[0]).toMatchObject({ name: expect.stringMatching(/^viva_refresh_\d+$/), httpOnly: true, sameSite: 'Strict' });
  expect(kept).not.toContain(cookies[0]?.value ?? 'none');

  await tabTo(page, page.locator('header summary'));
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByRole('button', { name: 'Sign out', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeFocused();
  expect(await context.cookies()).toHaveLength(0);
  await page.goto(`${world.url}/progress`);
  await expect(page).toHaveURL(/\/sign-in\?next=%2Fprogress$/);
});
