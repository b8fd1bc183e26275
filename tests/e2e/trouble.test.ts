import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import { eventually, stepsRecorded, trainerOf } from '../helpers/commandLine.ts';
import { chromiumPath, expectNoComplaints, howToGetChromium, useBrowser, useServer } from '../helpers/screens.ts';

/** What goes wrong, or comes in between, while the screens are open. */
describe.skipIf(chromiumPath === null || process.platform !== 'linux')(
  `trouble in a browser (${howToGetChromium}; and /proc)`,
  () => {
    const server = useServer();
    const browser = useBrowser();
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
      // A step that was being computed when the pause was asked for is still to come.
      await vi.waitFor(
        async () =>
          expect(await stepsShown(page)).toEqual(Array.from({ length: runs()[0]!.steps_done }, (_, i) => i + 1)),
        { timeout: 10_000, interval: 200 },
      );
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
      await page.getByRole('button', { name: 'Continue' }).click();
      await eventually('the run to go on', () => runs().some(({ state }) => state === 'running'));
    });

    test('cancel stops after a checkpoint', async () => {
      await statusIs(page, 'Training');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await eventually('the run to stop', () => runs().some(({ state }) => state === 'stopped'));
      // The others were not started when the trainer was killed, and say so.
      await statusIs(page, 'Interrupted');
      expect(runs().every(({ state }) => state !== 'running')).toBe(true);
    });

    function runs() {
      using store = openStore(openHome(server.served.home));
      return store.listRuns();
    }
  },
);

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
  const [csv] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Figures as CSV' }).click(),
  ]);
  return readFileSync(await csv.path(), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => Number(line.split(',')[0]));
}
