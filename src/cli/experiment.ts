import { LabError } from '../shared/errors.ts';
import type { TrainerEvent } from '../shared/events.ts';
import type { Run } from '../shared/history.ts';
import { chooseDevice } from '../lab/engine/devices.ts';
import type { Conditions } from '../lab/experiments/conditions.ts';
import { createExperiment, type NewExperiment } from '../lab/experiments/create.ts';
import { ExperimentTraining, type TrainingObserver } from '../lab/experiments/training.ts';
import { padText, textWidth } from '../lab/reports/textWidth.ts';
import type { Store } from '../lab/store/runStore.ts';
import { launcher } from './launcher.ts';
import { say, type CommonOptions } from './output.ts';
import { RunProgress } from './progress.ts';

/** Creates an experiment and trains its runs. Creates nothing if the device cannot be used. */
export async function trainExperiment(
  store: Store,
  experiment: NewExperiment,
  options: CommonOptions,
  onStored?: (run: string) => void,
): Promise<Run[]> {
  const device = await chooseDevice(experiment.runs[0].training.device, launcher);
  say(options, `Device: ${device.device} (${device.reason})`);
  const runs = createExperiment(store, experiment);
  return trainRuns(store, runs, { dataset: experiment.dataset.folder, device }, options, onStored);
}

/**
 * Trains runs of one experiment until they end or are interrupted. The first interrupt stops after a checkpoint, the
 * second at once. Throws if the history of a run could not be written. `onStored` is called each time records of a run
 * were stored.
 */
export async function trainRuns(
  store: Store,
  runs: readonly Run[],
  conditions: Conditions,
  options: CommonOptions,
  onStored?: (run: string) => void,
): Promise<Run[]> {
  const terminal = new TerminalObserver(runs, options, onStored);
  const training = new ExperimentTraining(store, launcher, runs, terminal);
  let interrupts = 0;
  const onInterrupt = (): void => {
    interrupts++;
    if (interrupts > 1) return training.kill();
    process.stderr.write('\nStopping after a checkpoint. Press Ctrl-C again to stop at once.\n');
    training.stop();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    await training.train(conditions);
  } finally {
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
  terminal.requireRecorded();
  return runs.map(({ id }) => store.getRun(id));
}

/** Exit code of a command that trains: success only if every run finished. */
export function requireFinished(runs: readonly Run[]): void {
  if (!runs.every(({ state }) => state === 'finished')) process.exitCode = 1;
}

/** Prints the progress of runs and how they end. */
class TerminalObserver implements TrainingObserver {
  readonly #labels: ReadonlyMap<string, string>;
  readonly #quiet: boolean;
  readonly #recorded: ((run: string) => void) | undefined;
  #progress: RunProgress | null = null;
  #unrecorded: { readonly run: Run; readonly cause: unknown } | null = null;

  constructor(runs: readonly Run[], { json = false }: CommonOptions, recorded?: (run: string) => void) {
    this.#labels = labels(runs);
    this.#quiet = json;
    this.#recorded = recorded;
  }

  onRunStarted({ id }: Run): void {
    this.#progress = new RunProgress(this.#labels.get(id)!, this.#quiet);
  }

  onEvent(_run: Run, event: TrainerEvent): void {
    this.#progress?.show(event);
  }

  onStored({ id }: Run): void {
    this.#recorded?.(id);
  }

  onRunEnded({ id, name, state, failure, steps_done }: Run): void {
    this.#endProgress();
    if (state === 'finished') return;
    const what = state === 'failed' ? `${name} failed` : `${name} is ${state} at step ${steps_done}`;
    const lines = [failure ? `${what}: ${failure.message}` : `${what}.`];
    if (failure) lines.push(failure.fix);
    if (state !== 'failed') lines.push(resumeWith(id));
    process.stderr.write(`${lines.filter((line) => line !== '').join('\n')}\n`);
  }

  onUnrecordedEnd(run: Run, cause: unknown): void {
    this.#endProgress();
    this.#unrecorded ??= { run, cause };
  }

  /** Throws the error that kept the history of a run from being written. */
  requireRecorded(): void {
    if (!this.#unrecorded) return;
    const { run, cause } = this.#unrecorded;
    throw cause instanceof LabError
      ? new LabError(cause.code, cause.message, `${cause.fix}\n${resumeWith(run.id)}`, { cause })
      : cause;
  }

  #endProgress(): void {
    this.#progress?.end();
    this.#progress = null;
  }
}

/** The names of runs, with their seeds if there are several, padded to the same width. */
function labels(runs: readonly Run[]): Map<string, string> {
  const severalSeeds = new Set(runs.map(({ seed }) => seed)).size > 1;
  const texts = runs.map(({ name, seed }) => (severalSeeds ? `${name}, seed ${seed}` : name));
  const width = Math.max(...texts.map(textWidth));
  return new Map(runs.map(({ id }, index) => [id, padText(texts[index]!, width)]));
}

function resumeWith(run: string): string {
  return `Resume it with: losslab resume ${run}`;
}
