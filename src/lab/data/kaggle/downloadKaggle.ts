import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DownloadRequest } from '../../../shared/contract/downloads.ts';
import { LabError } from '../../../shared/errors.ts';
import type { Manifest } from '../../../shared/manifest.ts';
import { importArchive, type ArchiveProgress } from '../archives/importArchive.ts';
import { UnsoundArchive } from '../archives/zipEntry.ts';
import { placeFor } from '../importDataset.ts';
import { asStorageError } from '../../files/storage.ts';
import type { Home } from '../../files/home.ts';
import { baseAddress } from '../../net/address.ts';
import type { Credentials } from '../../net/credentials.ts';
import { download } from '../../net/download.ts';
import { knownOf } from './kaggleAttribution.ts';
import { findKaggleCredentials, kaggleAuthorization } from '../../net/kaggle/kaggleCredentials.ts';
import { formatKaggleReference, parseKaggleReference, type KaggleReference } from '../../net/kaggle/kaggleReference.ts';
import { explainKaggle } from '../../net/kaggle/kaggleRefusal.ts';
import type { Patience } from '../../net/retry.ts';
import { storageHashes } from '../../net/storageHashes.ts';
import { takeDownloadLock } from '../../net/downloadLock.ts';

/** Where Kaggle is, when LOSSLAB_KAGGLE_ENDPOINT says nothing else. */
const publicEndpoint = 'https://www.kaggle.com';

export interface KaggleOptions {
  /** Aborting rejects with its reason; what has arrived is kept. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: KaggleProgress) => void) | undefined;
  /** Instead of what is found where Kaggle's own tools look; null for none. */
  readonly credentials?: Credentials | null | undefined;
  readonly environment?: NodeJS.ProcessEnv;
  readonly patience?: Patience | undefined;
}

export interface KaggleProgress {
  readonly stage: 'downloading' | ArchiveProgress['stage'];
  /** Bytes of this stage. */
  readonly done: number;
  /** Null where the server does not tell. */
  readonly total: number | null;
}

/**
 * Fetches `kaggle:owner/name[@version]`, checks it, unpacks it and imports it as a dataset, in one go.
 * The archive lies in the home's `downloads` while that lasts, and stays there where it does not come
 * to its end: another call, also of a later process, goes on from there. Throws a `download`, `data`,
 * `storage`, `usage` or `configuration` LabError; a `CredentialsNeeded` where Kaggle wants to know who asks.
 */
export async function downloadKaggle(
  request: DownloadRequest,
  home: Home,
  options: KaggleOptions = {},
): Promise<{ folder: string; manifest: Manifest }> {
  const reference = parseKaggleReference(request.source);
  const { limit, replace } = request;
  const target = { home: home.folder, name: datasetNameOf(request), limit, replace };
  // Not after half an hour.
  await placeFor(target);
  return inFolderOf(reference, home, async (folder) => {
    const archive = join(folder, 'archive.zip');
    // Only what is whole and adds up bears that name.
    if (!existsSync(archive)) await fetchArchive(reference, archive, options);
    const { signal, onProgress } = options;
    const dataset = await importArchive({ ...target, archive, known: knownOf(reference), signal, onProgress }).catch(
      (error: unknown) => setAside(error, reference, archive),
    );
    await rm(folder, { recursive: true, force: true });
    return dataset;
  });
}

/** What a dataset will be called. */
export function datasetNameOf({ source, name }: DownloadRequest): string {
  return name ?? parseKaggleReference(source).slug;
}

/** Forgets what has arrived. Throws a `storage` LabError while it is arriving. */
export async function discardKaggle(source: string, home: Home): Promise<void> {
  await inFolderOf(parseKaggleReference(source), home, (folder) => rm(folder, { recursive: true, force: true }));
}

/** One at a time: two would import the same archive, and one remove it under the other. */
async function inFolderOf<T>(
  reference: KaggleReference,
  home: Home,
  action: (folder: string) => Promise<T>,
): Promise<T> {
  const name = formatKaggleReference(reference);
  const folder = join(home.downloads, name.replaceAll(/[:/]/g, '--'));
  let unlock: (() => void) | undefined;
  try {
    await mkdir(folder, { recursive: true });
    unlock = takeDownloadLock(join(folder, 'lock'), name);
    return await action(folder);
  } catch (error) {
    throw asStorageError(error, folder);
  } finally {
    unlock?.();
  }
}

async function fetchArchive(
  reference: KaggleReference,
  archive: string,
  { signal, onProgress, patience, environment = process.env, ...given }: KaggleOptions,
): Promise<void> {
  const endpoint = baseAddress(environment.LOSSLAB_KAGGLE_ENDPOINT || publicEndpoint, 'LOSSLAB_KAGGLE_ENDPOINT');
  const credentials = given.credentials === undefined ? findKaggleCredentials(environment) : given.credentials;
  const url = new URL(`${endpoint}/api/v1/datasets/download/${reference.owner}/${reference.slug}`);
  if (reference.version !== null) url.searchParams.set('dataset_version_number', String(reference.version));
  await download({
    url,
    file: archive,
    what: formatKaggleReference(reference),
    headers: credentials ? { authorization: kaggleAuthorization(credentials) } : {},
    checksumsOf: storageHashes,
    explain: explainKaggle(reference, endpoint, credentials),
    signal,
    onProgress: (progress) => onProgress?.({ stage: 'downloading', ...progress }),
    patience,
  });
}

/** An archive that is not sound is kept to be looked at, but not gone on with. */
async function setAside(error: unknown, reference: KaggleReference, archive: string): Promise<never> {
  if (!(error instanceof UnsoundArchive)) throw error;
  const kept = join(dirname(archive), 'refused.zip');
  await rename(archive, kept);
  throw new LabError(
    error.code,
    `${formatKaggleReference(reference)}: ${error.message}`,
    `Nothing of it was taken; what arrived is kept as ${kept}. Start it again to fetch it anew.`,
    { cause: error },
  );
}
