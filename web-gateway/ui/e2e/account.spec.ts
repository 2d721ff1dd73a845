// The account: password, data and deletion.
import { readFileSync } from 'node:fs';
import { ADA, ANSWER, begin, expect, register, signIn, submit, test } from './support/world.js';

test('changing the password takes the current one', async ({ page, world }) => {
  await register(page, world.url);
  await page.goto(`${world.url}/account`);
  await page.getByLabel('Current password').fill('not the password');
  await page.getByLabel('New password').fill('a new password');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('This is not your password')).toBeVisible();
  await page.getByLabel('Current password').fill(ADA.password);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('Your password has been changed.');
  await page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
  await page.getByLabel('Username').fill(ADA.username);
  await page.getByLabel('Password').fill('a new password');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Interviews', level: 1 })).toBeVisible();
});

test('all stored data can be exported, and then deleted for good', async ({ page, context, world }) => {
  await register(page, world.url);
  await begin(page, world.url, 1);
  await submit(page, ANSWER);
  await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
  await page.goto(`${world.url}/account`);
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download everything' }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe('viva-ada.json');
  const text = readFileSync(await download.path(), 'utf8');
  expect(JSON.stringify(JSON.parse(text))).toContain('I would measure first');
  expect(text).not.toContain(ADA.password);

  await page.getByRole('button', { name: 'Delete the account' }).click();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await page.getByRole('button', { name: 'Delete the account' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete your account?' });
  await dialog.getByLabel('Your password').fill('not the password');
  await dialog.getByRole('button', { name: 'Delete everything' }).click();
  await expect(dialog.getByText('This is not your password')).toBeVisible();
  await dialog.getByLabel('Your password').fill(ADA.password);
  await dialog.getByRole('button', { name: 'Delete everything' }).click();
  await expect(page.getByRole('heading', { name: 'Create an account' })).toBeVisible();
  expect(await context.cookies()).toHaveLength(0);
  expect(await page.evaluate(() => Object.keys(localStorage).filter((name) => /draft|queue/.test(name)))).toEqual([]);
  await page.goto(`${world.url}/sign-in`);
  await page.getByLabel('Username').fill(ADA.username);
  await page.getByLabel('Password').fill(ADA.password);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toHaveText('Invalid username or password');
});

test('the time zone can be chosen, and is there in another browser', async ({ page, browser, world }) => {
  await register(page, world.url);
  await page.goto(`${world.url}/account`);
  await page.getByRole('combobox', { name: 'Time zone' }).selectOption('Pacific/Auckland');
  await expect(page.getByRole('region', { name: 'Messages' })).toContainText('Your days are those of Pacific/Auckland now.');
  const other = await (await browser.newContext({ timezoneId: 'America/New_York', serviceWorkers: 'block' })).newPage();
  await other.goto(world.url);
  await signIn(other);
  await other.getByRole('heading', { name: 'Interviews', level: 1 }).waitFor();
  await other.goto(`${world.url}/account`);
  await expect(other.getByRole('combobox', { name: 'Time zone' })).toHaveValue('Pacific/Auckland');
  await other.getByRole('button', { name: 'Use this browser’s: America/New_York' }).click();
  await expect(other.getByRole('combobox', { name: 'Time zone' })).toHaveValue('America/New_York');
  await other.context().close();
});
