import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pipeline } from 'node:stream/promises';
import { LabError } from '../shared/errors.ts';
import { listDatasets, readManifest } from '../lab/data/datasetFolder.ts';
import { importDataset } from '../lab/data/importDataset.ts';
import type { Manifest } from '../shared/manifest.ts';
import type { Home } from '../lab/store/home.ts';
import { say, type CommonOptions } from './output.ts';

export interface ResolvedDataset {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Name of the dataset that is shipped with LossLab. */
export const sampleName = 'sample';
const sampleFolder = fileURLToPath(new URL('../../resources/sample', import.meta.url));

/** A dataset by name: one of the home folder, or the shipped sample. */
export async function findDataset(home: Home, name: string): Promise<ResolvedDataset> {
  const known = (await listDatasets(home.folder)).find((dataset) => dataset.name === name);
  if (known && 'error' in known) throw known.error;
  if (known) return { folder: known.folder, manifest: known.manifest };
  if (name === sampleName) return { folder: sampleFolder, manifest: await readManifest(sampleFolder) };
  const names = [sampleName, ...(await listDatasets(home.folder)).map((dataset) => dataset.name)];
  throw new LabError('data', `There is no dataset "${name}".`, `Datasets: ${names.join(', ')}. "losslab import" adds one.`);
}

/**
 * The dataset of a `data_path`: a ranked_qa.json of the original, imported once under a name made
 * from its content, or a dataset folder.
 */
export async function datasetOfPath(home: Home, path: string, force: boolean, options: CommonOptions): Promise<ResolvedDataset> {
  if (!existsSync(path)) {
    throw new LabError('data', `data_path "${path}" does not exist (looked for ${resolve(path)}).`, 'Name an existing ranked_qa.json, or a dataset with --data; "losslab datasets" lists them.');
  }
  if (statSync(path).isDirectory()) return { folder: path, manifest: await readManifest(path) };
  const name = `${basename(path).replace(/\.[^.]*$/, '').replace(/[^\w-]+/g, '-')}-${(await hashOf(path)).slice(0, 8)}`;
  if (!force && existsSync(join(home.datasets, name))) return findDataset(home, name);
  say(options, `Importing ${path} as dataset ${name}`);
  return importDataset({ home: home.folder, name, source: { kind: 'json', file: path }, replace: force });
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
