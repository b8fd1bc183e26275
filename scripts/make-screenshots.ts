import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';

/**
 * Makes the pictures of the README: a real experiment on the sample, set up, watched and compared in the screens of
 * `losslab serve`, in both themes. `npm run screenshots [path of Chromium]`.
 */
const executablePath = process.argv[2] ?? '/usr/bin/chromium';
const fromProject = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const pictures = fromProject('docs/images');
const home = mkdtempSync(join(tmpdir(), 'losslab-screenshots-'));
mkdirSync(pictures, { recursive: true });

const server = spawn(process.execPath, [fromProject('bin/losslab.mjs'), 'serve', '--json', '--home', home], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = new Promise((resolve) => server.once('close', resolve));
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 }, deviceScaleFactor: 1.5 });
  await page.goto(await addressOf(server.stdout));
  await page.getByRole('button', { name: 'Try it on the sample' }).click();
  await page.getByRole('button', { name: /^Next: Encoder/ }).click();
  await page.getByRole('button', { name: /^Next: Losses/ }).click();
  await page.getByRole('heading', { level: 2, name: 'Losses' }).waitFor();
  await photograph(page, 'wizard');
  await page.getByRole('button', { name: 'Review and start' }).click();
  await page.getByRole('button', { name: 'Start training' }).click();
  const status = page.locator('.screen-header .badge');
  // Some runs are finished, and another one has curves.
  await page.getByText('Finished', { exact: true }).nth(2).waitFor({ timeout: 300_000 });
  await page
    .getByText(/^step (2\d|3\d|4\d) of /)
    .first()
    .waitFor({ timeout: 60_000 });
  await photograph(page, 'live');
  await status.filter({ hasText: 'Finished' }).waitFor({ timeout: 600_000 });
  if (!page.url().endsWith('/compare')) await page.getByRole('link', { name: 'Compare', exact: true }).last().click();
  await page.getByRole('region', { name: 'Runs of the comparison' }).waitFor();
  // Table and curves together.
  await page.setViewportSize({ width: 1280, height: 1240 });
  await page.waitForTimeout(1500);
  await photograph(page, 'compare');
} finally {
  await browser.close();
  server.kill('SIGINT');
  await ended;
  rmSync(home, { recursive: true, force: true });
}

async function photograph(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.waitForTimeout(400);
    await page.screenshot({ path: join(pictures, `${name}-${colorScheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

async function addressOf(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface(output)) {
    if (line.startsWith('{')) return (JSON.parse(line) as { address: string }).address;
  }
  throw new Error('losslab serve ended before it printed its address.');
}
