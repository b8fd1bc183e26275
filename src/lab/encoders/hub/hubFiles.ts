import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checked, readJsonFile } from '../modelFiles.ts';
import type { CachedRepository } from '../../net/hub/hubCache.ts';

/** Which files of a repository make an encoder. The small ones come first: they say what else there is. */

export const configFile = 'config.json';
export const weightsFile = 'model.safetensors';
export const weightsIndex = 'model.safetensors.index.json';

/** Decide what a text becomes; a repository may do without each of them. */
const smallFiles = [
  'tokenizer.json',
  'tokenizer_config.json',
  'vocab.txt',
  'modules.json',
  'sentence_bert_config.json',
];
/** For people. */
const furtherFiles = ['special_tokens_map.json', 'README.md'];

const modules = z.array(z.object({ type: z.string(), path: z.string() }));
const weightMap = z.object({ weight_map: z.record(z.string(), z.string()) });

/** Files of a commit that a repository may or may not have, and that decide what a text becomes. */
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
    // Others are none of a file's name, or lie beside it: whoever reads them will say so.
    if (!/^[\w-]+(\.[\w-]+)*$/.test(path)) return [];
    return /\bDense$/.test(type)
      ? [`${path}/config.json`, `${path}/${weightsFile}`]
      : /\bPooling$/.test(type)
        ? [`${path}/config.json`]
        : [];
  });
}

/** Weights in parts, as their index names them; names with a folder in them are left to whoever reads the index. */
export function shardFiles(snapshot: string): string[] {
  const file = join(snapshot, weightsIndex);
  const names = new Set(Object.values(checked(weightMap, readJsonFile(file), file).weight_map));
  return [...names].filter((name) => /^[\w-][\w.-]*\.safetensors$/.test(name)).sort();
}

/** Files of a snapshot that have to be fetched, or asked for, before it can be relied on; empty for a complete one. */
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

/** What a repository's README says of its licence, in the block of settings at its beginning; null where it does not. */
export function licenceOf(folder: string): string | null {
  const file = join(folder, 'README.md');
  if (!existsSync(file)) return null;
  const settings = /^\uFEFF?---\r?\n([^]*?)\r?\n---/.exec(readFileSync(file, 'utf8').slice(0, 100_000))?.[1];
  return /^license:\s*["']?([\w.+ -]+?)["']?\s*$/m.exec(settings ?? '')?.[1] ?? null;
}
