// A draft belongs to one question, one window and one person, whatever else happens.
import type { Page } from '@playwright/test';
import { ANSWER, begin, expect, register, signIn, submit, test } from './support/world.js';

const answer = (page: Page) => page.getByLabel('Your answer');
const said = (page: Page) => page.locator('#answer-state');

/** The drafts and unsent answers that this browser stores. */
const kept = (page: Page) =>
  page.evaluate(() =>
    Object.keys(localStorage)
      .filter((name) => /draft|queue/.test(name))
      .map((name) => (JSON.parse(localStorage.getItem(name) ?? '{}') as { text: string }).text)
      .sort(),
  );

test('a submitted answer deletes its own draft and no other, even from the last question to the first', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 3);
  await page.getByRole('link', { name: 'Next question' }).click();
  await answer(page).fill('A draft of the second answer.');
  await page.getByRole('link', { name: 'Previous question' }).click();
  await submit(page, ANSWER);
  await expect(page).toHaveURL(`${world.url}${interview}/2`);
  await expect(answer(page)).toHaveValue('A draft of the second answer.');
  // The submitted answer is stored until the server has it.
  await expect.poll(() => kept(page)).toEqual(['A draft of the second answer.']);
  await page.getByRole('link', { name: 'Next question' }).click();
  await submit(page, `${ANSWER} That is all.`);
  await expect(page).toHaveURL(`${world.url}${interview}/2`);
  await expect(answer(page)).toHaveValue('A draft of the second answer.');
  await page.reload();
  await expect(answer(page)).toHaveValue('A draft of the second answer.');
  await expect.poll(() => kept(page)).toEqual(['A draft of the second answer.']);
});

test('two windows writing for one question keep both texts, and say so', async ({ page, context, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 2);
  const other = await context.newPage();
  await other.goto(`${world.url}${interview}/1`);
  await expect(answer(other)).toBeVisible();
  await Promise.all([answer(page).fill('Typed in the first window.'), answer(other).fill('Typed in the second window.')]);
  for (const window of [page, other])
    await expect(said(window)).toHaveText('There is a different draft from another window. Both are saved; the other one is below.');
  expect(await kept(page)).toEqual(['Typed in the first window.', 'Typed in the second window.']);
  await page.getByText('Read it').click();
  await expect(page.locator('main').getByText('Typed in the second window.')).toBeVisible();
  await page.getByRole('button', { name: 'Use it instead' }).click();
  await expect(answer(page)).toHaveValue('Typed in the second window.');
  await page.getByRole('button', { name: 'Delete it' }).click();
  await expect.poll(() => kept(page)).toEqual(['Typed in the second window.']);
});

test('a window says so if another one answers its question, and keeps its text', async ({ page, context, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 2);
  const other = await context.newPage();
  await other.goto(`${world.url}${interview}/1`);
  await answer(other).fill('Words that are still being looked for.');
  await expect(said(other)).toContainText('Draft saved');
  await submit(page, ANSWER);
  await expect(page).toHaveURL(`${world.url}${interview}/2`);
  await expect(said(other)).toHaveText(
    'This question has been answered in the meantime, probably in another window. Your text here is saved.',
  );
  await expect(answer(other)).toHaveValue('Words that are still being looked for.');
  await other.getByRole('button', { name: 'Show the answer that was submitted' }).click();
  await expect(other.locator('.answer')).toContainText('I would measure first');
  await expect(other.getByText('You also have an unsubmitted draft for this question')).toBeVisible();
  await other.reload();
  await other.getByRole('button', { name: 'Answer again' }).click();
  await expect(answer(other)).toHaveValue('Words that are still being looked for.');
});

test('signing out of a browser with drafts asks what to do with them', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 1);
  await answer(page).fill('Something that is nobody else’s business.');
  const leave = async () => {
    await page.getByText('ada', { exact: true }).first().click();
    await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
  };
  await leave();
  const dialog = page.getByRole('dialog', { name: 'Sign out?' });
  await expect(dialog).toContainText('This browser has 1 draft.');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await leave();
  await dialog.getByRole('button', { name: 'Keep and sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Interviews' })).toBeVisible();
  await page.goto(world.url + interview);
  await expect(answer(page)).toHaveValue('Something that is nobody else’s business.');
  await leave();
  await dialog.getByRole('button', { name: 'Delete and sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  expect(await kept(page)).toEqual([]);
});

test('deleting an interview deletes its drafts', async ({ page, world }) => {
  await register(page, world.url);
  await begin(page, world.url, 1, 'Role to keep');
  await answer(page).fill('A draft that stays.');
  await begin(page, world.url, 1, 'Role to delete');
  await answer(page).fill('A draft that goes.');
  await page.goto(world.url);
  await page.getByRole('button', { name: 'Delete Role to delete' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('link', { name: 'Role to delete', exact: true })).toHaveCount(0);
  expect(await kept(page)).toEqual(['A draft that stays.']);
});
