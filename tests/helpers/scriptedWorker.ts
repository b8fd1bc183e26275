import { packFailure } from '../../src/lab/work/failure.ts';
import type { FromWorker, ToWorker } from '../../src/lab/work/protocol.ts';
import type { LaunchedWorker, LaunchOptions, WorkerExit, WorkerLauncher } from '../../src/lab/work/workers.ts';
import type { Progress } from '../../src/shared/progress.ts';
import { eventually } from './commandLine.ts';

/** A worker that says what a test tells it to, and keeps what it was told. */
export class ScriptedWorker implements LaunchedWorker {
  readonly pid = 0;
  readonly name: string;
  readonly options: LaunchOptions;
  readonly messages: ToWorker[] = [];
  isGone = false;
  #listener: (message: unknown) => void = () => undefined;
  #errorListener: (text: string) => void = () => undefined;
  #exitListener: (exit: WorkerExit) => void = () => undefined;

  constructor(name: string, options: LaunchOptions) {
    this.name = name;
    this.options = options;
  }

  // --- As its owner sees it -----------------------------------------------------------------------

  send(message: ToWorker): void {
    this.messages.push(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }

  onErrorOutput(listener: (text: string) => void): void {
    this.#errorListener = listener;
  }

  onExit(listener: (exit: WorkerExit) => void): void {
    this.#exitListener = listener;
  }

  kill(): void {
    this.exit({ code: null, killed: true });
  }

  // --- As the test tells it -----------------------------------------------------------------------

  /** What it was given to do last. */
  get input(): unknown {
    return this.#lastRun?.input;
  }

  report(progress: Progress): void {
    this.say({ type: 'progress', job: this.#job, progress });
  }

  emit(event: unknown): void {
    this.say({ type: 'event', job: this.#job, event });
  }

  result(result: unknown): void {
    this.say({ type: 'result', job: this.#job, result });
  }

  fail(error: unknown): void {
    this.say({ type: 'failed', job: this.#job, failure: packFailure(error) });
  }

  say(message: FromWorker): void {
    this.#listener(message);
  }

  complain(text: string): void {
    this.#errorListener(text);
  }

  exit(exit: WorkerExit): void {
    if (this.isGone) return;
    this.isGone = true;
    this.#exitListener(exit);
  }

  get #job(): number {
    return this.#lastRun!.job;
  }

  get #lastRun() {
    return this.messages.findLast((message) => message.type === 'run');
  }
}

/** Workers, those of `make` or such as do nothing by themselves. */
export class ScriptedWorkers<W extends ScriptedWorker = ScriptedWorker> implements WorkerLauncher {
  readonly launched: W[] = [];
  readonly #make: (name: string, options: LaunchOptions) => W;

  constructor(make: (name: string, options: LaunchOptions) => W) {
    this.#make = make;
  }

  launch(name: string, options: LaunchOptions = {}): W {
    const worker = this.#make(name, options);
    this.launched.push(worker);
    return worker;
  }

  /** The nth that was launched, once it has something to do. */
  busy(index: number): Promise<W> {
    return eventually(
      `worker ${index}`,
      () => (this.launched[index]?.input === undefined ? undefined : this.launched[index]),
      5000,
    );
  }
}

export function scriptedWorkers(): ScriptedWorkers {
  return new ScriptedWorkers((name, options) => new ScriptedWorker(name, options));
}
