import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { findDataset } from '../../../../src/lab/data/findDataset.ts';
import { prepareRun } from '../../../../src/lab/training/prepare.ts';
import { rehearse } from '../../../../src/lab/training/rehearsal.ts';
import { resolveConfiguration, type Configuration } from '../../../../src/shared/configuration.ts';
import { temporaryHome } from '../../../helpers/syntheticStore.ts';

afterEach(() => vi.restoreAllMocks());

const recipes = ['infonce', 'triplet'].map((loss_type) =>
  resolveConfiguration({ loss_type, encoder: 'static', embed_dim: 16, vocabulary_size: 300, limit: 40, batch_size: 8 }),
);

test('a recipe for which there is no time left takes as long by token as those measured, padding not counted', async () => {
  const home = temporaryHome();
  const { folder } = await findDataset(home, 'sample');
  const job = {
    run: 'r1',
    configuration: recipes[0]!,
    dataset: folder,
    folder: join(home.runs, 'r1'),
    cache: home.cache,
    device: 'cpu' as const,
    deviceReason: 'asked for',
  };
  const silent = { phase: () => undefined, notice: () => undefined };
  const { plan, idsOf } = await prepareRun(job, silent);
  const tokensOf = ({ recipe }: Configuration): number => {
    const batches = plan.firstBatches(recipe.strategy);
    return (
      batches.reduce((sum, { texts }) => sum + texts.flatMap((text) => [...idsOf(text)]).length, 0) / batches.length
    );
  };
  // A clock by which the first recipe takes all the time there is.
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 8000));
  const {
    recipes: [first, second],
  } = await rehearse({ job, recipes }, () => undefined);
  expect([first!.measured, second!.measured]).toEqual([true, false]);
  expect(second!.secondsPerStep / first!.secondsPerStep).toBeCloseTo(tokensOf(recipes[1]!) / tokensOf(recipes[0]!), 10);
});
