import { launcher as usualLauncher } from '../../../src/cli/launcher.ts';
import { importDataset } from '../../../src/lab/data/importDataset.ts';
import type { FoundDataset } from '../../../src/lab/data/findDataset.ts';
import type { Home } from '../../../src/lab/files/home.ts';
import type { Store } from '../../../src/lab/store/runStore.ts';
import { trainingJob } from '../../../src/lab/training/job.ts';
import type { ToWorker } from '../../../src/lab/work/protocol.ts';
import type { LaunchedWorker, WorkerLauncher } from '../../../src/lab/work/workers.ts';
import { startTrainer, type Trainer } from '../../../src/lab/experiments/trainer.ts';
import { resolveConfiguration, type RawConfiguration } from '../../../src/shared/configuration.ts';
import type { DeviceName } from '../../../src/shared/device.ts';
import type { TrainerEvent } from '../../../src/shared/events.ts';
import type { RunState } from '../../../src/shared/history.ts';

/* Runs that this process owns, as a command does, so that it sees every event at once. */

/**
 * A moment of a run: a message of its trainer, or the reply that all events are stored, after which the trainer writes
 * a checkpoint or ends.
 */
export type Moment = TrainerEvent | { readonly type: 'flushed' };

export interface LivingTrainer extends Pick<Trainer, 'stop'> {
  readonly pid: number;
}

export type Interference = (moment: Moment, trainer: LivingTrainer) => void;

/** Imports a file as a dataset for such runs. */
export async function datasetFor(home: Home, file: string, name = 'tiny'): Promise<FoundDataset> {
  return importDataset({ home: home.folder, name, source: { kind: 'json', file }, replace: true });
}

/** The id of a queued run in a new experiment. */
export function createRun(store: Store, { manifest }: FoundDataset, raw: RawConfiguration): string {
  const configuration = resolveConfiguration(raw);
  const { data_path, limit, test_size, encoder, training } = configuration;
  const experiment = store.createExperiment({
    name: 'Faults',
    dataset: { name: manifest.name, hash: manifest.content.sha256 },
    configuration: { data_path, limit, test_size, encoder, training },
  });
  return store.createRun({ experiment: experiment.id, configuration }).id;
}

/** Trains a run from its beginning or its last checkpoint until it ends. */
export async function trainOwned(
  store: Store,
  id: string,
  { folder }: FoundDataset,
  interfere: Interference = () => undefined,
  { device = 'cpu', launcher = usualLauncher }: { device?: DeviceName; launcher?: WorkerLauncher } = {},
): Promise<RunState> {
  const run = store.claim(id);
  const happens = (moment: Moment): void => interfere(moment, { pid: child.pid!, stop: () => trainer.stop() });
  let child!: LaunchedWorker;
  const listening: WorkerLauncher = {
    launch: (entry, options) =>
      (child = tellingFlushes(launcher.launch(entry, options), () => happens({ type: 'flushed' }))),
  };
  const trainer = startTrainer(
    store,
    trainingJob(store.home, run, folder, { device, reason: 'asked for' }),
    listening,
    { onEvent: happens },
  );
  return trainer.ended;
}

function tellingFlushes(child: LaunchedWorker, flushed: () => void): LaunchedWorker {
  return {
    ...child,
    pid: child.pid,
    send(message) {
      child.send(message);
      if ((message as ToWorker).type === 'confirmed') flushed();
    },
  };
}
