import type { DownloadView } from '../../../shared/contract/downloads.ts';
import { CredentialsNeeded } from '../../net/credentialsNeeded.ts';
import { TransferRate } from '../../net/rate.ts';
import type { DownloadRecord } from './records.ts';
import type { DownloadSource, TransferOptions, TransferProgress } from './sources.ts';
import { toFailure } from '../../work/failure.ts';

/** Why a download was stopped. */
type Stop = 'cancelled' | 'interrupted';

/** A running download. */
export class DownloadJob {
  /** Its current state. */
  record: DownloadRecord;
  /** Resolves when it has ended; the record says how. */
  readonly ended: Promise<void>;
  readonly #controller = new AbortController();
  readonly #rate = new TransferRate();
  readonly #changed: () => void;
  #transfer = false;
  #stop: Stop | null = null;

  /** `changed` is called on progress, but not at the end. */
  constructor(
    record: DownloadRecord,
    source: DownloadSource,
    options: () => Promise<Pick<TransferOptions, 'home' | 'credentials'>>,
    changed: () => void,
  ) {
    this.record = record;
    this.#changed = changed;
    this.ended = this.#run(source, options);
  }

  get view(): DownloadView {
    const { total } = this.record;
    const rate = this.#transfer ? this.#rate : null;
    return {
      ...viewOf(this.record),
      bytesPerSecond: rate?.bytesPerSecond ?? null,
      secondsLeft: rate?.secondsLeft(total) ?? null,
    };
  }

  /** Resolves when it has stopped; partial files are kept. */
  async stop(as: Stop): Promise<void> {
    this.#stop ??= as;
    this.#controller.abort();
    await this.ended;
  }

  async #run(
    source: DownloadSource,
    options: () => Promise<Pick<TransferOptions, 'home' | 'credentials'>>,
  ): Promise<void> {
    try {
      const { signal } = this.#controller;
      const result = await source.fetch(this.record.request, {
        ...(await options()),
        signal,
        onProgress: (progress) => this.#note(progress),
      });
      this.#update({ state: 'finished', result });
    } catch (error) {
      // After a stop, how it ends does not matter.
      if (this.#stop) this.#update({ state: this.#stop });
      else
        this.#update({
          state: 'failed',
          failure: toFailure(error),
          needsCredentials: error instanceof CredentialsNeeded ? error.service : null,
        });
    }
    this.#transfer = false;
  }

  #note({ stage, done, total, transfer }: TransferProgress): void {
    this.#update({ stage, done, total });
    this.#transfer = transfer;
    if (transfer) this.#rate.note(done);
    this.#changed();
  }

  #update(changes: Partial<DownloadRecord>): void {
    this.record = { ...this.record, ...changes };
  }
}

/** A download that does not run here. */
export function viewOf({ started: _started, owner: _owner, ...record }: DownloadRecord): DownloadView {
  return { ...record, bytesPerSecond: null, secondsLeft: null };
}
