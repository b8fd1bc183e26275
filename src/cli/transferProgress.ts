import { SingleBar } from 'cli-progress';
import { TransferRate } from '../lab/net/rate.ts';
import { formatBytes, formatDuration } from '../shared/format.ts';

/** Progress of a download: bytes of a stage. The total can be unknown. */
export interface TransferStage {
  readonly stage: string;
  readonly done: number;
  readonly total: number | null;
}

/**
 * Shows a download: on a terminal, a bar with bytes, rate and time left; otherwise a line per stage and per tenth of
 * it.
 */
export class TransferProgress {
  readonly #quiet: boolean;
  readonly #bar: SingleBar | null;
  readonly #rate = new TransferRate();
  #stage = '';
  #tenths = 0;

  constructor(quiet: boolean) {
    this.#quiet = quiet;
    const visible = !quiet && process.stdout.isTTY;
    this.#bar = visible
      ? new SingleBar({
          format: '{stage} {bar} {figures}',
          barCompleteChar: '█',
          barIncompleteChar: '░',
          barsize: 24,
          hideCursor: true,
          stopOnComplete: false,
        })
      : null;
    this.#bar?.start(1, 0, { stage: '', figures: '' });
  }

  show({ stage, done, total }: TransferStage): void {
    this.#rate.note(done);
    if (this.#bar) {
      this.#bar.setTotal(total ?? Math.max(done, 1));
      this.#bar.update(total === null ? 0 : done, { stage, figures: this.#figures(done, total) });
    } else if (!this.#quiet) this.#line(stage, done, total);
  }

  end(): void {
    this.#bar?.stop();
  }

  #line(stage: string, done: number, total: number | null): void {
    const tenths = total ? Math.floor((10 * done) / total) : 0;
    if (stage === this.#stage && tenths <= this.#tenths) return;
    this.#stage = stage;
    this.#tenths = tenths;
    process.stdout.write(`${stage}${total === null ? '…' : `: ${this.#figures(done, total)}`}\n`);
  }

  #figures(done: number, total: number | null): string {
    if (done === 0 && total === null) return '';
    const rate = this.#rate.bytesPerSecond;
    const left = this.#rate.secondsLeft(total);
    return [
      total === null ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`,
      ...(rate === null ? [] : [`${formatBytes(rate)}/s`]),
      ...(left === null || done === total ? [] : [`${formatDuration(left)} left`]),
    ].join(', ');
  }
}
