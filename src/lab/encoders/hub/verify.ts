import { basename } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { LabError } from '../../../shared/errors.ts';
import { findWrong } from '../../net/checksum.ts';
import type { CachedRepository } from '../../net/hub/hubCache.ts';
import { missingFiles } from './hubFiles.ts';
import { checksumOfBlob, isBlobName } from '../../net/hub/hubRepository.ts';
import { openModelFolder } from '../modelFolder.ts';
import { floatTypes } from '../safetensors.ts';

/** Reads a snapshot whole: its contents against the names that they have in the cache, then its tensors. What was found wrong, in words. */
export async function verifySnapshot(
  cached: CachedRepository,
  commit: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const missing = missingFiles(cached, commit).map((file) => `${file} is missing, or not known to be absent.`);
  const problems: string[] = [];
  for (const { file, content, bytes } of cached.files(commit)) {
    signal?.throwIfAborted();
    // Where there are no links, contents have lost their names.
    if (!isBlobName(basename(content))) continue;
    const wrong = await findWrong(content, [checksumOfBlob(basename(content), bytes)]);
    if (wrong)
      problems.push(
        `${file} was changed after it was downloaded: expected ${wrong.name} ${wrong.expected}, found ${wrong.found}.`,
      );
  }
  if (missing.length + problems.length > 0) return [...missing, ...problems];
  return verifyModelFolder(cached.snapshot(commit), signal);
}

/** Reads every tensor of a folder of weights. What was found wrong, in words; nothing more after the first. */
export async function verifyModelFolder(folder: string, signal?: AbortSignal): Promise<string[]> {
  try {
    const { weights, dense } = openModelFolder(folder);
    for (const { dtype, read } of [...weights.tensors.values(), ...(dense?.tensors.values() ?? [])]) {
      if (!floatTypes.includes(dtype)) continue;
      read();
      // A large model takes seconds: others want to be heard meanwhile.
      await breathe();
      signal?.throwIfAborted();
    }
    return [];
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof LabError) return [error.message];
    throw error;
  }
}
