import type { DownloadView } from '../../../shared/contract/downloads.ts';
import { CredentialsNeeded } from '../../net/credentialsNeeded.ts';
import { TransferRate } from '../../net/rate.ts';
import type { DownloadRecord } from './records.ts';
import type { DownloadSource, TransferOptions, TransferProgress } from './sources.ts';
import { toFailure } from '../../work/failure.ts';

/** Why a download was stopped. */
type Stop = 'cancelled' | 'interrupted';

/** A download that is going on. */
export class DownloadJob {
  /** As it stands. */
  record: DownloadRecord;
  /** Resolves when it has ended, in whatever way: the record tells. */
  readonly ended: Promise<void>;
  readonly #controller = new AbortController();
  readonly #rate = new TransferRate();
  readonly #changed: () => void;
  #transfer = false;
  #stop: Stop | null = null;

  /** `changed` is called whenever more is known; not for the end. */
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

  /** Resolves when it has stopped; what has arrived is kept. */
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
      // Whatever it ends with after it was told to stop.
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

/** A download that is not going on here. */
export function viewOf({ started: _started, owner: _owner, ...record }: DownloadRecord): DownloadView {
  return { ...record, bytesPerSecond: null, secondsLeft: null };
}
