import type { Random } from '../../../src/lab/base/random.ts';
import type { RawConfiguration } from '../../../src/shared/configuration.ts';
import type { Run } from '../../../src/shared/history.ts';
import type { Ending } from '../runs/ending.ts';
import type { Lab } from '../runs/lab.ts';
import { createRun, trainOwned } from '../runs/ownedRun.ts';
import { injections, losingLauncher, softwareLauncher, type Injection } from './injections.ts';

/**
 * A run that a software adapter trains in seconds. Almost all batches have different shapes, so each needs new memory.
 */
export const gpuRun = {
  loss_type: 'infonce',
  batch_transform: 'infonce',
  take_top: false,
  device: 'webgpu',
  encoder: 'static',
  embed_dim: 16,
  batch_size: 8,
  epochs: 2,
  eval_at_zero: false,
  checkpoint_interval: 1,
} as const satisfies RawConfiguration;

/** The outcome of a trial: null if nothing was lost, `unharmed` if the failure did not affect the run. */
export type Outcome = string | null | typeof unharmed;
export const unharmed = Symbol('unharmed');

/** Memory runs out, or a driver ends its process, after a random step. */
export async function disturbed(lab: Lab, injection: Injection, undisturbed: Ending, random: Random): Promise<Outcome> {
  const after = 1 + random.integer(5);
  let done = false;
  return interruptedAndResumed(lab, undisturbed, (id) =>
    trainOwned(
      lab.store,
      id,
      lab.dataset,
      (moment, { pid }) => {
        if (done || moment.type !== 'step' || moment.step < after) return;
        done = true;
        injections[injection](pid);
      },
      onGpu,
    ),
  );
}

/** The device is lost after a random number of model runs. */
export function losingTheDevice(lab: Lab, undisturbed: Ending, random: Random): Promise<Outcome> {
  return interruptedAndResumed(lab, undisturbed, (id) =>
    trainOwned(lab.store, id, lab.dataset, undefined, {
      device: 'webgpu',
      launcher: losingLauncher(random.integer(8)),
    }),
  );
}

const onGpu = { device: 'webgpu', launcher: softwareLauncher } as const;

async function interruptedAndResumed(
  { store, dataset }: Lab,
  undisturbed: Ending,
  train: (id: string) => Promise<unknown>,
): Promise<Outcome> {
  const id = createRun(store, dataset, gpuRun);
  if ((await train(id)) === 'finished') return unharmed;
  const complaint = complaintAbout(store.getRun(id));
  if (complaint !== null) return complaint;
  await trainOwned(store, id, dataset, undefined, onGpu);
  return unlike(store.stepMetrics(id, 'loss'), undisturbed, store.getRun(id));
}

/** What is wrong with the end of a run whose device failed; null if it is interrupted with a stated cause. */
export function complaintAbout({ state, failure }: Run): string | null {
  if (state !== 'interrupted') return `the run is ${state}: ${failure?.message}`;
  if (failure?.code !== 'device' || failure.fix === '') return `the cause is not told: ${JSON.stringify(failure)}`;
  if (/^ *(at |\d+: 0x)/m.test(failure.message)) return `it is told with a stack: ${failure.message}`;
  return null;
}

/** Losses of a GPU agree only to some digits. */
const tolerance = 1e-4;

function unlike(losses: Ending['steps'][string], undisturbed: Ending, { state, failure }: Run): string | null {
  if (state !== 'finished') return `resumed, the run is ${state}: ${failure?.message}`;
  const expected = undisturbed.steps.loss!;
  const wrong = losses.find(
    ({ step, value }, index) => step !== expected[index]?.step || Math.abs(value - expected[index].value) > tolerance,
  );
  if (wrong) return `resumed, the loss of step ${wrong.step} is ${wrong.value}`;
  return losses.length === expected.length ? null : `resumed, the run has ${losses.length} steps`;
}
