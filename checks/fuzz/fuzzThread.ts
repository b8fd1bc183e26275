/** Entry of a thread that gives inputs to targets until it is ended. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { LabError } from '../../src/shared/errors.ts';
import { fuzzInputs } from './inputs.ts';
import { WrongAccept, type FuzzTarget, type Outcome } from './target.ts';
import { targets } from './targets.ts';

/** A range of inputs for one target. */
export interface FuzzTask {
  readonly name: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** The folder of the task, empty before each input. */
  readonly folder: string;
  /** Shared: number of the current input, number of accepted and of refused inputs. */
  readonly progress: Int32Array;
}

/** A failing input. */
export interface Failure {
  readonly index: number;
  readonly kind: 'crash' | 'hang' | 'wrong accept';
  readonly message: string;
}

/** A failure, or the end of a task. */
export type FromThread = Failure | 'through';

parentPort!.on('message', (task: FuzzTask) => void goThrough(task));

async function goThrough({ name, seed, from, to, folder, progress }: FuzzTask): Promise<void> {
  const target = targets[name]!;
  const inputs = fuzzInputs(name, target, seed);
  for (let index = from; index < to; index++) {
    progress[0] = index;
    const outcome = await tried(target, inputs(index), folder);
    if (typeof outcome === 'string') progress[outcome === 'accepted' ? 1 : 2]!++;
    else tell({ index, ...outcome });
  }
  progress[0] = to;
  tell('through');
}

function tell(message: FromThread): void {
  parentPort!.postMessage(message);
}

async function tried(target: FuzzTarget, input: Buffer, folder: string): Promise<Outcome | Omit<Failure, 'index'>> {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
  try {
    return await target.parse(input, folder);
  } catch (error) {
    if (error instanceof LabError) return 'refused';
    return { kind: error instanceof WrongAccept ? 'wrong accept' : 'crash', message: describe(error) };
  }
}

function describe(error: unknown): string {
  if (error instanceof WrongAccept) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
