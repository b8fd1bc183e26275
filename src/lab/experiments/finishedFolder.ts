import { existsSync } from 'node:fs';
import { LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';

/** The folder of the encoder of a finished run. Throws a LabError if it is missing. */
export function finishedFolder(run: Run): string {
  if (run.state !== 'finished' || run.encoder === null) {
    throw new LabError(
      'usage',
      `Run ${run.id} is ${run.state}: only a finished run has an encoder.`,
      run.state === 'running' ? 'Wait until it is finished.' : `"losslab resume ${run.id}" continues it.`,
    );
  }
  if (existsSync(run.encoder)) return run.encoder;
  throw new LabError(
    'encoder',
    `The encoder of run ${run.id} is missing in ${run.encoder}.`,
    'Put the folder back, or train the run again.',
  );
}
