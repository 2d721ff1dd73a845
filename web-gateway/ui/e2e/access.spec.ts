// Every screen in both themes: no axe finding, and nothing wider than the window.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { ANSWER, begin, expect, register, signIn, submit, test } from './support/world.js';

async function check(page: Page, screen: string): Promise<void> {
  // axe would measure elements that are still fading in passing colours.
  await page.locator('.bone').first().waitFor({ state: 'detached' });
  const { violations } = await new AxeBuilder({ page }).analyze();
  const telling = violations.map(({ id, impact, nodes }) => `${screen}: ${id} (${impact}) ${nodes.map((node) => node.html).join(' | ')}`);
  // Minor best practices count too, because there are no such findings so far.
  expect(telling).toEqual([]);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page.getByRole('main')).toHaveCount(1);
  await checkWidths(page, screen);
}

/** Checks that nothing on the screen is wider than the window. A wide screen is tried at narrower widths too. */
async function checkWidths(page: Page, screen: string): Promise<void> {
  const shown = page.viewportSize() ?? { width: 1280, height: 800 };
  for (const width of shown.width === 320 ? [320] : [1280, 768, 360, 320]) {
    if (width !== shown.width) await page.setViewportSize({ ...shown, width });
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(tooWide, `${screen} at ${width} px`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize(shown);
}

async function signInAt(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Interviews', level: 1 })).toBeVisible();
}

async function closeDialog(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [320, 1280]) {
    test(`every screen is accessible, ${colorScheme}, ${width} px wide`, async ({ browser, world }) => {
      test.setTimeout(240_000);
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, reducedMotion: 'reduce' });
      const page = await context.newPage();
      const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });

      await page.goto(world.url);
      await expect(heading('Sign in')).toBeVisible();
      await check(page, 'sign-in');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await check(page, 'sign-in with faults');
      await page.goto(`${world.url}/register`);
      await check(page, 'register');
      await register(page, world.url);
      await expect(page.getByRole('link', { name: 'Start your first interview' })).toBeVisible();
      await check(page, 'empty dashboard');
      await page.goto(`${world.url}/progress`);
      await expect(heading('Progress')).toBeVisible();
      await check(page, 'empty progress');
      await page.goto(`${world.url}/starred`);
      await expect(page.getByText('You have not starred or noted a question yet')).toBeVisible();
      await check(page, 'no starred questions');
      await page.goto(`${world.url}/new`);
      await page.getByText('Topics', { exact: false }).first().click();
      await check(page, 'new interview');

      const interview = await begin(page, world.url, 2);
      await check(page, 'interview');
      await page.getByRole('button', { name: 'Star', exact: true }).click();
      await page.getByRole('button', { name: 'Note', exact: true }).click();
      await page.getByLabel('Your note').fill('Say what it costs.');
      await check(page, 'interview with a note');
      await page.getByRole('button', { name: 'Save note' }).click();
      await expect(page.getByLabel('Your note')).toHaveCount(0);
      await page.getByLabel('Your answer').fill('Short');
      await page.getByRole('button', { name: 'Submit', exact: true }).click();
      await check(page, 'interview with a fault');
      await page.getByLabel('Your answer').fill(ANSWER);
      await page.getByRole('button', { name: 'Submit', exact: true }).click();
      await expect(page.getByText('2 of 2')).toBeVisible();
      await check(page, 'answer that can be taken back');
      await page.getByRole('button', { name: 'Take it back' }).click();
      await expect(page.getByLabel('Your answer')).toHaveValue(ANSWER);
      await page.getByText('ada', { exact: true }).first().click();
      await page.getByRole('button', { name: 'Sign out', exact: true }).first().click();
      await expect(page.getByRole('dialog', { name: 'Sign out?' })).toBeVisible();
      await check(page, 'question before signing out');
      await closeDialog(page);
      const other = await context.newPage();
      await other.goto(page.url());
      await Promise.all([page, other].map((window, at) => window.getByLabel('Your answer').fill(`Typed in window ${at}, long enough.`)));
      await expect(page.getByText('There is another draft of this answer')).toBeVisible();
      await check(page, 'interview with two texts');
      await other.close();
      await page.getByRole('button', { name: 'Delete it' }).click();
      await submit(page, ANSWER);
      await expect(page.getByText('2 of 2')).toBeVisible();
      // Leaving the page sends it at once.
      await page.goto(`${world.url}${interview}/1`);
      await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
      for (const details of await page.locator('main details').all()) await details.locator('summary').click();
      await check(page, 'evaluated answer');
      await page.goto(`${world.url}${interview}/report`);
      await expect(page.getByText('1 of 2 questions evaluated')).toBeVisible();
      await check(page, 'report');
      await page.goto(`${world.url}/progress`);
      await expect(page.getByText('Topics, weakest first')).toBeVisible();
      await check(page, 'progress');
      await page.goto(`${world.url}/starred`);
      await expect(page.getByRole('heading', { level: 2 })).toHaveCount(1);
      await check(page, 'starred questions');
      await page.goto(`${world.url}/account`);
      await expect(heading('Account')).toBeVisible();
      await check(page, 'account');
      await page.getByRole('button', { name: 'Delete the account' }).click();
      await check(page, 'question before deleting the account');
      await closeDialog(page);
      await page.getByText('ada', { exact: true }).first().click();
      await check(page, 'menu');
      await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
      await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
      await check(page, 'keys');
      await page.goto(`${world.url}/interviews/999999`);
      await expect(page.getByRole('alert')).toBeVisible();
      await check(page, 'missing interview');
      await page.goto(`${world.url}/nowhere`);
      await check(page, 'unknown path');

      await page.goto(world.url);
      await expect(heading('Interviews')).toBeVisible();
      await check(page, 'dashboard');
      await page.getByRole('button', { name: /^Delete / }).click();
      await check(page, 'question before deleting');
      await page.keyboard.press('Escape');
      await world.killServer();
      await page.goto(`${world.url}${interview}/2`);
      await expect(page.getByText('this is what was loaded at')).toBeVisible();
      await check(page, 'interview that was loaded before, without a server');
      await page.goto(`${world.url}/starred`);
      await check(page, 'without a server');
      await page.evaluate(() => indexedDB.deleteDatabase('viva-loaded'));
      await page.reload();
      await expect(heading('Viva cannot be reached')).toBeVisible();
      await check(page, 'without a server, and with nothing loaded');
      await context.close();
    });
  }
}

test('the theme can be chosen, and the choice is stored', async ({ page, world }) => {
  await page.goto(world.url);
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await background();
  await page.getByText('Theme', { exact: true }).first().click();
  await page.getByRole('radio', { name: 'dark' }).check();
  const dark = await background();
  expect(dark).not.toBe(light);
  await page.reload();
  await expect.poll(background).toBe(dark);
});

for (const [system, chosen] of [
  ['light', 'dark'],
  ['dark', 'light'],
] as const) {
  test(`a ${chosen} theme on a ${system} system is in the first frame`, async ({ browser, world }) => {
    const context = await browser.newContext({ colorScheme: system });
    const page = await context.newPage();
    const colours = () =>
      page.evaluate(() => [
        getComputedStyle(document.documentElement).backgroundColor,
        getComputedStyle(document.documentElement).colorScheme,
      ]);
    await page.goto(world.url);
    await page.getByText('Theme', { exact: true }).first().click();
    await page.getByRole('radio', { name: chosen }).check();
    const expected = await colours();
    // The page's script never arrives, so this is what you see before it has run.
    await page.route(/\/assets\/index-[\w-]+\.js$/, () => {});
    await page.reload({ waitUntil: 'commit' });
    await expect.poll(() => page.evaluate(() => document.styleSheets.length)).toBeGreaterThan(0);
    expect(await colours()).toEqual(expected);
    await expect(page.locator('#app')).toBeEmpty();
    await context.close();
  });
}

test('nothing moves with reduced motion, and loading placeholders do otherwise', async ({ browser, world }) => {
  const running: number[] = [];
  for (const reducedMotion of ['reduce', 'no-preference'] as const) {
    const context = await browser.newContext({ reducedMotion });
    const page = await context.newPage();
    if (running.length === 0) await register(page, world.url);
    else await signInAt(page, world.url);
    // The list never arrives.
    await page.route('**/ListInterviews', () => {});
    await page.reload();
    await expect(page.locator('.bone').first()).toBeVisible();
    running.push(await page.evaluate(() => document.getAnimations().length));
    await context.close();
  }
  expect(running).toEqual([0, 4]);
});

test('a report prints dark on white on few pages, with unfolded details and without controls', async ({ page, world }) => {
  await register(page, world.url);
  const interview = await begin(page, world.url, 1);
  await submit(page, ANSWER);
  await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
  await page.getByText('ada', { exact: true }).first().click();
  await page.getByRole('radio', { name: 'dark' }).check();
  await page.goto(`${world.url}${interview}/report`);
  await expect(page.getByText('1 of 1 question evaluated')).toBeVisible();
  await page.getByText('Example of a good answer').click();
  await page.emulateMedia({ media: 'print' });
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe('rgb(255, 255, 255)');
  await expect(page.getByText('I would measure first').first()).toBeVisible();
  await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible();
  await expect(page.getByText('Example of a good answer')).toBeVisible();
  await expect(page.getByText('Feedback and reasons')).toBeHidden();
  const pages = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;
  expect(pages).toBeLessThanOrEqual(2);
  await expect(page.locator('button:visible, nav:visible, header.no-print:visible')).toHaveCount(0);
});

test('single letters are shortcuts only if you want them, and never in text fields', async ({ page, world }) => {
  await register(page, world.url);
  await page.keyboard.press('?');
  await page.getByLabel('Use single-letter shortcuts outside text fields').uncheck();
  await closeDialog(page);
  await page.keyboard.press('n');
  await page.keyboard.press('p');
  await expect(page).toHaveURL(`${world.url}/`);
  await page.getByText('ada', { exact: true }).click();
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await page.getByLabel('Use single-letter shortcuts outside text fields').check();
  await closeDialog(page);
  // The focus is back where it was.
  await expect(page.locator('summary').first()).toBeFocused();
  await page.keyboard.press('n');
  await expect(page).toHaveURL(`${world.url}/new`);
  await page.getByLabel('Role', { exact: true }).pressSequentially('n? pi');
  await expect(page.getByLabel('Role', { exact: true })).toHaveValue('n? pi');
  await expect(page).toHaveURL(`${world.url}/new`);
});
