import { LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';
import type { Manifest } from '../../shared/manifest.ts';
import { applicationFile } from '../base/applicationFiles.ts';
import { isFolder } from '../files/isFolder.ts';
import type { Home } from '../files/home.ts';
import { listDataset, listDatasets, readManifest, type ListedDataset } from './datasetFolder.ts';

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
  return requireSound(
    datasets.find((dataset) => dataset.name === name),
    name,
    datasets,
  );
}

/**
 * The dataset that a run was set up with, known by the hash of its content: in the folder that `data_path`
 * names, else under its name, else under another name. Throws a `data` LabError where it is gone, damaged,
 * or its content is no longer the same.
 */
export async function findDatasetOfRun(home: Home, { configuration, dataset }: Run): Promise<FoundDataset> {
  const { data_path } = configuration;
  const outside = data_path !== null && isFolder(data_path) ? [await listDataset(dataset.name, data_path)] : [];
  const datasets = await listAllDatasets(home);
  const named = [...outside, ...datasets.filter(({ name }) => name === dataset.name)];
  for (const each of [...named, ...datasets])
    if ('manifest' in each && each.manifest.content.sha256 === dataset.hash) return found(each);
  requireSound(named[0], dataset.name, datasets);
  throw new LabError(
    'data',
    `The dataset "${dataset.name}" is not the one that this experiment was set up with: its content has changed.`,
    'Import the original data again, or set up a new experiment.',
  );
}

/** What the dataset of a run says about itself; null where it is not there as it was. */
export async function manifestOfRun(home: Home, run: Run): Promise<Manifest | null> {
  try {
    return (await findDatasetOfRun(home, run)).manifest;
  } catch (error) {
    if (error instanceof LabError) return null;
    throw error;
  }
}

function requireSound(
  dataset: ListedDataset | undefined,
  name: string,
  datasets: readonly ListedDataset[],
): FoundDataset {
  if (!dataset)
    throw new LabError(
      'data',
      `There is no dataset "${name}".`,
      `Datasets: ${datasets.map((each) => each.name).join(', ')}. Import one to add it.`,
    );
  if ('error' in dataset) throw dataset.error;
  return found(dataset);
}

function found({ folder, manifest }: FoundDataset): FoundDataset {
  return { folder, manifest };
}
