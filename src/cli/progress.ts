import { SingleBar } from 'cli-progress';
import { healthTitles } from '../shared/health.ts';
import type { EvaluationEvent, StepEvent, TrainerEvent } from '../shared/events.ts';
import { formatDecimal } from '../shared/format.ts';

/** Progress of a run in training: a bar on a terminal, otherwise one line per evaluation. */
export class RunProgress {
  readonly #name: string;
  readonly #quiet: boolean;
  readonly #bar: SingleBar | null;
  #steps = 0;
  #loss = '';
  #quality = '';

  constructor(name: string, quiet: boolean) {
    this.#name = name;
    this.#quiet = quiet;
    const visible = !quiet && process.stdout.isTTY;
    const format = '{name} {bar} {value}/{total}  {loss}{quality}';
    this.#bar = visible
      ? new SingleBar({
          format,
          barCompleteChar: '█',
          barIncompleteChar: '░',
          barsize: 24,
          hideCursor: true,
          clearOnComplete: false,
        })
      : null;
    this.#bar?.start(1, 0, this.#payload());
  }

  show(event: TrainerEvent): void {
    switch (event.type) {
      case 'phase':
        if (this.#steps === 0) this.#update(0, `${event.phase}…`);
        return;
      case 'started':
        this.#steps = event.steps;
        this.#bar?.setTotal(event.steps);
        return this.#update(event.resumed_at, '');
      case 'notice':
        return this.#line(`${this.#name.trim()}: ${event.message}`);
      case 'health':
        return this.#line(
          `${this.#name.trim()}, step ${event.step}: ${healthTitles[event.kind]}. ${event.message} ${event.fix}`,
        );
      case 'step':
        return this.#step(event);
      case 'evaluation':
        return this.#evaluation(event);
      default:
        return;
    }
  }

  end(): void {
    this.#bar?.stop();
  }

  #step({ step, loss }: StepEvent): void {
    this.#loss = `loss ${formatDecimal(loss, 3)}`;
    this.#update(step);
  }

  #evaluation({ step, metrics }: EvaluationEvent): void {
    this.#quality = `  MRR@10 ${formatDecimal(metrics['mrr@10']!, 3)}`;
    this.#update(step);
    if (!this.#bar && !this.#quiet)
      process.stdout.write(`${this.#name} step ${step}/${this.#steps}${this.#quality}  ${this.#loss}\n`);
  }

  #line(text: string): void {
    if (!this.#quiet) process.stdout.write(`${this.#bar ? '\n' : ''}${text}\n`);
  }

  #update(step: number, loss = this.#loss): void {
    this.#loss = loss;
    this.#bar?.update(step, this.#payload());
  }

  #payload(): { name: string; loss: string; quality: string } {
    return { name: this.#name, loss: this.#loss, quality: this.#quality };
  }
}
