import type { Configuration } from '../shared/configuration.ts';
import type { ChosenDevice } from '../shared/device.ts';
import { LabError } from '../shared/errors.ts';
import type { FoundDataset } from '../lab/data/findDataset.ts';
import { chooseDevice } from '../lab/engine/devices.ts';
import type { Store } from '../lab/store/runStore.ts';
import type { Run, RunState } from '../shared/history.ts';
import { trainingJob } from '../lab/training/job.ts';
import { startTrainer } from '../lab/experiments/supervise.ts';
import { launcher } from './launcher.ts';
import { say, type CommonOptions } from './output.ts';
import { RunProgress } from './progress.ts';

/** Creates an experiment with one run per configuration and trains them one after the other. `onStored` is called when something of a run was recorded. */
export async function trainExperiment(
  store: Store,
  name: string,
  dataset: FoundDataset,
  configurations: readonly Configuration[],
  options: CommonOptions,
  onStored?: (run: string) => void,
): Promise<Run[]> {
  const [first] = configurations;
  const device = await chooseDevice(first!.training.device, launcher);
  say(options, `Device: ${device.device} (${device.reason})`);
  const { data_path, limit, test_size, encoder, training } = first!;
  const experiment = store.createExperiment({
    name,
    dataset: { name: dataset.manifest.name, hash: dataset.manifest.content.sha256 },
    configuration: { data_path, limit, test_size, encoder, training },
  });
  const runs = configurations.map((configuration) => store.createRun({ experiment: experiment.id, configuration }));
  const severalSeeds = new Set(runs.map(({ seed }) => seed)).size > 1;
  const labels = runs.map(({ name, seed }) => (severalSeeds ? `${name}, seed ${seed}` : name));
  const width = Math.max(...labels.map(({ length }) => length));
  for (const [index, run] of runs.entries()) {
    const state = await trainOne(store, run, dataset.folder, device, labels[index]!.padEnd(width), options, onStored);
    if (state === 'stopped' || state === 'interrupted') break;
  }
  return runs.map(({ id }) => store.getRun(id));
}

/** Trains one run to its end or to an interrupt: the first asks for a checkpoint, the second ends at once. */
export async function trainOne(
  store: Store,
  run: Run,
  dataset: string,
  device: ChosenDevice,
  label: string,
  options: CommonOptions,
  onStored?: (run: string) => void,
): Promise<RunState> {
  store.claim(run.id);
  const progress = new RunProgress(label, options.json ?? false);
  const trainer = startTrainer(store, trainingJob(store.home, run, dataset, device), launcher, {
    onEvent: (event) => progress.show(event),
    onStored: () => onStored?.(run.id),
  });
  let interrupts = 0;
  const onInterrupt = (): void => {
    interrupts++;
    if (interrupts > 1) return trainer.kill();
    process.stderr.write('\nStopping after a checkpoint; once more to stop at once.\n');
    trainer.stop();
  };
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onInterrupt);
  try {
    const state = await trainer.ended;
    progress.end();
    reportEnd(store.getRun(run.id));
    return state;
  } catch (error) {
    throw error instanceof LabError
      ? new LabError(error.code, error.message, `${error.fix}\n${goOnWith(run.id)}`, { cause: error })
      : error;
  } finally {
    progress.end();
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}

function goOnWith(run: string): string {
  return `Go on with: losslab resume ${run}`;
}

function reportEnd({ id, name, state, failure, steps_done }: Run): void {
  const why = failure ? `${failure.message}\n${failure.fix}\n` : '';
  if (state === 'failed') process.stderr.write(`${name} failed: ${why}`);
  else if (state !== 'finished')
    process.stderr.write(`${name} is ${state} at step ${steps_done}${why ? `: ${why}` : '. '}${goOnWith(id)}\n`);
}

/** What a command that trains ends with: success only when every run finished. */
export function requireFinished(runs: readonly Run[]): void {
  if (!runs.every(({ state }) => state === 'finished')) process.exitCode = 1;
}
