import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Page } from 'playwright-core';
import type { Question } from '../../src/lab/data/dataset.ts';
import { readDataset } from '../../src/lab/data/datasetFolder.ts';
import { sampleFolder } from '../../src/lab/data/findDataset.ts';
import { splitQuestions } from '../../src/lab/data/split.ts';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import { inWords, seriousViolations } from '../helpers/axe.ts';
import { evaluatedRun } from '../helpers/inspectedRuns.ts';
import {
  addressOf,
  chromiumPath,
  expectNoComplaints,
  howToGetChromium,
  useBrowser,
  useServer,
} from '../helpers/screens.ts';
import { tinyConfigurations } from '../helpers/tinyEncoders.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

describe.skipIf(chromiumPath === null)(`the inspector (${howToGetChromium})`, () => {
  const server = useServer();
  const browser = useBrowser();
  let questions: readonly Question[];
  let [first, second] = ['', ''];

  beforeAll(async () => {
    const dataset = await readDataset(sampleFolder);
    questions = splitQuestions(dataset.questions, {
      testSize: 0.2,
      validationSize: 0,
      seed: 42,
      method: 'losslab',
    }).test.filter(({ answers }) => answers.length > 0);
    using store = openStore(openHome(server.served.home));
    const run = (name: string, values: (index: number) => number): string =>
      evaluatedRun(
        store,
        { ...tinyConfigurations.static!, name },
        { name: 'sample', hash: dataset.manifest.content.sha256 },
        new Map(questions.map(({ id }, index) => [id, values(index)])),
      ).id;
    // The second is ahead on every third question only, by most on the fourth.
    [first, second] = [
      run('Plain', () => 0.5),
      run('Fancy', (index) => (index === 3 ? 1 : index % 3 === 0 ? 0.75 : 0.25)),
    ];
  });

  async function open(path: string, options: Parameters<typeof browser.open>[1] = {}): Promise<Page> {
    const page = await browser.open(server.served, options);
    await page.goto(addressOf(page, path));
    return page;
  }

  const column = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
  const places = (page: Page, name: string) => column(page, name).getByRole('button');

  test('a comparison leads here, and the first question is looked into at once: own answers marked in every column', async () => {
    const page = await open(`/compare?runs=${first},${second}`);
    await page.getByRole('link', { name: /^Look inside/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Look inside' }).waitFor();
    await page.getByRole('heading', { level: 3, name: questions[0]!.title }).waitFor({ timeout: 60_000 });
    for (const name of ['BM25', 'Plain, seed 42', 'Fancy, seed 42']) {
      expect(await column(page, name).getByText('Best answer').count(), name).toBe(1);
      expect(await column(page, name).getByText('Hard negative').count(), name).toBe(questions[0]!.answers.length - 1);
    }
    // These runs were made without training: nobody can tell how their encoder began.
    await column(page, 'untrained, seed 42').getByText('Not ranked.').waitFor();
    expectNoComplaints(page);
    await page.context().close();
  });

  test('by keyboard: a question is found by its words, an answer is marked in every column and read in full', async () => {
    const wanted = questions[5]!;
    const page = await open(`/inspect?runs=${first},${second}`);
    await page.getByLabel('Search the test questions').fill(wanted.title);
    await page.getByRole('button', { name: wanted.title }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: / answers?$/ }).count()).toBe(1);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 3, name: wanted.title }).waitFor({ timeout: 60_000 });
    const best = places(page, 'BM25').filter({ hasText: 'Best answer' });
    await best.focus();
    await expect.poll(() => page.locator('.place.marked').count()).toBe(3);
    await page.keyboard.press('Enter');
    const details = page.getByRole('region', { name: 'The chosen answer' });
    await details.waitFor();
    await details.getByRole('heading', { name: `Answer ${wanted.answers[0]!.id}: Best answer` }).waitFor();
    expect(await details.locator('tbody tr').count()).toBe(3);
    expect(page.url()).toContain(`question=${wanted.id}`);
    expectNoComplaints(page);
    await page.context().close();
  });

  test('a query is answered while it is typed, under every column; columns can be chosen', async () => {
    const page = await open(`/inspect?runs=${first},${second}&tab=query`);
    await page.getByLabel('Question or words').fill('variance of an estimator');
    await expect.poll(() => places(page, 'BM25').count(), { timeout: 60_000 }).toBe(10);
    const before = await places(page, 'BM25').first().innerText();
    await page.getByLabel('Question or words').fill('neural network');
    await expect.poll(() => places(page, 'BM25').first().innerText()).not.toBe(before);
    expect((await places(page, 'BM25').first().innerText()).toLowerCase()).toMatch(/neural|network/);
    await page.getByRole('button', { name: 'Choose columns' }).click();
    await page.getByRole('checkbox', { name: 'Untrained encoder' }).uncheck();
    await page.getByRole('checkbox', { name: 'Fancy' }).uncheck();
    await expect.poll(() => page.locator('.column').count()).toBe(2);
    expectNoComplaints(page);
    await page.context().close();
  });

  test('wins and losses are those that the history holds, the largest first, and show what moved', async () => {
    const page = await open(`/inspect?runs=${first},${second}&tab=wins&a=${second}&b=${first}`);
    const wins = page.getByRole('region', { name: 'Largest wins of A' });
    await wins.waitFor();
    const ahead = questions.filter((_, index) => index % 3 === 0).length;
    await page
      .getByText(
        `${questions.length} test questions: A is better on ${ahead}, equal on 0, worse on ${questions.length - ahead}.`,
      )
      .waitFor();
    expect(await wins.locator('tbody tr').first().innerText()).toContain(questions[3]!.title);
    expect(await wins.locator('tbody tr').first().innerText()).toContain('+0.500');
    expect(
      await page.getByRole('region', { name: 'Largest losses of A' }).locator('tbody tr').first().innerText(),
    ).toContain('−0.250');
    await wins.getByRole('button').first().click();
    await page.getByRole('heading', { name: 'Answers that moved (first seed of each)' }).waitFor();
    await expect.poll(() => page.locator('.column').count(), { timeout: 60_000 }).toBe(2);
    await page.getByLabel('A', { exact: true }).selectOption({ label: 'BM25' });
    await expect.poll(() => page.url()).toContain('a=bm25');
    await page.getByText(/B 0\.5000\. .* A is better on/).waitFor({ timeout: 30_000 });
    expectNoComplaints(page);
    await page.context().close();
  });

  test.each(['light', 'dark'] as const)(
    'every tab is free of what axe calls serious and fits 1024 pixels, %s',
    async (colorScheme) => {
      const page = await open(`/inspect?runs=${first},${second}`, {
        colorScheme,
        viewport: { width: 1024, height: 700 },
      });
      await places(page, 'BM25').first().waitFor({ timeout: 60_000 });
      await places(page, 'BM25').first().click();
      await page.getByRole('region', { name: 'The chosen answer' }).waitFor();
      const findings: string[] = await faults(page);
      await page.getByText('Wins and losses', { exact: true }).click();
      await page.getByRole('region', { name: 'Largest wins of A' }).waitFor();
      findings.push(...(await faults(page)));
      await page.getByText('Try a query', { exact: true }).click();
      await page.getByLabel('Question or words').fill('gradient');
      await places(page, 'BM25').first().waitFor({ timeout: 60_000 });
      findings.push(...(await faults(page)));
      expect(findings).toEqual([]);
      expectNoComplaints(page);
      await page.context().close();
    },
  );

  // Last: it takes an encoder away.
  test('an encoder that is gone says so in its column; runs that are none fail in words, and none at all lead to Compare', async () => {
    rmSync(join(server.served.home, 'runs', first, 'encoder'), { recursive: true });
    const page = await open(`/inspect?runs=${first},${second}`);
    await column(page, 'Plain, seed 42')
      .getByText(/is missing in/)
      .waitFor({ timeout: 60_000 });
    expect(await places(page, 'Fancy, seed 42').count()).toBeGreaterThanOrEqual(10);
    await page.goto(addressOf(page, '/inspect?runs=nobody'));
    await page
      .getByRole('alert')
      .getByText(/nobody/)
      .waitFor();
    await page.goto(addressOf(page, '/inspect'));
    await page.getByRole('link', { name: 'Choose runs' }).click();
    await page.getByRole('heading', { level: 1, name: 'Compare' }).waitFor();
    await page.context().close();
  });
});

/** What axe calls serious or critical, and what runs off to the side. */
async function faults(page: Page): Promise<string[]> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return [...inWords(await seriousViolations(page)), ...(wide > 0 ? [`${wide} pixels wider than the window`] : [])];
}
