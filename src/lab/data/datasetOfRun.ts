import { statSync } from 'node:fs';
import { LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';
import { readManifest } from './datasetFolder.ts';
import { findDataset, type FoundDataset } from './findDataset.ts';
import type { Home } from '../files/home.ts';

/**
 * The folder of the dataset that a run was set up with. Throws a `data` LabError where it is gone,
 * or its content is no longer the same.
 */
export async function datasetFolderOf(home: Home, run: Run): Promise<string> {
  const { folder, manifest } = await locate(home, run);
  if (manifest.content.sha256 === run.dataset.hash) return folder;
  throw new LabError(
    'data',
    `The dataset "${run.dataset.name}" is not the one that this experiment was set up with: its content has changed.`,
    'Import the original data again, or set up a new experiment.',
  );
}

/** A configuration of the command line may name a dataset folder anywhere. */
async function locate(home: Home, { configuration: { data_path }, dataset }: Run): Promise<FoundDataset> {
  const isFolder = data_path !== null && statSync(data_path, { throwIfNoEntry: false })?.isDirectory();
  return isFolder ? { folder: data_path, manifest: await readManifest(data_path) } : findDataset(home, dataset.name);
}
