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
import { addressFrom } from '../../net/address.ts';
import type { Credentials } from '../../net/credentials.ts';
import { download } from '../../net/download.ts';
import { knownOf } from './kaggleAttribution.ts';
import { findKaggleCredentials, kaggleAuthorization } from '../../net/kaggle/kaggleCredentials.ts';
import { formatKaggleReference, parseKaggleReference, type KaggleReference } from '../../net/kaggle/kaggleReference.ts';
import { explainKaggle } from '../../net/kaggle/kaggleRefusal.ts';
import type { Patience } from '../../net/retry.ts';
import { storageHashes } from '../../net/storageHashes.ts';
import { takeDownloadLock } from '../../net/downloadLock.ts';

/** The address of Kaggle, unless LOSSLAB_KAGGLE_ENDPOINT names another. */
const publicEndpoint = 'https://www.kaggle.com';

export interface KaggleOptions {
  /** Aborting rejects with its reason; what has arrived is kept. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: KaggleProgress) => void) | undefined;
  /** Used instead of the credentials of Kaggle's own tools; null for none. */
  readonly credentials?: Credentials | null | undefined;
  readonly environment?: NodeJS.ProcessEnv;
  readonly patience?: Patience | undefined;
}

export interface KaggleProgress {
  readonly stage: 'downloading' | ArchiveProgress['stage'];
  /** Bytes of this stage. */
  readonly done: number;
  /** Null if the server does not say. */
  readonly total: number | null;
}

/**
 * Fetches `kaggle:owner/name[@version]`, checks it, unpacks it and imports it as a dataset.
 * The archive is in the home's `downloads` meanwhile, and stays there if this does not finish:
 * another call, also of a later process, resumes it. Throws a `download`, `data`,
 * `storage`, `usage` or `configuration` LabError; a `CredentialsNeeded` if Kaggle asks for credentials.
 */
export async function downloadKaggle(
  request: DownloadRequest,
  home: Home,
  options: KaggleOptions = {},
): Promise<{ folder: string; manifest: Manifest }> {
  const reference = parseKaggleReference(request.source);
  const { limit, replace } = request;
  const target = { home: home.folder, name: datasetNameOf(request), limit, replace };
  // Now, and not after a download of half an hour.
  await placeFor(target);
  return inFolderOf(reference, home, async (folder) => {
    const archive = join(folder, 'archive.zip');
    // Only a complete file with the right checksums has this name.
    if (!existsSync(archive)) await fetchArchive(reference, archive, options);
    const { signal, onProgress } = options;
    const dataset = await importArchive({ ...target, archive, known: knownOf(reference), signal, onProgress }).catch(
      (error: unknown) => setAside(error, reference, archive),
    );
    await rm(folder, { recursive: true, force: true });
    return dataset;
  });
}

/** The name that the dataset will have. */
export function datasetNameOf({ source, name }: DownloadRequest): string {
  return name ?? parseKaggleReference(source).slug;
}

/** Removes what has arrived. Throws a `storage` LabError while the download is running. */
export async function discardKaggle(source: string, home: Home): Promise<void> {
  await inFolderOf(parseKaggleReference(source), home, (folder) => rm(folder, { recursive: true, force: true }));
}

/** One at a time: two would import the same archive, and one would remove it while the other reads it. */
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
  const endpoint = addressFrom(environment, 'LOSSLAB_KAGGLE_ENDPOINT', publicEndpoint);
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

/** A damaged archive is kept for inspection, but the download is not resumed. */
async function setAside(error: unknown, reference: KaggleReference, archive: string): Promise<never> {
  if (!(error instanceof UnsoundArchive)) throw error;
  const kept = join(dirname(archive), 'refused.zip');
  await rename(archive, kept);
  throw new LabError(
    error.code,
    `${formatKaggleReference(reference)}: ${error.message}`,
    `Nothing was imported; the file is kept as ${kept}. Start the download again to get a new copy.`,
    { cause: error },
  );
}
