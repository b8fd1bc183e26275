import { existsSync } from 'node:fs';
import { LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';

/** Where the run has left its encoder. Throws where it has not. */
export function finishedFolder(run: Run): string {
  if (run.state !== 'finished' || run.encoder === null) {
    throw new LabError(
      'usage',
      `Run ${run.id} is ${run.state}: only a finished run has an encoder.`,
      run.state === 'running' ? 'Wait until it has finished.' : `"losslab resume ${run.id}" trains it to its end.`,
    );
  }
  if (existsSync(run.encoder)) return run.encoder;
  throw new LabError(
    'encoder',
    `The encoder of run ${run.id} is no longer in ${run.encoder}.`,
    'Put the folder back, or train the run again.',
  );
}
