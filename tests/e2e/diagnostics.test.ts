import { beforeAll, describe, expect, test, vi } from 'vitest';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import { marginBin, marginBins, type Diagnostics } from '../../src/shared/diagnostics.ts';
import { inWords, violations } from '../helpers/axe.ts';
import {
  addressOf,
  chromiumPath,
  expectNoComplaints,
  howToGetChromium,
  useBrowser,
  useServer,
} from '../helpers/screens.ts';
import { createExperiment, createRun, evaluationEvent, startedEvent, stepEvent } from '../helpers/syntheticStore.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

function diagnosed(cosine: number, margins: readonly number[]): Diagnostics {
  const counts = new Array<number>(marginBins.count).fill(0);
  for (const margin of margins) counts[marginBin(margin)]!++;
  return {
    pairs: margins.length,
    figures: {
      alignment: 1 - cosine,
      uniformity: -2,
      mean_cosine: cosine,
      effective_rank: 30,
      in_batch_margin: 0.1,
      hard_margin: null,
    },
    margins: { in_batch: counts, hard: [] },
  };
}

describe.skipIf(chromiumPath === null)(`why runs win or fail (${howToGetChromium})`, () => {
  const server = useServer();
  const browser = useBrowser();
  let experiment = '';

  /** A triplet run that collapses, one that is healthy, and one of a version before there were diagnostics. */
  beforeAll(() => {
    using store = openStore(openHome(server.served.home));
    const { id } = createExperiment(store, {});
    experiment = id;
    for (const name of ['Collapsing', 'Healthy', 'Older']) {
      const run = createRun(store, { name, loss_type: 'triplet' }, store.getExperiment(id)).id;
      store.claim(run);
      store.record(run, startedEvent(run, { steps: 20 }));
      const evaluations = [0, 20].map((step) =>
        evaluationEvent(
          run,
          step,
          0.4,
          name === 'Older'
            ? {}
            : { diagnostics: diagnosed(name === 'Collapsing' && step > 0 ? 0.999 : 0.2, [-0.1, 0.12, 0.12, 0.3]) },
        ),
      );
      store.record(
        run,
        evaluations[0]!,
        ...Array.from({ length: 20 }, (_, i) => stepEvent(run, i + 1, { metrics: { zero_loss: i / 20 } })),
        evaluations[1]!,
      );
      if (name === 'Collapsing')
        store.record(run, {
          run,
          type: 'health',
          step: 20,
          kind: 'collapse',
          message: 'Unrelated texts have a mean cosine of 0.999.',
          fix: 'Lower learning_rate.',
        });
      store.record(run, {
        run,
        type: 'finished',
        step: 20,
        training_seconds: 1,
        encoder: `/runs/${run}/encoder`,
        peak_memory_bytes: 3e8,
      });
    }
  });

  test('the comparison shows figures side by side, margins of one run, findings, and what was not measured', async () => {
    const page = await browser.open(server.served);
    await page.goto(addressOf(page, `/experiments/${experiment}/compare`));
    const health = page.getByRole('region', { name: 'Health' });
    await health.getByText('Collapsing: Embeddings have collapsed').waitFor();
    expect(await health.getByText('Lower learning_rate.').count()).toBe(1);
    const why = page.getByRole('region', { name: /^Why/ });
    await why.getByText('Not measured: Older.').waitFor();
    const cosine = why.getByRole('region', { name: 'Cosine of unrelated texts' });
    await cosine.getByRole('button', { name: 'Table' }).click();
    expect(await cosine.getByRole('row').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringMatching(/^20\s+0\.999\s+0\.200$/)]),
    );
    await why.getByLabel('Margins of').selectOption({ label: 'Healthy' });
    expect(
      await why
        .getByRole('img', {
          name: /^Margin to answers of other questions of Healthy over 2 evaluations: 75\s?% of the questions ahead at step 0/,
        })
        .count(),
    ).toBe(1);
    expectNoComplaints(page);
  });

  test('holds to accessibility in both themes, and in a small window', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.open(server.served, { colorScheme, viewport: { width: 1024, height: 700 } });
      await page.goto(addressOf(page, `/experiments/${experiment}/compare`));
      await page.getByRole('img', { name: /^Margin to answers/ }).waitFor();
      expect(inWords(await violations(page)), colorScheme).toEqual([]);
      expect(
        await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      ).toBeLessThanOrEqual(0);
      await page.context().close();
    }
  });

  test('gradients of runs whose dataset is gone: said in words', async () => {
    const page = await browser.open(server.served);
    await page.goto(addressOf(page, `/experiments/${experiment}/compare`));
    await page.getByRole('button', { name: 'Compare gradients' }).click();
    await page
      .getByText(/sample/)
      .filter({ hasText: 'dataset' })
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: 'Compare gradients' }).isEnabled()).toBe(true);
  });

  test('live: a badge on the run, and the share of examples with zero loss of the chosen one', async () => {
    const page = await browser.open(server.served);
    await page.goto(addressOf(page, `/experiments/${experiment}/compare`));
    await page.getByRole('link', { name: 'Live' }).click();
    const runs = page.getByRole('region', { name: 'Runs' });
    await runs.getByRole('button', { name: /Collapsing.*Embeddings have collapsed/ }).click();
    await page.getByRole('heading', { name: 'Share of examples with zero loss' }).waitFor();
    await page.getByRole('region', { name: 'Diagnostics' }).getByRole('heading', { name: 'Effective rank' }).waitFor();
    expectNoComplaints(page);
  });
});
