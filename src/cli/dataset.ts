import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LabError } from '../shared/errors.ts';
import { readManifest } from '../lab/data/datasetFolder.ts';
import { findDataset, type FoundDataset } from '../lab/data/findDataset.ts';
import { importDataset } from '../lab/data/importDataset.ts';
import type { Home } from '../lab/files/home.ts';
import { say, type CommonOptions } from './output.ts';

/**
 * The dataset of a `data_path`: a ranked_qa.json of the original, imported once under a name made
 * from its content, or a dataset folder.
 */
export async function datasetOfPath(
  home: Home,
  path: string,
  force: boolean,
  options: CommonOptions,
): Promise<FoundDataset> {
  if (!existsSync(path)) {
    throw new LabError(
      'data',
      `data_path "${path}" does not exist (looked for ${resolve(path)}).`,
      'Name an existing ranked_qa.json, or a dataset with --data; "losslab datasets" lists them.',
    );
  }
  if (statSync(path).isDirectory()) return { folder: path, manifest: await readManifest(path) };
  const name = `${basename(path)
    .replace(/\.[^.]*$/, '')
    .replace(/[^\w-]+/g, '-')}-${(await hashOf(path)).slice(0, 8)}`;
  if (!force && existsSync(join(home.datasets, name))) return findDataset(home, name);
  say(options, `Importing ${path} as dataset ${name}`);
  return importDataset({ home: home.folder, name, source: { kind: 'json', file: path }, replace: force });
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
