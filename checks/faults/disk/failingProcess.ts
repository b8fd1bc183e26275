import fs from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { makeFilesFail, useDisk, type Fault } from './failingFiles.ts';

/** `node --import …/failingProcess.ts`: the process that FAILING_DISK is about has a disk that fails, and says which operations it met. */
export interface FailingProcess {
  /** The end of the path of what the process runs. */
  readonly entry: string;
  readonly folder: string;
  readonly fault: Fault | null;
  /** Gets a line of JSON for each operation: all of them where there is no fault, else those that failed. */
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
