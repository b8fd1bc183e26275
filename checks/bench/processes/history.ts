import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { openHome } from '../../../src/lab/files/home.ts';
import { openStore, type Store } from '../../../src/lab/store/runStore.ts';
import { resolveConfiguration } from '../../../src/shared/configuration.ts';
import type { StepEvent } from '../../../src/shared/events.ts';
import { median } from '../figures.ts';
import { inTemporaryFolder } from '../../harness/temporaryFolder.ts';

/** Writes a history with a number of runs and of steps per run, and prints HistoryFigures. Arguments: runs, steps. */
export interface HistoryFigures {
  /** Seconds until every step is stored. */
  readonly writeSeconds: number;
  /** Seconds for the list of experiments, each with one run. */
  readonly listSeconds: number;
  /** Seconds for a curve with all its points. */
  readonly curveSeconds: number;
  readonly peakBytes: number;
}

const [runs, steps] = process.argv.slice(2).map(Number) as [number, number];
/** As many as a training process sends at a time. */
const atOnce = 100;

await inTemporaryFolder(async (folder) => {
  using store = openStore(openHome(join(folder, 'home')));
  const started = performance.now();
  let last = '';
  for (let i = 0; i < runs; i++) last = await writeRun(store, i);
  const writeSeconds = (performance.now() - started) / 1000;
  const figures: HistoryFigures = {
    writeSeconds,
    listSeconds: timed(() => store.listOverviews()),
    curveSeconds: timed(() => store.stepMetrics(last, 'loss')),
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
  console.log(JSON.stringify(figures));
});

async function writeRun(store: Store, number: number): Promise<string> {
  const configuration = resolveConfiguration({ name: `Run ${number}` });
  const experiment = store.createExperiment({
    name: `Experiment ${number}`,
    dataset: { name: 'made-up', hash: 'd'.repeat(64) },
    configuration,
  });
  const { id } = store.createRun({ experiment: experiment.id, configuration });
  store.claim(id);
  for (let step = 1; step <= steps; step += atOnce) {
    store.record(id, ...Array.from({ length: Math.min(atOnce, steps - step + 1) }, (_, i) => stepEvent(id, step + i)));
    // Unused SQLite statements are freed only between turns of the event loop, which real programs have.
    await turn();
  }
  store.setState(id, 'stopped');
  return id;
}

function stepEvent(run: string, step: number): StepEvent {
  return {
    run,
    type: 'step',
    step,
    epoch: 1,
    loss: 1 / step,
    metrics: { acc: 0.5 },
    gradient_norm: 1,
    learning_rate: 0.001,
    documents: 64 * step,
    documents_per_step: 64,
    tokens: 4000,
    step_seconds: 0.05,
    training_seconds: 0.05 * step,
  };
}

function timed(action: () => unknown): number {
  const found = Array.from({ length: 5 }, () => {
    const from = performance.now();
    action();
    return (performance.now() - from) / 1000;
  });
  return median(found);
}
