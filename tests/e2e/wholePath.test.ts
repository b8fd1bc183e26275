import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { bm25Baselines } from '../../src/lab/evaluation/bm25OfRuns.ts';
import { comparisonToCsv } from '../../src/lab/reports/csv.ts';
import { compareRuns } from '../../src/lab/comparison/comparison.ts';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import { keepScreenshot } from '../helpers/electron.ts';
import { expectNoComplaints, screenHosts } from '../helpers/screens.ts';

/** A newcomer's way: from the first screen to a comparison of all losses on the sample, and to its files. */
describe.each(screenHosts)('the whole path $name', ({ name, missing, use }) => {
  if (missing !== null) return test.skip(`skipped: ${missing}`, () => undefined);
  const host = use();
  let page: Page;
  let clicks = 0;

  afterEach(() => expectNoComplaints(page));

  async function click(name: string): Promise<void> {
    await page.getByRole('button', { name, exact: true }).click();
    clicks++;
  }

  test('six clicks or fewer lead to the finished comparison', async () => {
    page = await host.open();
    await click('Try it on the sample');
    await click('Review and start');
    await click('Start training');
    await page.getByRole('heading', { name: /sample/i, level: 1 }).waitFor();
    await page.locator('h1 + .badge', { hasText: 'Finished' }).waitFor({ timeout: 300_000 });
    if (!page.url().endsWith('/compare')) {
      await page
        .getByRole('navigation', { name: 'Views of this experiment' })
        .getByRole('link', { name: 'Compare' })
        .click();
      clicks++;
    }
    await page.getByRole('table').getByText('InfoNCE Standard').first().waitFor();
    await keepScreenshot(page, `comparison-${name.replaceAll(' ', '-')}`);
    expect(clicks).toBeLessThanOrEqual(6);
  }, 360_000);

  test('the table shows what the history holds, the untrained encoder and BM25 first', async () => {
    const table = page.getByRole('region', { name: 'Runs of the comparison' });
    const rows = table.locator('tbody tr');
    await expect.poll(() => rows.count()).toBe(9);
    expect(await rows.first().innerText()).toContain('untrained');
    expect(await rows.nth(1).innerText()).toContain('BM25');
    const { comparison } = stored();
    for (const { name, best } of comparison.recipes) {
      const { count, mean } = best['mrr@10']!;
      expect(count).toBe(1);
      expect(await rows.filter({ hasText: name }).innerText(), name).toContain(mean.toFixed(4));
    }
    const headings = await table.locator('thead th').allInnerTexts();
    expect(headings.join(' ')).toMatch(/MRR@10/);
  });

  test('two clicks more give a CSV of the table and a PNG of the curves, as the history has them', async () => {
    const [csv] = await Promise.all([page.waitForEvent('download'), click('Save table (CSV)')]);
    const lines = readFileSync(await csv.path(), 'utf8')
      .trim()
      .split(/\r?\n/);
    expect(lines).toHaveLength(10);
    const first = stored().comparison.recipes[0]!;
    expect(lines.find((candidate) => candidate.includes(first.name))).toContain(String(first.best['mrr@10']!.mean));

    const [png] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('button', { name: /as PNG$/ })
        .first()
        .click(),
    ]);
    const bytes = readFileSync(await png.path());
    expect(bytes.subarray(1, 4).toString('latin1')).toBe('PNG');
    expect(bytes.readUInt32BE(16)).toBeGreaterThan(600); // width in pixels
  });

  test('everything as CSV is what the command line writes', async () => {
    const [csv] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save everything (CSV)' }).click(),
    ]);
    expect(readFileSync(await csv.path(), 'utf8')).toBe(await storedCsv());
  });

  test('home shows the experiment with its best result', async () => {
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    const { comparison } = stored();
    const row = page.getByRole('row').filter({ hasText: /sample/ });
    await row.first().waitFor();
    expect(await row.first().innerText()).toContain(comparison.runs[0]!.best['mrr@10']!.value.toFixed(4));
  });

  async function storedCsv() {
    using store = openStore(openHome(host.home()));
    const runs = store.listRuns();
    return comparisonToCsv(
      compareRuns(
        store,
        runs.map(({ id }) => id),
      ),
      await bm25Baselines(store.home, runs),
    );
  }

  function stored() {
    using store = openStore(openHome(host.home()));
    return {
      comparison: compareRuns(
        store,
        store.listRuns().map(({ id }) => id),
      ),
    };
  }
});
