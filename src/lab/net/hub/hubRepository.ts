import { LabError } from '../../../shared/errors.ts';
import { gitBlob, sha256, type Checksum } from '../checksum.ts';
import { download } from '../download.ts';
import { EntryNotFound, explainHub } from './hubRefusal.ts';
import { formatHubReference, isCommit, type HubReference } from './hubReference.ts';
import type { HubSettings } from './hubSettings.ts';
import { refuse, type Explain } from '../refusal.ts';
import { request, type Answer } from '../request.ts';
import { Interruption, patience as usualPatience, withRetries, type Patience } from '../retry.ts';

/** A file of a commit, as the Hub describes it. */
export interface HubFile {
  readonly name: string;
  readonly commit: string;
  /** Bytes. */
  readonly size: number;
  /** Its name in the cache: SHA-256 of large files, the Git hash of small ones. */
  readonly blob: string;
}

/** A repository of the Hub over the network. */
export class HubRepository {
  readonly reference: HubReference;
  readonly #settings: HubSettings;
  readonly #headers: Record<string, string>;
  readonly #explain: Explain;
  readonly #signal: AbortSignal | undefined;
  readonly #patience: Patience;

  constructor(
    reference: HubReference,
    settings: HubSettings,
    { signal, patience = usualPatience }: { readonly signal?: AbortSignal | undefined; readonly patience?: Patience },
  ) {
    this.reference = reference;
    this.#settings = settings;
    this.#headers = settings.token === null ? {} : { authorization: `Bearer ${settings.token}` };
    this.#explain = explainHub(reference, settings);
    this.#signal = signal;
    this.#patience = patience;
  }

  /** The file of a revision with this name. Throws a `download` LabError: `EntryNotFound` if there is none. */
  async find(revision: string, name: string): Promise<HubFile> {
    const what = this.#what(name);
    const answer = await withRetries(() => this.#head(this.#url(revision, name), what), what, {
      patience: this.#patience,
      signal: this.#signal,
    });
    return this.#fileOf(answer, name);
  }

  /** As `find`, but null if there is none. */
  async findIfThere(revision: string, name: string): Promise<HubFile | null> {
    try {
      return await this.find(revision, name);
    } catch (error) {
      if (error instanceof EntryNotFound) return null;
      throw error;
    }
  }

  /** Downloads a file and checks it. */
  async download({ name, commit, size, blob }: HubFile, file: string, onBytes?: (done: number) => void): Promise<void> {
    await download({
      url: this.#url(commit, name),
      file,
      what: this.#what(name),
      headers: this.#headers,
      expected: { size, checksums: [checksumOfBlob(blob, size)] },
      explain: this.#explain,
      signal: this.#signal,
      onProgress: ({ done }) => onBytes?.(done),
      patience: this.#patience,
    });
  }

  #url(revision: string, name: string): URL {
    const path = name.split('/').map(encodeURIComponent).join('/');
    return new URL(
      `${this.#settings.endpoint}/${this.reference.repository}/resolve/${encodeURIComponent(revision)}/${path}`,
    );
  }

  #what(name: string): string {
    return `${name} of ${formatHubReference(this.reference)}`;
  }

  /** Large files are at another origin: the redirect to it is the answer, and has the needed headers. */
  async #head(url: URL, what: string): Promise<Answer> {
    const silence = AbortSignal.timeout(this.#patience.stall);
    const signal = this.#signal ? AbortSignal.any([this.#signal, silence]) : silence;
    try {
      const answer = await request(url, {
        what,
        method: 'HEAD',
        headers: this.#headers,
        follow: 'same-origin',
        signal,
      });
      return answer.status < 400 ? answer : await refuse(answer, what, this.#explain);
    } catch (error) {
      if (silence.aborted && !this.#signal?.aborted)
        throw new Interruption(`no answer for ${Math.ceil(this.#patience.stall / 1000)} s`);
      throw error;
    }
  }

  #fileOf({ headers, trail, address }: Answer, name: string): HubFile {
    const header = (key: string): string | null =>
      trail.map((each) => each.get(key)).find((value) => value !== null) ?? null;
    const commit = header('x-repo-commit') ?? '';
    const blob = (header('x-linked-etag') ?? headers.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', '');
    const size = header('x-linked-size') ?? headers.get('content-length') ?? '';
    if (isCommit(commit) && isBlobName(blob) && /^\d{1,15}$/.test(size))
      return { name, commit, size: Number(size), blob };
    const missing = !isCommit(commit)
      ? 'the commit (X-Repo-Commit)'
      : isBlobName(blob)
        ? 'the size'
        : 'its checksum (a SHA-256 or Git hash as the entity tag)';
    throw new LabError(
      'download',
      `${this.#what(name)}: ${address} does not send ${missing}, as the Hugging Face Hub does.`,
      'Check HF_ENDPOINT: a mirror must answer in the same way as the Hub.',
    );
  }
}

/** Whether the name of a content is its checksum. */
export function isBlobName(name: string): boolean {
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(name);
}

/** `blob` is such a name. */
export function checksumOfBlob(blob: string, size: number): Checksum {
  return blob.length === 64 ? sha256(blob) : gitBlob(blob, size);
}
