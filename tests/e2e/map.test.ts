import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Page } from 'playwright-core';
import { readManifest } from '../../src/lab/data/datasetFolder.ts';
import { sampleFolder } from '../../src/lab/data/findDataset.ts';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import { inWords, violations } from '../helpers/axe.ts';
import { finishedRun } from '../helpers/finishedRun.ts';
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

describe.skipIf(chromiumPath === null)(`the map (${howToGetChromium})`, () => {
  const server = useServer();
  const browser = useBrowser();
  let [first, second] = ['', ''];

  beforeAll(async () => {
    const { content } = await readManifest(sampleFolder);
    using store = openStore(openHome(server.served.home));
    const run = (name: 'static' | 'static with a projection'): string =>
      finishedRun(store, { ...tinyConfigurations[name]!, name }, { name: 'sample', hash: content.sha256 }).id;
    [first, second] = [run('static'), run('static with a projection')];
  });

  async function openMap(
    path = `/map?runs=${first},${second}`,
    options: Parameters<typeof browser.open>[1] = {},
  ): Promise<Page> {
    const page = await browser.open(server.served, options);
    await page.goto(addressOf(page, path));
    return page;
  }

  /** Where no test before has made the map, it is made now. */
  async function openMade(options: Parameters<typeof browser.open>[1] = {}): Promise<Page> {
    const page = await openMap(undefined, options);
    await plots(page).nth(1).waitFor({ timeout: 90_000 });
    return page;
  }

  const plots = (page: Page) => page.getByRole('img', { name: /^Map under / });
  const rows = (page: Page) => page.getByRole('region', { name: 'Texts of the points' }).getByRole('row');

  test('says how far it is, can be cancelled, and made after all', async () => {
    const page = await openMap();
    await page.getByRole('progressbar', { name: 'Making the map' }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('alert').getByText('The map was cancelled.').waitFor();
    await page.getByRole('button', { name: 'Try again' }).click();
    // The lab goes on with it while the screen is loaded again.
    await page.getByRole('progressbar', { name: 'Making the map' }).waitFor();
    await page.reload();
    await plots(page).nth(1).waitFor({ timeout: 90_000 });
    await page
      .getByText(
        /^(\d+) of \1 test questions of sample with their answers\..* a text moved by \d\.\d\d of the map's radius\.$/,
      )
      .waitFor();
    expectNoComplaints(page);
    await page.context().close();
  });

  test('is one link away from a comparison', async () => {
    const page = await openMap(`/compare?runs=${first},${second}`);
    await page.getByRole('link', { name: /^Map/ }).click();
    await page.getByRole('heading', { level: 1, name: 'Map' }).waitFor();
    await plots(page).nth(1).waitFor({ timeout: 90_000 });
    expectNoComplaints(page);
    await page.context().close();
  });

  test('by keyboard: a question is found by its words, and lit in both layouts with its answers', async () => {
    const page = await openMade();
    await page.getByLabel('Find a question').fill('regression');
    const results = page.getByRole('list', { name: 'Questions found' }).getByRole('button');
    await results.first().waitFor();
    await page.keyboard.press('Tab');
    const title = await results.first().innerText();
    await page.keyboard.press('Enter');
    await rows(page).nth(2).waitFor();
    expect(await rows(page).nth(1).innerText()).toContain(title);
    const lit = (await rows(page).count()) - 1;
    for (const plot of await plots(page).all())
      expect(await plot.getAttribute('aria-label')).toContain(`${lit} are highlighted`);
    expect(await rows(page).nth(2).innerText()).toMatch(/^Best answer/);
    await page.keyboard.press('Escape');
    await page.getByText('Point at a text to see it').waitFor();
    expectNoComplaints(page);
    await page.context().close();
  });

  test('by pointer: what one points at is lit in both; a click keeps it, a rectangle takes what lies in it', async () => {
    const page = await openMade();
    const plot = (await plots(page).first().boundingBox())!;
    const centre = { x: plot.x + plot.width / 2, y: plot.y + plot.height / 2 };
    await page.mouse.move(plot.x + 1, plot.y + 1);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width - 1, plot.y + plot.height - 1, { steps: 4 });
    await page.mouse.up();
    await page.mouse.move(plot.x, plot.y - 40);
    const all = /^(\d+) texts$/.exec(await page.getByRole('heading', { level: 2, name: / texts$/ }).innerText())!;
    expect(Number(all[1])).toBeGreaterThan(200);
    await page.getByText(`The first 200 of ${all[1]} texts.`).waitFor();
    await page.getByRole('button', { name: 'Clear selection' }).click();

    const pointed = await findPoint(page, centre);
    const highlighted = await plots(page).nth(1).getAttribute('aria-label');
    expect(highlighted).toMatch(/\d+ are highlighted/);
    await page.mouse.click(pointed.x, pointed.y);
    await page.mouse.move(plot.x, plot.y - 40);
    expect(await plots(page).nth(1).getAttribute('aria-label')).toBe(highlighted);
    expect(await rows(page).nth(1).innerText()).toMatch(/^Question/);
    expectNoComplaints(page);
    await page.context().close();
  });

  /** Goes over the plot from a place on until something is lit. */
  async function findPoint(page: Page, from: { x: number; y: number }): Promise<{ x: number; y: number }> {
    for (let radius = 0; radius < 150; radius += 10) {
      for (const [dx, dy] of [
        [1, 0],
        [0, 1],
        [-1, 0],
        [0, -1],
      ] as const) {
        const place = { x: from.x + dx * radius, y: from.y + dy * radius };
        await page.mouse.move(place.x, place.y);
        if (/highlighted/.test((await plots(page).first().getAttribute('aria-label'))!)) return place;
      }
    }
    throw new Error('there is no point near the middle of the map');
  }

  test('one run alone, another instead: what is shown stands in the address', async () => {
    const page = await openMade();
    await page.getByLabel('Second run').selectOption({ label: 'None' });
    await expect.poll(() => page.url()).toContain(`show=${first}`);
    await expect.poll(() => plots(page).count(), { timeout: 60_000 }).toBe(1);
    await page.getByLabel('First run').selectOption({ label: 'static with a projection, seed 42' });
    await page.getByRole('img', { name: /^Map under static with a projection/ }).waitFor({ timeout: 60_000 });
    await page.reload();
    await page.getByRole('img', { name: /^Map under static with a projection/ }).waitFor();
    expect(await plots(page).count()).toBe(1);
    expectNoComplaints(page);
    await page.context().close();
  });

  test('is accessible in both themes, and fits the smallest window', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await openMade({ colorScheme, viewport: { width: 1024, height: 700 } });
      await page.getByLabel('Find a question').fill('regression');
      await page.getByRole('list', { name: 'Questions found' }).getByRole('button').first().click();
      await rows(page).nth(1).waitFor();
      expect(inWords(await violations(page)), colorScheme).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      ).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  });

  test('without runs, and with a run that has lost its encoder: says so, and what to do', async () => {
    const page = await openMap('/map');
    await page.getByRole('link', { name: 'Choose runs' }).waitFor();
    rmSync(join(openHome(server.served.home).runs, second, 'encoder'), { recursive: true });
    await page.goto(addressOf(page, `/map?runs=${second}`));
    await page
      .getByRole('alert')
      .getByText(/The encoder of run .* is missing in /)
      .waitFor();
    await page.context().close();
  });
});
