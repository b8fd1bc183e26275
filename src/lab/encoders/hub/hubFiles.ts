import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checked, readJsonFile } from '../modelFiles.ts';
import type { CachedRepository } from '../../net/hub/hubCache.ts';

/** The files of a repository that an encoder needs. The small ones come first: they name the others. */

export const configFile = 'config.json';
export const weightsFile = 'model.safetensors';
export const weightsIndex = 'model.safetensors.index.json';

/** These files affect embeddings; each of them is optional. */
const smallFiles = [
  'tokenizer.json',
  'tokenizer_config.json',
  'vocab.txt',
  'modules.json',
  'sentence_bert_config.json',
];
/** For people only; LossLab does not need them. */
const furtherFiles = ['special_tokens_map.json', 'README.md'];

const modules = z.array(z.object({ type: z.string(), path: z.string() }));
const weightMap = z.object({ weight_map: z.record(z.string(), z.string()) });

/** Optional files of a commit that affect embeddings. */
export function decidingFiles(snapshot: string): string[] {
  return [...smallFiles, ...moduleFiles(snapshot)];
}

export function optionalFiles(snapshot: string): string[] {
  return [...decidingFiles(snapshot), ...furtherFiles];
}

/** Files of the modules that `modules.json` names: pooling, and a linear layer with its weights. */
function moduleFiles(snapshot: string): string[] {
  const file = join(snapshot, 'modules.json');
  if (!existsSync(file)) return [];
  return checked(modules, readJsonFile(file), file).flatMap(({ type, path }) => {
    // Other entries are not valid names: the code that reads them reports an error.
    if (!/^[\w-]+(\.[\w-]+)*$/.test(path)) return [];
    return /\bDense$/.test(type)
      ? [`${path}/config.json`, `${path}/${weightsFile}`]
      : /\bPooling$/.test(type)
        ? [`${path}/config.json`]
        : [];
  });
}

/** Weights in parts, as their index names them; the code that reads the index reports names with a folder. */
export function shardFiles(snapshot: string): string[] {
  const file = join(snapshot, weightsIndex);
  const names = new Set(Object.values(checked(weightMap, readJsonFile(file), file).weight_map));
  return [...names].filter((name) => /^[\w-][\w.-]*\.safetensors$/.test(name)).sort();
}

/** Files of a snapshot that are missing or were never requested; empty if the snapshot is complete. */
export function missingFiles(cached: CachedRepository, commit: string): string[] {
  const snapshot = cached.snapshot(commit);
  const stateOf = (file: string): string => cached.stateOf(commit, file);
  if (stateOf(configFile) !== 'present') return [configFile];
  const deciding = decidingFiles(snapshot).filter((file) => stateOf(file) === 'unknown');
  return [...deciding, ...weightsOf().filter((file) => stateOf(file) !== 'present')];

  function weightsOf(): string[] {
    return stateOf(weightsFile) !== 'present' && stateOf(weightsIndex) === 'present'
      ? shardFiles(snapshot)
      : [weightsFile];
  }
}

/** The licence from the settings at the beginning of a repository's README; null if there is none. */
export function licenceOf(folder: string): string | null {
  const file = join(folder, 'README.md');
  if (!existsSync(file)) return null;
  const settings = /^\uFEFF?---\r?\n([^]*?)\r?\n---/.exec(readFileSync(file, 'utf8').slice(0, 100_000))?.[1];
  return /^license:\s*["']?([\w.+ -]+?)["']?\s*$/m.exec(settings ?? '')?.[1] ?? null;
}
