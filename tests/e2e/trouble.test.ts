import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { openHome } from '../../src/lab/store/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import { eventually, sharedFolder, stepsRecorded, trainerOf } from '../helpers/commandLine.ts';
import { chromiumPath, expectNoComplaints, howToGetChromium, useBrowser, useServer } from '../helpers/screens.ts';

/** What goes wrong, or comes in between, while the screens are open. */
describe.skipIf(chromiumPath === null || process.platform !== 'linux')(`trouble in a browser (${howToGetChromium}; and /proc)`, () => {
  const server = useServer();
  const browser = useBrowser();
  const files = sharedFolder();
  let page: Page;
  let experiment = '';

  afterEach(() => expectNoComplaints(page));

  test('reload in mid-run shows everything from the start, with no gap and nothing doubled', async () => {
    page = await browser.open(server.served);
    experiment = await startLongExperiment(page);
    await stepsRecorded(server.served.home, 5);
    await page.reload();
    await page.getByRole('button', { name: 'Pause' }).click();
    await statusIs(page, 'Paused');
    const seen = await stepsShown(page);
    const [run] = runs();
    expect(seen).toEqual(Array.from({ length: run!.steps_done }, (_, i) => i + 1));
  });

  test('a second window sees the same, and what one does the other shows', async () => {
    const second = await browser.open(server.served);
    await second.goto(`${new URL(second.url()).origin}/#/experiments/${experiment}`);
    await statusIs(second, 'Paused');
    await second.getByRole('button', { name: 'Resume' }).click();
    await statusIs(page, 'Training');
    await statusIs(second, 'Training');
    expectNoComplaints(second);
    await second.context().close();
  });

  test('a trainer that is killed takes neither the window nor the history with it, and the run goes on', async () => {
    const before = runs()[0]!.steps_done;
    process.kill(await trainerOf(server.served.command), 'SIGKILL');
    await eventually('an interrupted run', () => runs()[0]!.state === 'interrupted');
    expect(runs()[0]!.steps_done).toBeGreaterThanOrEqual(before);
    await page.getByText('Interrupted', { exact: true }).first().waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await eventually('the run to go on', () => runs().some(({ state }) => state === 'running'));
  });

  test('cancel stops after a checkpoint', async () => {
    await statusIs(page, 'Training');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await statusIs(page, 'Stopped');
    expect(runs().every(({ state }) => state !== 'running')).toBe(true);
  });

  test('a file that cannot be imported is refused in words, and nothing is left of it', async () => {
    const bad = join(files, 'ranked_qa.json');
    writeFileSync(bad, '{"not": "a list"}');
    await page.goto(`${origin()}/#/new?import=files`);
    await importFile(page, bad, 'bad');
    const alert = page.getByRole('alert').first();
    await alert.waitFor();
    expect(await alert.innerText()).toMatch(/ranked_qa\.json|list|array/i);
    await page.goto(`${origin()}/#/datasets`);
    await page.getByRole('heading', { name: 'Datasets', level: 1 }).waitFor();
    expect(await page.getByText('bad', { exact: true }).count()).toBe(0);
  });

  test('HTML and scripts in a dataset are shown as text', async () => {
    const file = join(files, 'hostile.json');
    const attack = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
    // Entities are decoded by an import, so that this text arrives as markup.
    const encoded = attack.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    writeFileSync(file, JSON.stringify(Array.from({ length: 12 }, (_, i) => question(i, encoded))));
    await page.goto(`${origin()}/#/new?import=files`);
    await importFile(page, file, 'hostile');
    await page.getByText('<script>').first().waitFor({ state: 'attached' });
    expect(await page.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBeUndefined();
    expect(await page.locator('img[src="x"]').count()).toBe(0);
  });

  const origin = (): string => new URL(server.served.address).origin;

  function runs() {
    using store = openStore(openHome(server.served.home));
    return store.listRuns();
  }

});

function question(i: number, text: string) {
  const answer = (rank: number) => ({ id: `${i}-${rank}`, body: `${text} answer ${rank} of ${i}`, score: 5 - rank, is_accepted: false, rank });
  return { question: { id: String(i), title: `${text} question ${i}`, body: `about ${i}`, score: 1 }, answers: [answer(0), answer(1)] };
}

async function startLongExperiment(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Try it on the sample' }).click();
  await page.getByRole('button', { name: 'Budget' }).click();
  await page.getByRole('spinbutton', { name: 'Epochs' }).fill('200');
  await page.getByRole('button', { name: 'Next: Review' }).click();
  await page.getByRole('button', { name: 'Start training' }).click();
  await page.waitForURL(/experiments\//, { timeout: 60_000 });
  return /experiments\/([^/?]+)/.exec(page.url())![1]!;
}

async function statusIs(page: Page, status: string): Promise<void> {
  await page.locator('.screen-header .badge', { hasText: status }).waitFor({ timeout: 60_000 });
}

/** The steps of the loss curve, as the screen writes them out. */
async function stepsShown(page: Page): Promise<number[]> {
  await page.getByRole('button', { name: /^Export Training loss/ }).click();
  const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Figures as CSV' }).click()]);
  return readFileSync(await csv.path(), 'utf8').trim().split(/\r?\n/).slice(1).map((line) => Number(line.split(',')[0]));
}

async function importFile(page: Page, path: string, name: string): Promise<void> {
  await page.getByText('ranked_qa.json', { exact: true }).click();
  await page.locator('input[type=file]').setInputFiles(path);
  await page.getByLabel('Name of the dataset').fill(name);
  await page.getByRole('button', { name: 'Import', exact: true }).click();
}
