/** Entry of a thread that gives inputs to a target until it is through, or something ends it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { LabError } from '../../src/shared/errors.ts';
import { fuzzInputs } from './inputs.ts';
import { WrongAccept, type FuzzTarget, type Outcome } from './target.ts';
import { targets, type TargetName } from './targets.ts';

export interface FuzzTask {
  readonly name: TargetName;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Of the thread's own, to be removed with all that is in it. */
  readonly folder: string;
  /** Shared: number of the input at hand, of those accepted, of those refused. */
  readonly progress: Int32Array;
}

/** An input with which something is wrong. */
export interface Failure {
  readonly index: number;
  readonly kind: 'crash' | 'hang' | 'wrong accept';
  readonly message: string;
}

const { name, seed, from, to, folder, progress } = workerData as FuzzTask;
const target: FuzzTarget = targets[name];
const inputs = fuzzInputs(name, target, seed);

for (let index = from; index < to; index++) {
  progress[0] = index;
  const failure = await tried(index);
  if (failure) parentPort!.postMessage(failure);
}
progress[0] = to;

async function tried(index: number): Promise<Failure | undefined> {
  const input = inputs(index);
  const scratch = mkdtempSync(join(folder, 'input-'));
  try {
    count(await target.parse(input, scratch));
  } catch (error) {
    if (error instanceof LabError) count('refused');
    else return { index, kind: error instanceof WrongAccept ? 'wrong accept' : 'crash', message: describe(error) };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return undefined;
}

function count(outcome: Outcome): void {
  progress[outcome === 'accepted' ? 1 : 2]!++;
}

function describe(error: unknown): string {
  if (error instanceof WrongAccept) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
