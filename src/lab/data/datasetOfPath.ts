import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';
import type { Home } from '../files/home.ts';
import { isFolder } from '../files/isFolder.ts';
import { readManifest } from './datasetFolder.ts';
import { findDataset, findDatasetOfRun, type FoundDataset } from './findDataset.ts';
import { importDataset } from './importDataset.ts';

/** Is called with the name of a dataset before it is imported. */
type OnImport = (name: string) => void;

/**
 * The dataset of a `data_path`: a dataset folder, or a ranked_qa.json of the original, imported once under
 * a name made from its file name and its content. `force` imports it again. Throws a LabError where there is nothing
 * at the path, or it cannot be read.
 */
export async function datasetOfPath(
  home: Home,
  path: string,
  force: boolean,
  onImport: OnImport,
): Promise<FoundDataset> {
  if (!existsSync(path)) {
    throw new LabError(
      'data',
      `data_path "${path}" does not exist.`,
      'Name an existing ranked_qa.json, or a dataset with --data; "losslab datasets" lists them.',
    );
  }
  if (isFolder(path)) return { folder: path, manifest: await readManifest(path) };
  const name = await nameOfImport(path);
  if (!force && existsSync(join(home.datasets, name))) return findDataset(home, name);
  onImport(name);
  return importDataset({ home: home.folder, name, source: { kind: 'json', file: path }, replace: force });
}

/** As `findDatasetOfRun`; a dataset that is gone is imported again from the file that `data_path` names, if that is still there. */
export async function restoreDatasetOfRun(home: Home, run: Run, onImport: OnImport): Promise<FoundDataset> {
  try {
    return await findDatasetOfRun(home, run);
  } catch (error) {
    const { data_path } = run.configuration;
    if (data_path === null || !(await isImportOf(data_path, run))) throw error;
    await datasetOfPath(home, data_path, false, onImport);
    return findDatasetOfRun(home, run);
  }
}

/** Whether the dataset of a run was imported from the file that is at `path` now. */
async function isImportOf(path: string, { dataset }: Run): Promise<boolean> {
  return existsSync(path) && !isFolder(path) && (await nameOfImport(path)) === dataset.name;
}

async function nameOfImport(file: string): Promise<string> {
  const stem = basename(file)
    .replace(/\.[^.]*$/, '')
    .replace(/[^\w-]+/g, '-');
  return `${stem}-${(await hashOf(file)).slice(0, 8)}`;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
