import { SingleBar } from 'cli-progress';
import { TransferRate } from '../lab/net/rate.ts';

/** What a download tells of itself: bytes of a stage, whose total may not be known. */
export interface TransferStage {
  readonly stage: string;
  readonly done: number;
  readonly total: number | null;
}

/**
 * What a download looks like: a bar with bytes, rate and time left where there is a terminal; where
 * there is none, a line for every stage and every tenth of it.
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
      total === null ? bytes(done) : `${bytes(done)} of ${bytes(total)}`,
      ...(rate === null ? [] : [`${bytes(rate)}/s`]),
      ...(left === null || done === total ? [] : [`${timeLeft(left)} left`]),
    ].join(', ');
  }
}

/** Decimal, as disks and connections are sold. */
export function bytes(count: number): string {
  const [unit, size] = count >= 1e9 ? ['GB', 1e9] : count >= 1e6 ? ['MB', 1e6] : count >= 1e3 ? ['kB', 1e3] : ['B', 1];
  return `${size === 1 ? Math.round(count) : (count / size).toFixed(1)} ${unit}`;
}

function timeLeft(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 120 ? `${whole} s` : whole < 7200 ? `${Math.ceil(whole / 60)} min` : `${Math.ceil(whole / 3600)} h`;
}
