import fs from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { makeFilesFail, useDisk, type Fault } from './failingFiles.ts';

/**
 * `node --import …/failingProcess.ts`: gives the process that FAILING_DISK names a failing disk, and reports its
 * operations.
 */
export interface FailingProcess {
  /** The end of the path of the program. */
  readonly entry: string;
  readonly folder: string;
  readonly fault: Fault | null;
  /** File that gets a line of JSON per operation: all operations without a fault, otherwise those that failed. */
  readonly report: string;
}

const { appendFileSync } = fs;
const { entry, folder, fault, report } = JSON.parse(process.env.FAILING_DISK!) as FailingProcess;
if (isMainThread && process.argv[1]?.endsWith(entry)) {
  makeFilesFail();
  useDisk({
    folder,
    fault,
    onOperation: (operation, failed) =>
      void (failed === (fault !== null) && appendFileSync(report, `${JSON.stringify(operation)}\n`)),
  });
}
