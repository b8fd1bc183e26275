import { useDisk, type Operation } from './failingFiles.ts';
import { nameOf, trialsOf, unclear, type Trial } from './trial.ts';

/** Something that LossLab writes in this process, completely or not at all. */
export interface DiskTask {
  readonly what: string;
  /** The disk fails below it. */
  readonly folder: string;
  /** Restores the initial state. */
  prepare(): Promise<void>;
  run(): Promise<void>;
  /** What is neither unchanged nor complete; null if nothing is. */
  halfDone(): Promise<string | null>;
  isDone(): Promise<boolean>;
}

export async function trialsOfTask(task: DiskTask): Promise<Trial[]> {
  const operations: Operation[] = [];
  await task.prepare();
  useDisk({ folder: task.folder, fault: null, onOperation: (operation) => void operations.push(operation) });
  await task.run();
  useDisk(null);
  if (!(await task.isDone())) throw new Error(`${task.what}: not done on a disk that is well`);
  return trialsOf(operations);
}

/** What was lost; null if nothing was. */
export async function attemptTask(task: DiskTask, trial: Trial): Promise<string | null> {
  await task.prepare();
  let met = false;
  useDisk({ folder: task.folder, fault: trial.fault, onOperation: (_, failed) => void (met ||= failed) });
  const error = await task.run().then(
    () => null,
    (thrown: unknown) => thrown,
  );
  useDisk(null);
  const loss = met ? await lossAfter(task, error) : 'was not met';
  return loss === null ? null : `${task.what}, ${nameOf(trial, task.folder)}: ${loss}`;
}

async function lossAfter(task: DiskTask, error: unknown): Promise<string | null> {
  const unclearly = error === null ? null : unclear(error, task.folder);
  if (unclearly !== null) return unclearly;
  const halfDone = await task.halfDone();
  if (halfDone !== null) return halfDone;
  if (error === null) return (await task.isDone()) ? null : 'is said to be done and is not';
  // Only the last step failed: the result exists and is not made again.
  if (await task.isDone()) return null;
  const again = await task.run().then(
    () => null,
    (thrown: unknown) => thrown as Error,
  );
  if (again !== null) return `cannot be done afterwards: ${again.message}`;
  return (await task.isDone()) ? null : 'done again it is not what it should be';
}
