// What goes wrong in the middle of an answer, and loses nothing.
import { ANSWER, begin, expect, register, signIn, submit, test } from './support/world.js';

test('a server that is lost in the middle of an answer loses none of it', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 2);
  await page.getByLabel('Your answer').fill(ANSWER);

  await world.killServer();
  await page.getByRole('button', { name: 'Submit', exact: true }).click();
  await page.getByRole('button', { name: 'Yes, submit' }).click();
  await expect(page.getByText('1 answer on the way')).toBeVisible();
  await page.goto(`${world.url}${interview}/1`);

  // The page was closed and opened again with the server still away: it says so, and waits.
  await expect(page.getByRole('heading', { name: 'Viva is not there just now' })).toBeVisible();
  await expect(page.getByText('Unable to reach server. Please try again later.')).toBeVisible();

  await world.startServer();
  // Nobody presses anything: it comes back, sends the answer, and shows what becomes of it.
  await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('1 answer on the way')).toHaveCount(0);
  await expect(page.locator('.answer')).toContainText('I would measure first');
  // Stored once: a second one would be attempt 2.
  await expect(page.getByText(/attempt 2/)).toHaveCount(0);
});

test('an answer that waits for the server can be seen, edited and sent later', async ({ page, world }) => {
  await register(page, world.url);
  await begin(page, world.url, 1);
  await world.killServer();
  await submit(page, ANSWER);
  await expect(page.getByText('Your answer is kept in this browser and sent when the server is back.')).toBeVisible();
  await page.getByRole('button', { name: 'Edit it' }).click();
  await expect(page.getByLabel('Your answer')).toHaveValue(ANSWER);
  await submit(page, `${ANSWER} That is all.`);
  await world.startServer();
  await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
  await expect(page.locator('.answer')).toContainText('That is all.');
});

test('a draft outlives the page, a crash of the browser, and its account’s being signed out', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 1);
  await page.getByLabel('Your answer').pressSequentially('A thought that is not finished');
  await expect(page.getByText(/Draft saved \d\d:\d\d:\d\d/)).toBeVisible();
  await page.goto('about:blank');
  await page.goto(world.url + interview);
  await expect(page.getByLabel('Your answer')).toHaveValue('A thought that is not finished');
  await page.evaluate(() => fetch('/session/logout', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"everywhere":true}' }));
  await page.goto(world.url + interview);
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await signIn(page);
  await expect(page.getByLabel('Your answer')).toHaveValue('A thought that is not finished');
});

test('a token that runs out in the middle of an interview is replaced without anybody noticing', async ({ page, world }) => {
  await register(page, world.url);
  await begin(page, world.url, 1);
  let refreshes = 0;
  page.on('request', (request) => (refreshes += Number(request.url().endsWith('/session/refresh'))));
  await page.getByLabel('Your answer').fill(ANSWER);
  // Another key: what the page holds is refused from now on, and what the cookie holds is not.
  await world.killServer();
  await world.startServer({ SECRET_KEY: 'another key of this server, long enough too' });
  await submit(page, ANSWER);
  await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
  expect(refreshes).toBeGreaterThan(0);
  await expect(page).toHaveURL(/\/interviews\/\d+\/1$/);
});

test('a session that has ended leads to signing in, and back to the words that were typed', async ({ page, browser, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 1);
  await page.getByLabel('Your answer').fill(ANSWER);
  // The same person, on another device, signs out everywhere.
  const device = await browser.newContext();
  const other = await device.newPage();
  await other.goto(world.url);
  await signIn(other);
  await other.getByText('ada', { exact: true }).click();
  await other.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(other.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await device.close();

  // Nobody presses anything: the page hears of it.
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Messages' }).getByText('What you typed is kept')).toBeVisible();
  await signIn(page);
  await expect(page).toHaveURL(`${world.url}${interview}/1`);
  await expect(page.getByLabel('Your answer')).toHaveValue(ANSWER);
});

test('wrong input is told beside its field, and what was typed stays', async ({ page, world }) => {
  await register(page, world.url);
  await page.getByText('ada', { exact: true }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
  await page.getByLabel('Username').fill('ada');
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert')).toHaveText('Invalid username or password');
  await expect(page.getByLabel('Username')).toHaveValue('ada');

  await page.getByRole('link', { name: 'Create an account' }).click();
  await page.getByRole('button', { name: 'Create an account' }).click();
  await expect(page.getByText('Please enter a valid email address')).toBeVisible();
  await expect(page.getByLabel('Username')).toBeFocused();
  await page.getByLabel('Username').fill('ada');
  await page.getByLabel('Email').fill('someone@example.org');
  await page.getByLabel('Password').fill('correct horse battery');
  await page.getByRole('button', { name: 'Create an account' }).click();
  await expect(page.getByText('Username is already taken')).toBeVisible();
  await expect(page.getByLabel('Email')).toHaveValue('someone@example.org');
});

test('what is another’s, or nobody’s, is said to be so, with a way back', async ({ page, world }) => {
  await register(page, world.url);
  await page.goto(`${world.url}/interviews/999999/report`);
  await expect(page.getByRole('alert')).toContainText('Resource not found.');
  await page.goto(`${world.url}/no/such/page`);
  await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
  await page.getByRole('link', { name: 'Back to your interviews' }).click();
  await expect(page.getByRole('heading', { name: 'Interviews', level: 1 })).toBeVisible();
});

test('an interview is deleted after one question, and not before', async ({ page, world }) => {
  await register(page, world.url);
  await begin(page, world.url, 1, 'Role to delete');
  await page.goto(world.url);
  await page.getByRole('button', { name: 'Delete Role to delete' }).click();
  await expect(page.getByRole('button', { name: 'Keep it' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'Role to delete', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Delete Role to delete' }).click();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('link', { name: 'Start your first interview' })).toBeVisible();
});
