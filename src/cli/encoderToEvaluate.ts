import { finishedFolder } from '../lab/exports/exportRun.ts';
import type { Store } from '../lab/store/runStore.ts';
import { readEncoderFolder, readModelFolder, type FinishedEncoder } from '../lab/training/encoderFolder.ts';

/** The encoder of a finished run, or of a folder of weights: what is not the beginning of an id holds a dot or a slash. */
export function encoderToEvaluate(store: Store, name: string): FinishedEncoder {
  if (/[\\/.]/.test(name)) return readModelFolder(name);
  const run = store.getRun(name);
  return readEncoderFolder(finishedFolder(run), run.configuration.encoder);
}
