import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { reportTrained } from '../../../src/cli/comparison.ts';
import { createExperiment, temporaryFolder, temporaryStore, trainedRun } from '../../helpers/syntheticStore.ts';

test('where the comparison of runs that have ended cannot be written, how to have it is told', async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  using store = temporaryStore();
  const { id } = trainedRun(store, createExperiment(store), { raw: {}, levels: [0.1, 0.4] });
  const csv = join(temporaryFolder(), 'missing', 'comparison.csv');
  await expect(reportTrained(store, [id], { csv }, { home: store.home.folder })).rejects.toMatchObject({
    message: expect.stringContaining(csv) as unknown,
    fix: expect.stringContaining(`losslab compare ${id}`) as unknown,
  });
});
