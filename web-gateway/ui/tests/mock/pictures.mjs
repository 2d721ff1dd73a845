// Takes a picture of every screen in both themes and three widths, against the mock, and says what is
// wider than its window. docs/pictures has four of them.
//
//   node tests/mock/pictures.mjs FOLDER [SCREEN]
import { mkdirSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { start } from './server.mjs';

const folder = process.argv[2] ?? 'test-results/pictures';
const only = process.argv[3];
mkdirSync(folder, { recursive: true });
const server = await start();
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const senior = server.options.list.at(-1);
const screens = {
  'sign-in': ['/sign-in', false],
  register: ['/register', false],
  dashboard: ['/', true],
  new: ['/new', true],
  interview: [`/interviews/${senior.id}/5`, true],
  evaluated: [`/interviews/${senior.id}/1`, true],
  failed: [`/interviews/${senior.id}/3`, true],
  waiting: [`/interviews/${senior.id}/4`, true],
  report: [`/interviews/${senior.id}/report`, true],
  progress: ['/progress', true],
  account: ['/account', true],
  missing: [`/interviews/999999/report`, true],
};
for (const theme of ['light', 'dark'])
  for (const width of [360, 768, 1280]) {
    const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: theme, reducedMotion: 'reduce' });
    const page = await context.newPage();
    page.on('console', (m) => ['error', 'warning'].includes(m.type()) && !/401/.test(m.text()) && console.log(theme, width, m.text()));
    page.on('pageerror', (e) => console.log(theme, width, String(e)));
    for (const [name, [path, signedIn]] of Object.entries(screens)) {
      if (only && only !== name) continue;
      server.signedIn.now = signedIn;
      await page.goto(server.url + path);
      await page.locator('h1').first().waitFor();
      await page.waitForLoadState('load');
      await page.locator('.bone').first().waitFor({ state: 'detached' });
      if (name === 'interview') await page.getByLabel('Your answer').fill('I want the error rate by endpoint and by version, so that I can tell at once whether a deploy did it.');
      await page.waitForTimeout(150);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) console.log(`${name} ${theme} ${width}: ${wide} px too wide`);
      await page.screenshot({ path: `${folder}/${name}-${width}-${theme}.png`, fullPage: name !== 'interview' && name !== 'report' });
    }
    await context.close();
  }
await browser.close();
await server.stop();
