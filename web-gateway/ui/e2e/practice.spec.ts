// The practice loop on the real server: a hint, a shown answer, a follow-up about what was left out.
import { ANSWER, begin, expect, register, submit, test } from './support/world.js';

test('a hint stays under its question, and showing the answer ends it and keeps the draft', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 2);
  await page.getByRole('button', { name: 'Hint', exact: true }).click();
  const hints = page.getByRole('list', { name: 'Hints' });
  await expect(hints).toContainText(/^Hint 1 of \d/);
  await page.reload();
  await expect(hints).toContainText(/^Hint 1 of \d/);
  await page.keyboard.press('g');
  await expect(hints.getByRole('listitem')).toHaveCount(2);

  await page.getByLabel('Your answer').fill(ANSWER);
  await page.getByRole('button', { name: 'I don’t know: show me' }).click();
  await page.getByRole('button', { name: 'Keep trying' }).click();
  await expect(page.getByLabel('Your answer')).toHaveValue(ANSWER);
  await page.getByRole('button', { name: 'I don’t know: show me' }).click();
  await page.getByRole('button', { name: 'Show me', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Example of a good answer' })).toBeVisible();
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeFocused();
  await expect(page.getByRole('button', { name: 'Ask again soon' })).toHaveAttribute('aria-pressed', 'true');

  await page.goto(`${world.url}${interview}/report`);
  await expect(page.getByText(/^1 of 2 · .*2 hints · answer shown$/)).toBeVisible();
  await expect(page.getByText('1 question not answered yet. 1 question not scored because you asked for the answer.')).toBeVisible();
  // The next question comes next, and the first keeps its draft.
  await page.getByRole('link', { name: 'Continue' }).click();
  await expect(page).toHaveURL(`${world.url}${interview}/2`);
  await page.goto(`${world.url}${interview}/1`);
  await page.getByRole('button', { name: 'Answer it anyway' }).click();
  await expect(page.getByLabel('Your answer')).toHaveValue(ANSWER);
  await submit(page, ANSWER);
  await expect(page.getByText('answer shown beforehand, so not counted in averages')).toBeVisible();
});

test('a follow-up comes right after its question, and one press opens it', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 2);
  await submit(page, ANSWER);
  await expect(page).toHaveURL(/\/2$/);
  await page.goto(`${world.url}${interview}/report`);
  await page.getByRole('button', { name: 'Ask me more' }).first().click({ timeout: 30_000 });
  await expect(page.locator('#q2')).toBeFocused();
  await expect(page.getByText(/^2 of 3 · .*follow-up to question 1/)).toBeVisible();
  await page.getByRole('link', { name: 'Answer it' }).first().click();
  await expect(page).toHaveURL(`${world.url}${interview}/2`);
  await submit(page, ANSWER);
  await expect(page).toHaveURL(`${world.url}${interview}/3`);
  // By key too.
  await page.goto(`${world.url}${interview}/1`);
  await expect(page.getByRole('button', { name: 'Ask me more' })).toBeVisible();
  await page.keyboard.press('f');
  await expect(page.getByText('3 of 4')).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Questions', exact: true }).getByRole('link')).toHaveCount(4);
});

test('an answer that the grader cannot read says so, and what to do, and is not called failed', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 1);
  await submit(
    page,
    'Ich würde zuerst messen, wo die Zeit bleibt, und danach nur eine einzige Sache ändern, damit ich weiß, was geholfen hat, und das Ergebnis mit den anderen besprechen.',
  );
  const article = page.getByRole('article');
  await expect(article).toContainText('No score: another language.', { timeout: 30_000 });
  await expect(article).toContainText('Answer in English');
  await expect(page.getByText('failed')).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Evaluate it again' })).toHaveCount(0);
  await page.goto(`${world.url}${interview}/1?again`);
  await expect(page.getByRole('complementary', { name: 'Your last answer' })).toContainText('No score: another language.');
});
