// Real mode on the real server: a time limit, and feedback withheld until the end.
import { AxeBuilder } from '@axe-core/playwright';
import { expect, register, submit, test, UNKNOWN } from './support/world.js';

test('an interview in real mode gives no feedback until it has ended, and then all of it', async ({ page, world }) => {
  await register(page, world.url);
  await page.goto(`${world.url}/new`);
  await page.getByLabel('Role', { exact: true }).fill('Backend engineer');
  await page.getByRole('radio', { name: '2', exact: true }).check();
  await page.getByRole('radio', { name: 'real', exact: true }).check();
  await page.getByLabel('Total time').selectOption('30 minutes');
  await page.getByLabel('Time per question').selectOption('5 minutes');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByRole('timer', { name: 'Time left' })).toHaveText(/^(30:00|29:\d\d) left, 0[45]:\d\d for this question$/);
  await expect(page.getByRole('button', { name: 'Hint' })).toHaveCount(0);
  await submit(page, UNKNOWN);
  await expect(page).toHaveURL(/\/2$/);
  await page.getByRole('link', { name: 'Previous question' }).click();
  await expect(page.getByText('Scores and feedback come when the interview has ended.')).toBeVisible({ timeout: 30_000 });
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  // The clock continues even after a reload.
  await page.reload();
  await expect(page.getByRole('timer', { name: 'Time left' })).toHaveText(/^29:\d\d left/);

  await page.getByRole('button', { name: 'End the interview' }).click();
  await page.getByRole('button', { name: 'End it' }).click();
  await expect(page).toHaveURL(/\/report$/);
  await expect(page.getByText('1 of 2 questions evaluated')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('Report · today · real mode')).toBeVisible();
  await expect(page.getByText('Scores and feedback come when the interview has ended.')).toHaveCount(0);
});

test('questions and answers are found by their words', async ({ page, world }) => {
  test.setTimeout(180_000);
  await register(page, world.url);
  for (let made = 0; made < 5; made += 1) {
    await page.goto(`${world.url}/new`);
    await page.getByLabel('Role', { exact: true }).fill('Rust engineer');
    await page.getByRole('radio', { name: '1', exact: true }).check();
    await page.getByRole('button', { name: 'Start' }).click();
    await expect(page).toHaveURL(/\/interviews\/\d+\/1$/);
  }
  await submit(page, 'I would pin it with a zebra crossing.');
  await expect(page).toHaveURL(/\/report$/);
  await expect(page.getByText('1 of 1 question evaluated')).toBeVisible({ timeout: 30_000 });
  await page.goto(world.url);
  await expect(page.getByRole('listitem')).toHaveCount(5);
  await page.keyboard.press('/');
  await expect(page.getByLabel('Search interviews and answers')).toBeFocused();
  await page.keyboard.type('ZEBRA');
  const found = page.getByRole('region', { name: 'In your questions and answers' });
  await expect(found.getByRole('listitem')).toHaveCount(1);
  await expect(found.locator('mark')).toHaveText('zebra');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await found.getByRole('link').click();
  await expect(page.getByText('zebra crossing')).toBeVisible();
});
