import type { CredentialService, DownloadRequest, DownloadView } from '../../../shared/contract/downloads.ts';
import { LabError } from '../../../shared/errors.ts';
import { placeFor } from '../../data/importDataset.ts';
import type { Credentials } from '../../net/credentials.ts';
import { downloadEncoder } from '../../encoders/hub/downloadEncoder.ts';
import { CachedRepository } from '../../net/hub/hubCache.ts';
import { isHubReference, parseHubReference } from '../../net/hub/hubReference.ts';
import { hubSettings } from '../../net/hub/hubSettings.ts';
import { datasetNameOf, discardKaggle, downloadKaggle, type KaggleProgress } from '../../data/kaggle/downloadKaggle.ts';
import type { Home } from '../../files/home.ts';

export interface TransferProgress {
  /** As text. */
  readonly stage: string;
  readonly done: number;
  readonly total: number | null;
  /** Whether bytes are arriving from the network. */
  readonly transfer: boolean;
}

export interface TransferOptions {
  readonly home: Home;
  readonly credentials: Credentials | null;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TransferProgress) => void;
}

/** A source of downloads. */
export interface DownloadSource {
  readonly service: CredentialService;
  /** What may change when a download ends. */
  readonly brings: 'datasets' | 'encoders';
  /** Throws a LabError for a request that cannot succeed. Does not use the network. */
  check(request: DownloadRequest, home: Home): Promise<void>;
  /** Continues from partial files. Rejects with the reason of the signal when aborted. */
  fetch(request: DownloadRequest, options: TransferOptions): Promise<NonNullable<DownloadView['result']>>;
  /** Deletes the partial files. */
  discard(request: DownloadRequest, home: Home): Promise<void>;
}

const stageNames: Readonly<Record<KaggleProgress['stage'], string>> = {
  downloading: 'Downloading the archive',
  checking: 'Checking the archive',
  unpacking: 'Unpacking the archive',
  importing: 'Importing',
};

const kaggle: DownloadSource = {
  service: 'kaggle',
  brings: 'datasets',
  check: async (request, home) =>
    void (await placeFor({ home: home.folder, name: datasetNameOf(request), replace: request.replace })),
  async fetch(request, { home, onProgress, ...options }) {
    await downloadKaggle(request, home, {
      ...options,
      onProgress: ({ stage, ...progress }) =>
        onProgress({ ...progress, stage: stageNames[stage], transfer: stage === 'downloading' }),
    });
    return { kind: 'dataset', name: datasetNameOf(request) };
  },
  discard: ({ source }, home) => discardKaggle(source, home),
};

const hub: DownloadSource = {
  service: 'huggingface',
  brings: 'encoders',
  check: ({ source }) => Promise.resolve(void parseHubReference(source)),
  async fetch({ source }, { credentials, signal, onProgress }) {
    const { encoder } = await downloadEncoder(source, {
      signal,
      token: credentials?.secret,
      onProgress: (progress) => onProgress({ ...progress, transfer: progress.total !== null }),
    });
    return { kind: 'encoder', encoder };
  },
  discard: ({ source }) =>
    new CachedRepository(hubSettings().cache, parseHubReference(source).repository).removeParts(),
};

/** Throws a `usage` LabError for other sources. */
export function sourceOf({ source }: DownloadRequest): DownloadSource {
  if (source.startsWith('kaggle:')) return kaggle;
  if (isHubReference(source)) return hub;
  throw new LabError(
    'usage',
    `"${source}" is not a source of downloads: expected kaggle:owner/name or hf:repository.`,
    'For example: kaggle:stackoverflow/statsquestions, or hf:distilbert-base-uncased',
  );
}
