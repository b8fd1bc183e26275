import type { Random } from '../../../src/lab/base/random.ts';
import type { Run } from '../../../src/shared/history.ts';
import { eventually, trainerOf } from '../../../tests/helpers/commandLine.ts';
import { softwareAdapter } from '../../../tests/helpers/softwareAdapter.ts';
import { killProcess } from '../kill/killProcess.ts';
import type { Lab } from '../runs/lab.ts';
import { serve } from '../runs/server.ts';
import { injections, type Injection } from './injections.ts';
import { complaintAbout, gpuRun, unharmed, type Outcome } from './trials.ts';

const { loss_type, batch_transform, take_top, ...shared } = gpuRun;
const draft = {
  name: 'GPU',
  dataset: 'tiny',
  shared,
  recipes: [{ name: 'one', loss_type, batch_transform, take_top }],
  seeds: [42],
};
const minutes = 5 * 60_000;

/** The same with `losslab serve`, which must still answer, must not retry by itself, and must resume on request. */
export async function serverDisturbed({ store }: Lab, injection: Injection, random: Random): Promise<Outcome> {
  const { command, ask } = await serve(store.home.folder, softwareAdapter);
  try {
    const { id } = (await ask('experiments.create', { draft, start: true })) as { id: string };
    const own = (): Run => store.listRuns({ experiment: id })[0]!;
    const after = 1 + random.integer(4);
    await eventually('steps on the GPU', () => own().steps_done >= after, minutes);
    injections[injection](await trainerOf(command));
    await eventually('the end of the run', () => own().state !== 'running', minutes);
    if (own().state === 'finished') return unharmed;
    const complaint = complaintAbout(own());
    if (complaint !== null) return complaint;
    await ask('lab.describe', {});
    if (own().state !== 'interrupted') return `it is tried again by itself: the run is ${own().state}`;
    await ask('experiments.start', { id });
    await eventually('a new end of the run', () => !['running', 'interrupted'].includes(own().state), minutes);
    return own().state === 'finished' ? null : `resumed, the run is ${own().state}: ${own().failure?.message}`;
  } finally {
    await killProcess(command.process, 'it and its trainer');
  }
}
