import { setTimeout as sleep } from 'node:timers/promises';
import type { ExperimentChange } from '../../../src/shared/contract/experiments.ts';
import type { Home } from '../../../src/lab/files/home.ts';
import { openStore } from '../../../src/lab/store/runStore.ts';
import { losslab } from '../../../tests/helpers/commandLine.ts';
import { openClient } from './client.ts';

/** Readers that read while others write. Each read returns what was wrong, or null. */

export type Reader = (until: AbortSignal) => Promise<(string | null)[]>;

const pauseMilliseconds = 200;

/** Reads repeatedly. */
async function reading(until: AbortSignal, read: () => Promise<string | null>): Promise<(string | null)[]> {
  const outcomes: (string | null)[] = [];
  while (!until.aborted) {
    outcomes.push(await read().catch((error: unknown) => (error as Error).message));
    await sleep(pauseMilliseconds);
  }
  return outcomes;
}

/** A screen that reads lists, comparisons and curves. */
export function askingScreen(address: string): Reader {
  return async (until) => {
    using client = await openClient(address);
    return await reading(until, async () => {
      const [experiment] = await client.call('experiments.list', {});
      if (!experiment) return 'the list of experiments is empty';
      const { runList } = await client.call('experiments.details', { id: experiment.id });
      const runs = runList.map(({ id }) => id);
      const series = await client.call('runs.series', { runs, names: ['loss'] });
      await client.call('runs.compare', { runs });
      return series.every(({ steps }) => isContiguous(steps)) ? null : 'a curve has a gap';
    });
  };
}

/** A screen that watches: every change is a read, and its number and steps must follow the previous ones. */
export function watchingScreen(address: string, experiment: string): Reader {
  return async (until) => {
    using client = await openClient(address);
    const changes: ExperimentChange[] = [];
    client.onNotification((notification) => {
      if (notification.type === 'changed') changes.push(notification.change);
    });
    const snapshot = await client.call('experiments.watch', { id: experiment });
    const last = new Map(snapshot.series.map(({ run, steps }) => [run, steps.at(-1)!]));
    let { seq } = snapshot;
    const outcomes: (string | null)[] = [];
    const look = (change: ExperimentChange): string | null => {
      if (change.seq !== ++seq) return `change ${change.seq} came for ${seq}`;
      for (const { run, steps } of change.series) {
        if (steps[0] !== (last.get(run) ?? 0) + 1 || !isContiguous(steps))
          return `steps from ${steps[0]} on came after ${last.get(run)}`;
        last.set(run, steps.at(-1)!);
      }
      return null;
    };
    while (!until.aborted) {
      outcomes.push(...changes.splice(0).map(look));
      await sleep(pauseMilliseconds);
    }
    return outcomes;
  };
}

/** Commands in a terminal. */
export function commands(home: Home): Reader {
  return (until) =>
    reading(until, async () => {
      for (const args of [
        ['runs', '--json'],
        ['compare', '--json'],
      ]) {
        const { code, stderr } = await losslab(home.folder, ...args);
        if (code !== 0 || stderr !== '') return `losslab ${args[0]} ended with ${code}: ${stderr}`;
      }
      return null;
    });
}

/** A program that opens the history for each read. */
export function historyReader(home: Home): Reader {
  return (until) =>
    // eslint-disable-next-line @typescript-eslint/require-await -- failures must be rejections
    reading(until, async () => {
      using store = openStore(home);
      const gap = store
        .listRuns()
        .find(({ id }) => !isContiguous(store.stepMetrics(id, 'loss').map(({ step }) => step)));
      return gap ? `${gap.id} has a gap` : null;
    });
}

export function isContiguous(steps: ArrayLike<number>): boolean {
  return Array.from(steps).every((step, i, all) => i === 0 || step === all[i - 1]! + 1);
}
