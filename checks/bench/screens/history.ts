import { readManifest } from '../../../src/lab/data/datasetFolder.ts';
import { sampleFolder } from '../../../src/lab/data/findDataset.ts';
import type { Home } from '../../../src/lab/files/home.ts';
import { openStore, type Store } from '../../../src/lab/store/runStore.ts';
import { resolveConfiguration } from '../../../src/shared/configuration.ts';
import type { TrainerEvent } from '../../../src/shared/events.ts';
import { evaluationEvent, startedEvent, stepEvent } from '../../../tests/helpers/syntheticStore.ts';

/** Histories for measuring the screens, as training writes them. */

/** Experiments with one run each: the most rows that a list can have for this number of runs. */
export async function writeManyExperiments(home: Home, count: number): Promise<void> {
  using store = openStore(home);
  for (let i = 1; i <= count; i++) {
    const experiment = await createExperiment(store, `Experiment ${i}`);
    writeRun(store, experiment, i, 20, 'finished');
  }
}

export interface LongRuns {
  readonly experiment: string;
  readonly runs: readonly string[];
}

/** Runs with a number of steps each. The last one was stopped and can be resumed. */
export async function writeLongRuns(home: Home, count: number, steps: number): Promise<LongRuns> {
  using store = openStore(home);
  const experiment = await createExperiment(store, 'Long runs');
  const runs = Array.from({ length: count }, (_, i) =>
    writeRun(store, experiment, i + 1, steps, i === count - 1 ? 'stopped' : 'finished'),
  );
  return { experiment, runs };
}

async function createExperiment(store: Store, name: string): Promise<string> {
  const { content } = await readManifest(sampleFolder);
  return store.createExperiment({
    name,
    dataset: { name: 'sample', hash: content.sha256 },
    configuration: resolveConfiguration({}),
  }).id;
}

function writeRun(
  store: Store,
  experiment: string,
  number: number,
  steps: number,
  end: 'finished' | 'stopped',
): string {
  const configuration = resolveConfiguration({
    name: `Recipe ${number}`,
    loss_type: 'infonce',
    temperature: 0.01 * number,
  });
  const { id } = store.createRun({ experiment, configuration });
  store.claim(id);
  store.record(id, ...runEvents(id, number, steps, end));
  return id;
}

function* runEvents(run: string, number: number, steps: number, end: 'finished' | 'stopped'): Generator<TrainerEvent> {
  yield startedEvent(run, { steps: end === 'finished' ? steps : 10 * steps, steps_per_epoch: steps / 10 });
  yield evaluationEvent(run, 0, 0.3);
  for (let step = 1; step <= steps; step++) {
    // Noise without a generator: a curve with a peak in every pixel takes longest to draw.
    const noise = Math.sin(step * 12.9898 + number) * 0.2;
    yield stepEvent(run, step, {
      loss: 2 / Math.sqrt(step) + 0.5 + noise,
      metrics: { acc: 0.5 + noise },
      gradient_norm: 1 + noise,
    });
    if (step % (steps / 10) === 0) yield evaluationEvent(run, step, 0.3 + 0.2 * (step / steps) + 0.01 * number);
  }
  if (end === 'stopped') yield { run, type: 'stopped', step: steps };
  else
    yield {
      run,
      type: 'finished',
      step: steps,
      training_seconds: 0.05 * steps,
      encoder: `/runs/${run}/encoder`,
      peak_memory_bytes: 3e8,
    };
}
