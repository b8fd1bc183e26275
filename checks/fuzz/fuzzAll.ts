import { mkdirSync, mkdtempSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fuzzInputs } from './inputs.ts';
import type { Failure } from './fuzzThread.ts';
import { targets } from './targets.ts';
import { WatchedThread } from './watchedThread.ts';

/** The results of a target's inputs. */
export interface FuzzResult {
  readonly tried: number;
  readonly accepted: number;
  /** Refused with a LabError, or in the parser's own way. */
  readonly refused: number;
  readonly failures: readonly (Failure & { readonly file: string })[];
  readonly seconds: number;
}

export interface FuzzOptions {
  readonly seed: number;
  /** Number of the first input. */
  readonly from: number;
  readonly count: number;
}

/** Folder for failing inputs. */
const failureFolder = join(tmpdir(), 'losslab-fuzz');

/** Runs as many targets at once as there are processors, in this order; reports each at its end. */
export async function fuzzAll(
  names: readonly string[],
  options: FuzzOptions,
  onResult: (name: string, result: FuzzResult) => void,
): Promise<void> {
  const waiting = names.values();
  const next = async (): Promise<void> => {
    await using thread = new WatchedThread();
    for (const name of waiting) onResult(name, await fuzz(thread, name, options));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, next));
}

/** Gives a target its inputs, in a thread that is restarted after an input that ended it. */
export async function fuzz(
  thread: WatchedThread,
  name: string,
  { seed, from, count }: FuzzOptions,
): Promise<FuzzResult> {
  const started = performance.now();
  const inputs = fuzzInputs(name, targets[name]!, seed);
  const progress = new Int32Array(new SharedArrayBuffer(12));
  const failures: FuzzResult['failures'][number][] = [];
  const record = (failure: Failure): void => {
    const file = join(failureFolder, `${name.replaceAll(':', '-')}-${seed}-${failure.index}`);
    mkdirSync(failureFolder, { recursive: true });
    writeFileSync(file, inputs(failure.index));
    failures.push({ ...failure, file });
  };
  const folder = mkdtempSync(join(scratchFolder(), 'losslab-fuzz-'));
  try {
    for (let next = from; next < from + count;) {
      const ending = await thread.go({ name, seed, from: next, to: from + count, folder, progress }, record);
      if (ending) record({ index: progress[0]!, ...ending });
      next = progress[0]! + 1;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    tried: count,
    accepted: progress[1]!,
    refused: progress[2]!,
    failures,
    seconds: (performance.now() - started) / 1000,
  };
}

/** In memory if the system has such a folder, because there are millions of small files. */
function scratchFolder(): string {
  return existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
}
