// The terminal and the page on the same files: an interview begun in one is finished in the other.
import { expect, test as base } from '@playwright/test';
import { environment, freePort, newFolder, run, startGateway } from './support/programs.js';
import { ANSWER, submit } from './support/world.js';

base('an interview begun in the terminal is finished in the browser, through the link that is printed', async ({ page, browser }) => {
  const folder = newFolder();
  const env = environment(folder.path, { NO_COLOR: '1' });
  const begun = JSON.parse(await run('viva', ['interview', 'new', '--role', 'Rust developer', '--count', '1', '--json'], env)) as Record<
    string,
    unknown
  >;
  const gateway = await startGateway(await freePort(), folder.path);
  try {
    const link = /http:\/\/\S+#code=\S+/.exec(gateway.output())?.[0];
    expect(link).toBeDefined();
    await page.goto(link ?? '');
    await expect(page.getByRole('heading', { name: 'Interviews', level: 1 })).toBeVisible();
    // The code is in no bookmark, history or screenshot.
    expect(page.url()).toBe(`${gateway.url}/`);
    await page.getByRole('link', { name: /^Continue with Rust developer/ }).click();
    await submit(page, ANSWER);
    await expect(page.getByRole('heading', { name: 'What a good answer says' })).toBeVisible({ timeout: 30_000 });
    // The session is in the cookie, so the page opens without the link too.
    await page.goto(gateway.url);
    await expect(page.getByText('1 of 1 answered')).toBeVisible();
    await page.goto(`${gateway.url}/#code=wrong`);
    await expect(page.getByText('1 of 1 answered')).toBeVisible();
    // Without it the page says what to do and shows no form.
    const stranger = await (await browser.newContext()).newPage();
    for (const path of ['/', '/sign-in', '/register']) {
      await stranger.goto(gateway.url + path);
      await expect(stranger.getByRole('heading', { name: 'Open your link' })).toBeVisible();
      await expect(stranger.getByRole('textbox')).toHaveCount(0);
    }
    await stranger.context().close();
  } finally {
    await gateway.kill();
  }
  const list = await run('viva', ['interview', 'list', '--json'], env);
  expect(list).toContain('Rust developer');
  expect(JSON.stringify(begun)).toContain('Rust developer');
  folder.remove();
});
