/** Entry of a thread that gives inputs to targets, until something ends it. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { LabError } from '../../src/shared/errors.ts';
import { fuzzInputs } from './inputs.ts';
import { WrongAccept, type FuzzTarget, type Outcome } from './target.ts';
import { targets } from './targets.ts';

/** Some inputs of one target. */
export interface FuzzTask {
  readonly name: string;
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Of the task's own: empty at each input. */
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

/** A failure, or that a task is done. */
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
