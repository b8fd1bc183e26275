import { LabError } from '../../shared/errors.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { applicationFile } from '../base/applicationFiles.ts';
import type { Home } from '../files/home.ts';
import { listDatasets, readManifest, type ListedDataset } from './datasetFolder.ts';

export interface FoundDataset {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Name of the dataset that is shipped with LossLab. */
export const sampleName = 'sample';
export const sampleFolder = applicationFile('resources', 'sample');

/** The shipped sample, unless a dataset of the home folder has taken its name, and those of the home folder. */
export async function listAllDatasets(home: Home): Promise<ListedDataset[]> {
  const own = await listDatasets(home.folder);
  if (own.some(({ name }) => name === sampleName)) return own;
  return [{ name: sampleName, folder: sampleFolder, manifest: await readManifest(sampleFolder) }, ...own];
}

/** A dataset by name. Throws a `data` LabError where there is none, or it is damaged. */
export async function findDataset(home: Home, name: string): Promise<FoundDataset> {
  const datasets = await listAllDatasets(home);
  const found = datasets.find((dataset) => dataset.name === name);
  if (!found)
    throw new LabError(
      'data',
      `There is no dataset "${name}".`,
      `Datasets: ${datasets.map((dataset) => dataset.name).join(', ')}. Import one to add it.`,
    );
  if ('error' in found) throw found.error;
  return { folder: found.folder, manifest: found.manifest };
}
