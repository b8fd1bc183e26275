import { LabError } from '../../../src/shared/errors.ts';
import { canFail, diskErrors, type DiskError, type Fault, type Operation } from './failingFiles.ts';

/** One disk fault, and the operation at which it occurs. */
export interface Trial {
  readonly fault: Fault;
  /** The operation that fails, from the list of an undisturbed run. */
  readonly operation: Operation;
}

/** Every operation with every error, once and permanently. */
export function trialsOf(operations: readonly Operation[]): Trial[] {
  return (Object.keys(diskErrors) as DiskError[]).flatMap((code) =>
    operations
      .filter((operation) => canFail(operation, code))
      .flatMap((operation, index) =>
        [false, true].map((lasting) => ({ fault: { code, at: index + 1, lasting }, operation })),
      ),
  );
}

/** The given number of trials, evenly spread. */
export function sample<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / count)]!);
}

export function nameOf({ fault, operation }: Trial, folder: string): string {
  return `${fault.code} ${fault.lasting ? 'from' : 'at'} operation ${fault.at} (${operation.name} ${operation.file.replace(folder, '')})`;
}

/** What is wrong with the message of an error; null if it is useful. */
export function unclear(error: unknown, folder: string): string | null {
  if (!(error instanceof LabError))
    return `is not a LabError: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  if (!error.message.includes(folder)) return `names no file: ${error.message}`;
  return error.fix === '' ? `does not say what to do: ${error.message}` : null;
}
