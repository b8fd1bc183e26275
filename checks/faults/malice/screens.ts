import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { reportText } from '../../../src/lab/reports/reportText.ts';
import { openStore } from '../../../src/lab/store/runStore.ts';
import { howToGetChromium, serve, stopServing } from '../../../tests/helpers/screens.ts';
import { lineOf, type FaultLine } from '../lines.ts';
import { launchBrowser, requireAlarm, watchedPage, type WatchedPage } from './browser.ts';
import { scripts } from './hostileTexts.ts';
import type { MaliciousHome } from './maliciousHome.ts';

/** Opens all screens and the report page with hostile texts in every place. */

const screensOf = ({ experiment, runs }: MaliciousHome): Readonly<Record<string, string>> => ({
  'any runs, compared': `/compare?runs=${runs.join(',')}`,
  'an experiment': `/experiments/${experiment}`,
  Inspector: `/inspect?runs=${runs.slice(0, 2).join(',')}`,
  Experiments: '/',
  'New experiment': '/new?dataset=evil',
  'an experiment, compared': `/experiments/${experiment}/compare`,
  'choosing runs': '/compare',
  Map: `/map?runs=${runs[0]}`,
  Datasets: '/datasets',
  Importing: '/new?import=files',
  Settings: '/settings',
  'an address with a script': `/experiments/${encodeURIComponent(scripts[1])}`,
  'a query with a script': `/compare?runs=${encodeURIComponent(scripts[0])}`,
});

/** The first `count` screens, and the report. */
export async function screensLine(malicious: MaliciousHome, folder: string, count: number): Promise<FaultLine> {
  const browser = await launchBrowser();
  if (browser === null) return lineOf('screens and the report page with scripts in every text', [], howToGetChromium);
  try {
    const outcomes = [...(await visitScreens(browser, malicious, count)), await openReport(browser, malicious, folder)];
    const shown = outcomes.filter(({ shows }) => shows).length;
    return lineOf(
      'screens and the report page with scripts in every text',
      outcomes.map(({ loss }) => loss),
      `${shown} of ${outcomes.length} show such a text as text`,
    );
  } finally {
    await browser.close();
  }
}

interface Visit {
  readonly loss: string | null;
  /** Whether the page shows a hostile text. */
  readonly shows: boolean;
}

async function visitScreens(browser: Browser, malicious: MaliciousHome, count: number): Promise<Visit[]> {
  const served = await serve(malicious.home.folder);
  try {
    const watched = await watchedPage(browser);
    await requireAlarm(watched);
    await watched.page.goto(served.address);
    const visits: Visit[] = [];
    for (const [name, path] of Object.entries(screensOf(malicious)).slice(0, count)) {
      await watched.page.goto(`${new URL(served.address).origin}/#${path}`);
      await watched.page.locator('h1').first().waitFor();
      await useEverything(watched);
      visits.push(await visited(watched, name));
    }
    return visits;
  } finally {
    await stopServing(served);
  }
}

/** Opens menus, details, rows and tooltips, which are drawn only when they are opened. */
async function useEverything({ page }: WatchedPage): Promise<void> {
  await page.waitForTimeout(1200);
  for (const target of await page.locator('summary, [aria-haspopup], [aria-expanded="false"], canvas').all()) {
    await target.hover({ timeout: 300 }).catch(() => undefined);
    await target.click({ timeout: 300 }).catch(() => undefined);
    await page.keyboard.press('Escape');
  }
  await page.waitForTimeout(200);
}

async function openReport(browser: Browser, { home, runs }: MaliciousHome, folder: string): Promise<Visit> {
  const file = join(folder, 'report.html');
  using store = openStore(home);
  writeFileSync(file, await reportText(store, { runs: [...runs], format: 'html', metric: 'mrr@10', band: 'ci95' }));
  const watched = await watchedPage(browser);
  await watched.page.goto(pathToFileURL(file).href);
  await watched.page.waitForTimeout(500);
  for (const summary of await watched.page.locator('summary').all()) await summary.click();
  return visited(watched, 'the report, opened from its file');
}

async function visited({ page, alarms }: WatchedPage, name: string): Promise<Visit> {
  const text = await page.locator('body').innerText();
  const found = alarms();
  return {
    loss: found.length > 0 ? `${name}: ${[...new Set(found)].join('; ')}` : null,
    shows: scripts.some((script) => text.includes(script)),
  };
}
