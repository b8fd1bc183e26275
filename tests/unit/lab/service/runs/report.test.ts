import { expect, test } from 'vitest';
import { runMethods } from '../../../../../src/lab/service/runs/runs.ts';
import type { ReportFormat } from '../../../../../src/shared/contract/reports.ts';
import { silentConnection, temporaryContext } from '../../../../helpers/serviceContext.ts';
import { createExperiment, trainedRun } from '../../../../helpers/syntheticStore.ts';

const twoRecipes = (store: ReturnType<typeof temporaryContext>['store']): string[] => {
  const experiment = createExperiment(store);
  return [
    ['A', 'infonce'],
    ['B', 'triplet'],
  ].flatMap(([name, loss_type]) =>
    [1, 2].map(
      (seed) =>
        trainedRun(store, experiment, {
          raw: { name: name!, loss_type: loss_type!, seed, split_seed: 1 },
          levels: [0.25, 0.5, 0.75],
        }).id,
    ),
  );
};

test.each<[ReportFormat, RegExp]>([
  ['html', /^<!doctype html>[^]*What quality costs[^]*<\/html>\n$/],
  ['latex', /\\begin\{tabular\}\{lr\}[^]*A & \\textbf\{0\.583\} \$\\pm\$ 0\.000/],
  ['per_query', /^run,name,seed,step,question,mrr@10\r\n[^]*,0\.75\r\n/],
])('runs.exportReport writes %s', async (format, expected) => {
  const context = temporaryContext();
  const methods = runMethods(context);
  const { text } = await methods['runs.exportReport'](
    { runs: twoRecipes(context.store), format, metric: 'mrr@10', band: 'std' },
    silentConnection,
  );
  expect(text).toMatch(expected);
});

test('runs.bm25 says why there is none where the dataset is gone', async () => {
  const context = temporaryContext();
  const runs = twoRecipes(context.store);
  expect(await runMethods(context)['runs.bm25']({ runs }, silentConnection)).toEqual([
    {
      name: 'BM25',
      runs,
      metrics: null,
      missing:
        'The dataset "sample" is not the one that this experiment was set up with: its content has changed. ' +
        'Import the original data again, or set up a new experiment.',
    },
  ]);
});
