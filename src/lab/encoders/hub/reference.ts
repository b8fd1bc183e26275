import { resolve } from 'node:path';
import { LabError } from '../../../shared/errors.ts';
import { cachedCommit } from '../../net/hub/hubCache.ts';
import { missingFiles } from './hubFiles.ts';
import { formatHubReference, isHubReference, parseHubReference } from '../../net/hub/hubReference.ts';
import { hubSettings, type HubSettings } from '../../net/hub/hubSettings.ts';

/** The files of an encoder, and the name of exactly these files. */
export interface ResolvedEncoder {
  readonly folder: string;
  /** The folder as it was named; for the Hub, `hf:repository@commit`. */
  readonly source: string;
}

/** What else to do if an encoder of the Hub is not available. */
export const otherEncoderHint =
  'Or choose another encoder: --encoder, or the key encoder, takes static, mini, distilbert or a folder of weights.';

/**
 * Finds the files of a folder or of `hf:repository@revision`, without the network. Throws an `encoder` LabError if the
 * cache does not have all files of the repository.
 */
export function resolveEncoder(reference: string, settings?: HubSettings): ResolvedEncoder {
  if (!isHubReference(reference)) return { folder: resolve(reference), source: reference };
  const { cache } = settings ?? hubSettings();
  const { repository, revision } = parseHubReference(reference);
  const found = cachedCommit(cache, { repository, revision });
  const missing = found ? missingFiles(found.cached, found.commit) : [];
  if (found && missing.length === 0)
    return {
      folder: found.cached.snapshot(found.commit),
      source: formatHubReference({ repository, revision: found.commit }),
    };
  const lack =
    missing.length === 0
      ? 'is not'
      : `is incomplete (${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing, or not known to be absent)`;
  throw new LabError(
    'encoder',
    `${formatHubReference({ repository, revision })} ${lack} in the cache ${cache}.`,
    `Download it with: losslab download ${reference}\n${otherEncoderHint}`,
  );
}

/** Whether `resolveEncoder` would find it. */
export function isStoredEncoder(reference: string, settings?: HubSettings): boolean {
  try {
    resolveEncoder(reference, settings);
    return true;
  } catch (error) {
    if (error instanceof LabError && error.code === 'encoder') return false;
    throw error;
  }
}
