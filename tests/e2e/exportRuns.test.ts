import { existsSync, readdirSync } from 'node:fs';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { readManifest } from '../../src/lab/data/datasetFolder.ts';
import { sampleFolder } from '../../src/lab/data/findDataset.ts';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
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

describe.skipIf(chromiumPath === null)(`figures for other programs, from a comparison (${howToGetChromium})`, () => {
  const server = useServer();
  const browser = useBrowser();
  let run = '';

  beforeAll(async () => {
    const { content } = await readManifest(sampleFolder);
    using store = openStore(openHome(server.served.home));
    run = finishedRun(store, tinyConfigurations.static!, { name: 'sample', hash: content.sha256 }).id;
  });

  test.each([
    ['Files for trec_eval', () => ['BM25_english.run', 'best.qrels', 'own.qrels', `${run}.run`].sort()],
    ['Files for TensorBoard', () => ['BM25_english', expect.stringMatching(/_seed_\d+$/), 'untrained']],
  ])('%s lie where the message says', async (label, expected) => {
    const page = await browser.open(server.served);
    await page.goto(addressOf(page, `/compare?runs=${run}`));
    await page.getByRole('button', { name: 'Save a report' }).click();
    await page.getByRole('menuitem', { name: label }).click();
    const message = await page.getByText(/^Written to /).innerText({ timeout: 60_000 });
    const folder = message.replace('Written to ', '');
    expect(existsSync(folder)).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(expected());
    expectNoComplaints(page);
    await page.context().close();
  });
});
