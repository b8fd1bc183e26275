import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StoredEncoder } from '../../../shared/contract/encoders.ts';
import { LabError } from '../../../shared/errors.ts';
import { folderSize } from '../../files/folderSize.ts';
import { cachedRepositories, type CachedRepository } from '../../net/hub/hubCache.ts';
import { configFile, licenceOf, missingFiles } from '../../encoders/hub/hubFiles.ts';
import { formatHubReference } from '../../net/hub/hubReference.ts';
import { supportedArchitectures } from '../../encoders/modelConfig.ts';
import { readJsonFile } from '../../encoders/modelFiles.ts';
import { describeEncoder } from '../../encoders/pretrained.ts';
import type { Store } from '../../store/runStore.ts';

/** Every snapshot with a supported architecture. Other programs share the cache, so it can contain others. */
export function encodersOfHub(cache: string): StoredEncoder[] {
  return cachedRepositories(cache).flatMap((cached) =>
    cached.commits().flatMap((commit) => storedSnapshot(cached, commit) ?? []),
  );
}

function storedSnapshot(cached: CachedRepository, commit: string): StoredEncoder | null {
  const folder = cached.snapshot(commit);
  const architecture = architectureOf(folder);
  if (architecture === null || !supportedArchitectures.includes(architecture)) return null;
  const encoder = formatHubReference({ repository: cached.repository, revision: commit });
  const contents = new Map(cached.files(commit).map(({ content, bytes }) => [content, bytes]));
  return {
    encoder,
    origin: 'hub',
    title: cached.repository,
    revision: commit,
    architecture,
    bytes: [...contents.values()].reduce((sum, bytes) => sum + bytes, 0),
    licence: licenceOf(folder),
    ...usability(folder, encoder, missingFiles(cached, commit)),
  };
}

/**
 * Newest first, as in the list of runs. Excludes the encoder "static", whose architecture cannot be trained further.
 */
export async function encodersOfRuns(store: Store): Promise<StoredEncoder[]> {
  const encoders: StoredEncoder[] = [];
  for (const { id, name, encoder } of store.listRuns({ states: ['finished'] })) {
    if (encoder === null || !existsSync(encoder)) continue;
    const architecture = architectureOf(encoder);
    if (architecture === null || !supportedArchitectures.includes(architecture)) continue;
    encoders.push({
      encoder,
      origin: 'run',
      title: `${name} (${id})`,
      revision: null,
      architecture,
      bytes: await folderSize(encoder),
      licence: null,
      ...usability(encoder, encoder, []),
    });
  }
  return encoders;
}

function usability(
  folder: string,
  reference: string,
  missing: readonly string[],
): Pick<StoredEncoder, 'parameters' | 'problem'> {
  if (missing.length > 0)
    return {
      parameters: null,
      problem: `Incomplete: ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not in the cache.`,
    };
  try {
    return { parameters: describeEncoder(folder, reference).parameters, problem: null };
  } catch (error) {
    if (error instanceof LabError) return { parameters: null, problem: error.message };
    throw error;
  }
}

/** Null if the configuration is missing, is not JSON or names no architecture. */
function architectureOf(folder: string): string | null {
  try {
    const config = readJsonFile(join(folder, configFile)) as { model_type?: unknown } | null | undefined;
    return typeof config?.model_type === 'string' ? config.model_type : null;
  } catch (error) {
    if (error instanceof LabError) return null;
    throw error;
  }
}
