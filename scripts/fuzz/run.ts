import { mkdirSync, mkdtempSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { fuzzInputs } from './inputs.ts';
import type { Failure, FuzzTask } from './fuzzThread.ts';
import { targets, type TargetName } from './targets.ts';

/** What became of the inputs of a target. */
export interface FuzzResult {
  readonly tried: number;
  readonly accepted: number;
  /** With a LabError, or as the parser refuses. */
  readonly refused: number;
  readonly failures: readonly (Failure & { readonly file: string })[];
}

export interface FuzzOptions {
  readonly seed: number;
  readonly count: number;
  /** Where inputs that fail are written to. */
  readonly failureFolder: string;
}

/** An input that takes longer hangs: of a processor's time, so that other work of the machine does not count, or of the clock's, for one that waits. */
const hangMilliseconds = { processor: 5000, clock: 60_000 };
const watchMilliseconds = 200;
/** Of a thread's heap: an input of some kilobytes has no use for more. */
const heapMegabytes = 512;

/** Gives a target its inputs, in a thread that is started again after an input that it did not survive. */
export async function fuzz(name: TargetName, { seed, count, failureFolder }: FuzzOptions): Promise<FuzzResult> {
  const inputs = fuzzInputs(name, targets[name], seed);
  const progress = new Int32Array(new SharedArrayBuffer(12));
  const failures: FuzzResult['failures'][number][] = [];
  const record = (failure: Failure): void => {
    const file = join(failureFolder, `${name}-${seed}-${failure.index}`);
    mkdirSync(failureFolder, { recursive: true });
    writeFileSync(file, inputs(failure.index));
    failures.push({ ...failure, file });
  };
  const folder = mkdtempSync(join(scratchFolder(), 'losslab-fuzz-'));
  try {
    for (let from = 0; from < count; ) {
      const ending = await watchThread({ name, seed, from, to: count, folder, progress }, record);
      if (ending) record({ index: progress[0]!, ...ending });
      from = progress[0]! + 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { tried: count, accepted: progress[1]!, refused: progress[2]!, failures };
}

/** In memory where the system has such a folder: millions of small files. */
function scratchFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}

/** What ended a thread at the input it had at hand; undefined where it has been through all of them. */
async function watchThread(task: FuzzTask, record: (failure: Failure) => void): Promise<Pick<Failure, 'kind' | 'message'> | undefined> {
  const worker = new Worker(new URL('fuzzThread.ts', import.meta.url), { workerData: task, resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } });
  let death: Error | undefined;
  worker.on('message', record);
  worker.on('error', (error: Error) => (death = error));
  const over = new Promise<'over'>((resolve) => worker.on('exit', () => resolve('over')));
  if ((await Promise.race([over, hangs(worker, task.progress, over)])) === 'hang') {
    await worker.terminate();
    return { kind: 'hang', message: `took longer than ${hangMilliseconds.processor / 1000} s` };
  }
  if (death) return { kind: 'crash', message: death.stack ?? death.message };
  return task.progress[0] === task.to ? undefined : { kind: 'crash', message: 'the thread ended' };
}

/** Resolves when the same input has been at hand for too long. */
async function hangs(worker: Worker, progress: Int32Array, over: Promise<unknown>): Promise<'hang'> {
  let running = true;
  void over.then(() => (running = false));
  let last = -1;
  let since = { processor: 0, clock: 0 };
  while (running) {
    const now = { processor: await processorMilliseconds(worker), clock: performance.now() };
    if (progress[0] !== last) {
      last = progress[0]!;
      since = now;
    }
    if (now.processor - since.processor > hangMilliseconds.processor || now.clock - since.clock > hangMilliseconds.clock) return 'hang';
    await setTimeout(watchMilliseconds);
  }
  return await new Promise(() => undefined); // The thread has ended, and with it the race.
}

async function processorMilliseconds(worker: Worker): Promise<number> {
  // Refused once the thread has ended.
  const { user, system } = await worker.cpuUsage().catch(() => ({ user: 0, system: 0 }));
  return (user + system) / 1000;
}
