import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Download, Page } from 'playwright-core';
import { compareRuns } from '../../src/lab/comparison/comparison.ts';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import { losslab } from '../helpers/commandLine.ts';
import {
  addressOf,
  chromiumPath,
  expectNoComplaints,
  howToGetChromium,
  useBrowser,
  useServer,
} from '../helpers/screens.ts';

/** Two losses with three seeds each, trained on the sample: what the comparison makes of them. */
describe.skipIf(chromiumPath === null)(`several seeds in a browser (${howToGetChromium})`, () => {
  const server = useServer();
  const browser = useBrowser();
  let page: Page;

  beforeAll(async () => {
    const { code, stderr } = await losslab(
      server.served.home,
      'train',
      '--config',
      'infonce_standard',
      'triplet_hard_neg',
      '--data',
      'sample',
      '--seeds',
      '1',
      '2',
      '3',
      '--set',
      'epochs=2',
      '--set',
      'embed_dim=64',
      '--set',
      'max_length=64',
    );
    expect(code, stderr).toBe(0);
    page = await browser.open(server.served);
    await page.goto(addressOf(page, `/experiments/${stored().runs[0]!.experiment}/compare`));
    await page.getByRole('region', { name: 'Leaderboard' }).waitFor();
  }, 300_000);

  test('the verdict says in a sentence which is better, or that none is', async () => {
    await page
      .getByText(/MRR@10.* \(95 % interval .*3 seeds; \d+ questions\)/)
      .first()
      .waitFor({ timeout: 60_000 });
  });

  test('mean ± standard deviation over seeds; BM25 and the untrained encoder are rows', async () => {
    const rows = page.getByRole('region', { name: 'Runs of the comparison' }).locator('tbody tr');
    expect(await rows.count()).toBe(4);
    await rows.nth(1).filter({ hasText: 'word matching, without a model' }).waitFor({ timeout: 60_000 });
    expect(await rows.nth(1).innerText()).toMatch(/BM25[\s\S]*0\.\d{4}/);
    for (const { name, last } of stored().recipes) {
      const { mean, deviation } = last['mrr@10']!;
      expect(await rows.filter({ hasText: name }).innerText()).toContain(
        `${mean.toFixed(4)} ± ${deviation!.toFixed(4)}`,
      );
    }
  });

  test('a recipe opens to show its runs, and the rows can be runs', async () => {
    const rows = page.getByRole('region', { name: 'Runs of the comparison' }).locator('tbody tr');
    await page.getByRole('button', { name: 'Runs of InfoNCE Standard' }).click();
    expect(await rows.count()).toBe(7);
    await page.getByRole('button', { name: 'Runs of InfoNCE Standard' }).click();
    await page.getByText('By run', { exact: true }).click();
    await expect.poll(() => rows.allInnerTexts()).toHaveLength(10); // six runs, BM25, an untrained encoder for each seed
    await page.getByText('By recipe', { exact: true }).click();
    await expect.poll(() => rows.count()).toBe(4);
  });

  test('the band around the curves is what is chosen; each run alone has none', async () => {
    const drawing = page.getByRole('img', { name: /^Line chart, MRR@10 by step/ });
    const pixels = () => drawing.locator('canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const choose = async (title: string) => {
      const before = await pixels();
      await page.getByText(title, { exact: true }).click();
      await expect.poll(pixels).not.toBe(before);
    };
    expect(await drawing.getAttribute('aria-label')).toContain('4 lines');
    await choose('Min–max');
    await page.getByText('the band shows the minimum to maximum').waitFor();
    await choose('Each run');
    expect(await drawing.getAttribute('aria-label')).toContain('8 lines');
    await choose('Std');
  });

  test('figures at the cursor are mean, deviation and number of runs', async () => {
    await page.getByRole('img', { name: /^Line chart, MRR@10 by step/ }).hover();
    await page
      .getByText(/^± 0\.\d{4}, n 3$/)
      .first()
      .waitFor();
  });

  test('the leaderboard and the verdict move to an equal budget, and follow it as it is dragged', async () => {
    const board = page.getByRole('region', { name: 'Leaderboard' });
    const spent = () => board.locator('tbody tr', { hasText: 'Triplet' }).locator('td').nth(5).innerText();
    const whole = await spent();
    await page.getByLabel('Evaluation', { exact: true }).selectOption('at equal examples');
    const budget = page.getByRole('slider', { name: 'Budget' });
    await budget.waitFor();
    await budget.fill('0');
    await expect.poll(spent).not.toBe(whole);
    await page.getByText(/every pair, over .* within [\d,]+ questions and answers/).waitFor({ timeout: 60_000 });
    await page
      .getByRole('radio', { name: 'Examples' })
      .last()
      .isChecked()
      .then((checked) => expect(checked).toBe(true));
    await page.getByLabel('Evaluation', { exact: true }).selectOption('last of each run');
    await expect.poll(spent).toBe(whole);
  });

  test('the conditions are said to be the same, by their hashes', async () => {
    const card = page.getByRole('region', { name: 'Same conditions?' });
    const { hashes } = stored().runs[0]!;
    expect(await card.innerText()).toContain(hashes!.dataset.slice(0, 8));
    expect(await card.innerText()).toMatch(/Batch plan\s+✓ the same within each seed/);
  });

  test('the page, the table for a paper and the values of every question are saved', async () => {
    const [html, latex, csv] = [
      await save('HTML page'),
      await save('LaTeX table'),
      await save('Values per question (CSV)'),
    ];
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html).toContain('Triplet with Hard Negatives');
    expect(latex).toMatch(/\\begin\{tabular\}[\s\S]*BM25/);
    expect(csv.trim().split('\n').length).toBeGreaterThan(90);
    expectNoComplaints(page);
  });

  async function save(format: string): Promise<string> {
    await page.getByRole('button', { name: 'Save a report' }).click();
    const [file]: [Download, void] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: format }).click(),
    ]);
    return readFileSync(await file.path(), 'utf8');
  }

  function stored() {
    using store = openStore(openHome(server.served.home));
    return compareRuns(
      store,
      store.listRuns().map(({ id }) => id),
    );
  }
});
