import { basename } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { LabError } from '../../../shared/errors.ts';
import { findWrong } from '../../net/checksum.ts';
import type { CachedRepository } from '../../net/hub/hubCache.ts';
import { missingFiles } from './hubFiles.ts';
import { checksumOfBlob, isBlobName } from '../../net/hub/hubRepository.ts';
import { openModelFolder } from '../modelFolder.ts';
import { floatTypes } from '../safetensors.ts';

/**
 * Reads a whole snapshot: compares contents with their names in the cache, then reads all tensors. Returns a message
 * for each fault.
 */
export async function verifySnapshot(
  cached: CachedRepository,
  commit: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const missing = missingFiles(cached, commit).map((file) => `${file} is missing, or not known to be absent.`);
  const problems: string[] = [];
  for (const { file, content, bytes } of cached.files(commit)) {
    signal?.throwIfAborted();
    // Without links, the names of contents are unknown.
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

/** Reads every tensor of a folder of weights. Returns a message for the first fault. */
export async function verifyModelFolder(folder: string, signal?: AbortSignal): Promise<string[]> {
  try {
    const { weights, dense } = openModelFolder(folder);
    for (const { dtype, read } of [...weights.tensors.values(), ...(dense?.tensors.values() ?? [])]) {
      if (!floatTypes.includes(dtype)) continue;
      read();
      // A large model takes seconds: other events must be handled meanwhile.
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
