import type { DatasetSummary } from '../../../shared/contract/datasets.ts';
import type { Experiment } from '../../../shared/history.ts';
import { sampleFolder, type FoundDataset } from '../../data/findDataset.ts';
import { folderSize } from '../../files/folderSize.ts';

/** A dataset in lists. Its name is that of its folder, which may be a copy. */
export async function summarise(
  name: string,
  { folder, manifest }: FoundDataset,
  experiments: readonly Experiment[],
): Promise<DatasetSummary> {
  return {
    name,
    shipped: folder === sampleFolder,
    manifest,
    bytes: await folderSize(folder),
    experiments: experiments.filter(({ dataset }) => dataset.name === name && dataset.hash === manifest.content.sha256)
      .length,
  };
}
