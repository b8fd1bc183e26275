import { statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LabError } from '../../../shared/errors.ts';
import { asStorageError } from '../../files/storage.ts';
import { parseModelConfig } from '../modelConfig.ts';
import { requireJsonFile } from '../modelFiles.ts';
import { requireFreeSpace } from '../../files/freeSpace.ts';
import { CachedRepository } from '../../net/hub/hubCache.ts';
import { configFile, decidingFiles, optionalFiles, shardFiles, weightsFile, weightsIndex } from './hubFiles.ts';
import { formatHubReference, parseHubReference, type HubReference } from '../../net/hub/hubReference.ts';
import { HubRepository, type HubFile } from '../../net/hub/hubRepository.ts';
import { hubSettings, type HubSettings } from '../../net/hub/hubSettings.ts';
import type { Patience } from '../../net/retry.ts';

export interface EncoderDownloadOptions {
  /** Aborting rejects with its reason; files and parts that have arrived are kept. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: EncoderProgress) => void) | undefined;
  /** Replaces the token of the environment. */
  readonly token?: string | undefined;
  readonly settings?: HubSettings;
  readonly patience?: Patience;
}

export interface EncoderProgress {
  /** A text for people. */
  readonly stage: string;
  /** Bytes of the weights that have arrived, and of all weights (null until known). */
  readonly done: number;
  readonly total: number | null;
}

export interface DownloadedEncoder {
  /** The reference pinned to its commit: `hf:repository@commit`. */
  readonly encoder: string;
  readonly commit: string;
  /** The snapshot in the cache. */
  readonly folder: string;
  /** Of all its files. */
  readonly bytes: number;
}

/**
 * Downloads the missing files of the encoder `hf:repository@revision` into the cache that the Python tools share. The
 * revision points to the commit only after all files are there. Throws a `download` LabError, and, before weights are
 * downloaded, an `encoder` LabError for a model that LossLab cannot use.
 */
export async function downloadEncoder(
  reference: string,
  options: EncoderDownloadOptions = {},
): Promise<DownloadedEncoder> {
  const settings = {
    ...(options.settings ?? hubSettings()),
    ...(options.token !== undefined && { token: options.token }),
  };
  const { repository, revision } = parseHubReference(reference);
  if (settings.offline)
    throw new LabError(
      'download',
      `${reference} was not downloaded: HF_HUB_OFFLINE is set.`,
      'Unset HF_HUB_OFFLINE to use the network.',
    );
  try {
    return await fetchEncoder({ repository, revision }, settings, options);
  } catch (error) {
    throw options.signal?.aborted ? options.signal.reason : asStorageError(error, settings.cache);
  }
}

async function fetchEncoder(
  { repository, revision }: HubReference,
  settings: HubSettings,
  options: EncoderDownloadOptions,
): Promise<DownloadedEncoder> {
  options.onProgress?.({ stage: `Asking for ${repository}`, done: 0, total: null });
  const hub = new HubRepository({ repository, revision }, settings, options);
  const { commit } = await hub.find(revision, configFile);
  const snapshot = new Snapshot(hub, new CachedRepository(settings.cache, repository), commit, options);
  await snapshot.fetchSmallFiles();
  await snapshot.fetchWeights();
  snapshot.point(revision);
  const bytes = snapshot.cached.files(commit).reduce((sum, file) => sum + file.bytes, 0);
  return { encoder: formatHubReference({ repository, revision: commit }), commit, folder: snapshot.folder, bytes };
}

/** Downloads one commit into the cache. */
class Snapshot {
  readonly cached: CachedRepository;
  readonly folder: string;
  readonly #hub: HubRepository;
  readonly #commit: string;
  readonly #options: EncoderDownloadOptions;

  constructor(hub: HubRepository, cached: CachedRepository, commit: string, options: EncoderDownloadOptions) {
    this.#hub = hub;
    this.cached = cached;
    this.#commit = commit;
    this.#options = options;
    this.folder = cached.snapshot(commit);
  }

  /** In this order: the first file decides whether the model can be used, and another one names further files. */
  async fetchSmallFiles(): Promise<void> {
    await this.#fetch(await this.#hub.find(this.#commit, configFile));
    const config = join(this.folder, configFile);
    parseModelConfig(requireJsonFile(config, 'Start the download again.'), config);
    await this.#fetchIfThere('modules.json');
    for (const file of optionalFiles(this.folder)) if (!file.endsWith(weightsFile)) await this.#fetchIfThere(file);
  }

  /** Weights come last: if they are there, all other files are. */
  async fetchWeights(): Promise<void> {
    const files = await this.#weights();
    const missing = files.filter((file) => !this.#isStored(file));
    const total = sizeOf(files);
    await mkdir(this.cached.folder, { recursive: true });
    requireFreeSpace(this.cached.folder, sizeOf(missing), `hf:${this.#hub.reference.repository}`);
    let before = total - sizeOf(missing);
    for (const file of files) {
      await this.#fetch(file, (done) =>
        this.#options.onProgress?.({ stage: `Downloading ${file.name}`, done: before + done, total }),
      );
      if (missing.includes(file)) before += file.size;
    }
  }

  point(revision: string): void {
    this.cached.setRevision(revision, this.#commit);
  }

  /** Weights of the transformer, and of a linear layer after it. */
  async #weights(): Promise<HubFile[]> {
    const ofModules = decidingFiles(this.folder).filter((file) => file.endsWith(weightsFile));
    const found = await Promise.all(ofModules.map((file) => this.#findIfThere(file)));
    return [...(await this.#transformerWeights()), ...found.filter((file) => file !== null)];
  }

  async #transformerWeights(): Promise<HubFile[]> {
    const whole = await this.#findIfThere(weightsFile);
    if (whole) return [whole];
    const index = await this.#findIfThere(weightsIndex);
    if (!index) return this.#refuseOtherWeights();
    await this.#fetch(index);
    const files: HubFile[] = [];
    for (const file of shardFiles(this.folder)) files.push(await this.#hub.find(this.#commit, file));
    return files;
  }

  async #refuseOtherWeights(): Promise<never> {
    const name = `hf:${this.#hub.reference.repository}`;
    const old =
      (await this.#hub.findIfThere(this.#commit, 'pytorch_model.bin')) ??
      (await this.#hub.findIfThere(this.#commit, 'pytorch_model.bin.index.json'));
    const found = old
      ? `its weights are only in ${old.name}, a format that can execute foreign code when it is read`
      : 'it has no weights';
    throw new LabError(
      'encoder',
      `${name} at ${this.#commit.slice(0, 8)}: expected weights in ${weightsFile}; ${found}.`,
      'Choose another revision (many repositories have a pull request with safetensors, for example refs/pr/1), or convert the weights with the Python package safetensors and name the folder.',
    );
  }

  async #fetchIfThere(name: string): Promise<void> {
    if (this.cached.stateOf(this.#commit, name) !== 'unknown') return;
    const file = await this.#findIfThere(name);
    if (file) await this.#fetch(file);
  }

  async #findIfThere(name: string): Promise<HubFile | null> {
    const file = await this.#hub.findIfThere(this.#commit, name);
    if (!file) await this.cached.markAbsent(this.#commit, name);
    return file;
  }

  /** A stored content was checked before it got its name. */
  #isStored({ blob, size }: HubFile): boolean {
    return statSync(this.cached.blob(blob), { throwIfNoEntry: false })?.size === size;
  }

  async #fetch(file: HubFile, onBytes?: (done: number) => void): Promise<void> {
    if (!this.#isStored(file)) {
      const path = this.cached.blob(file.blob);
      await mkdir(dirname(path), { recursive: true });
      await this.#hub.download(file, path, onBytes);
    }
    await this.cached.link(this.#commit, file.name, file.blob);
  }
}

function sizeOf(files: readonly HubFile[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
