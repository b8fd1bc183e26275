import type { DatasetSummary } from '../../../shared/contract/datasets.ts';
import type { Experiment } from '../../../shared/history.ts';
import { sampleFolder, type FoundDataset } from '../../data/findDataset.ts';
import { folderSize } from '../../files/folderSize.ts';

/** A dataset as lists show it. It goes by the name of its folder, which may have been copied. */
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
