import { randomInt } from 'node:crypto';
import { randomStream } from '../../src/lab/base/random.ts';
import { missingAdapter } from '../../tests/helpers/softwareAdapter.ts';
import { softwareLauncher } from './gpu/injections.ts';
import { serverDisturbed } from './gpu/server.ts';
import { disturbed, gpuRun, losingTheDevice, unharmed, type Outcome } from './gpu/trials.ts';
import { lineOf, type FaultLine, type FaultPart, type Scale } from './lines.ts';
import { endingOf, type Ending } from './runs/ending.ts';
import { Lab } from './runs/lab.ts';
import { createRun, trainOwned } from './runs/ownedRun.ts';

/** Number of trials of each kind. */
const trials: Readonly<Record<Scale, Partial<Record<Kind, number>>>> = {
  long: { memory: 15, loss: 15, crash: 10, abort: 5, server: 5 },
  short: { memory: 1, loss: 1 },
};
type Kind = 'memory' | 'loss' | 'crash' | 'abort' | 'server';

/** A GPU (a software adapter) that fails during training. */
export const gpu: FaultPart = {
  what: 'a GPU whose memory runs out, whose driver crashes, or that is lost, on a software adapter',
  async run(scale, soFar) {
    if (missingAdapter !== null) throw new Error(`The software adapter is missing: ${missingAdapter}.`);
    const random = randomStream(randomInt(2 ** 32), 'sample', 'gpu');
    const count = trials[scale];
    using lab = await Lab.open();
    const undisturbed = await undisturbedOnGpu(lab);
    const attempts: Readonly<Record<Kind, readonly [what: string, attempt: () => Promise<Outcome>]>> = {
      memory: ['memory runs out', () => disturbed(lab, 'memory runs out', undisturbed, random)],
      loss: ['the device is lost', () => losingTheDevice(lab, undisturbed, random)],
      crash: ['the driver crashes', () => disturbed(lab, 'the driver crashes', undisturbed, random)],
      abort: ['the driver aborts', () => disturbed(lab, 'the driver aborts', undisturbed, random)],
      server: ['losslab serve: the driver crashes', () => serverDisturbed(lab, 'the driver crashes', random)],
    };
    const lines: FaultLine[] = [];
    for (const [kind, tries] of Object.entries(count) as [Kind, number][]) {
      const [what, attempt] = attempts[kind];
      lines.push(await lineOfTrials(what, tries, attempt, (line) => soFar?.([...lines, line])));
    }
    return lines;
  },
};

async function undisturbedOnGpu({ store, dataset }: Lab): Promise<Ending> {
  const id = createRun(store, dataset, gpuRun);
  await trainOwned(store, id, dataset, undefined, { device: 'webgpu', launcher: softwareLauncher });
  return endingOf(store, id);
}

/**
 * Trials that do not harm the run do not count. A trial can take a minute on a busy machine, so `soFar` reports each
 * one.
 */
async function lineOfTrials(
  what: string,
  count: number,
  attempt: () => Promise<Outcome>,
  soFar: (line: FaultLine) => void,
): Promise<FaultLine> {
  const outcomes: (string | null)[] = [];
  let unharmedRuns = 0;
  const line = (): FaultLine => lineOf(what, outcomes, unharmedRuns > 0 ? `${unharmedRuns} more did no harm` : '');
  while (outcomes.length < count) {
    const outcome = await attempt();
    if (outcome === unharmed) unharmedRuns++;
    else outcomes.push(outcome === null ? null : `${what}, trial ${outcomes.length + 1}: ${outcome}`);
    soFar(line());
  }
  return line();
}
