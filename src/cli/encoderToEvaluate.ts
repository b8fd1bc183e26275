import { resolveEncoder } from '../lab/encoders/hub/reference.ts';
import type { Store } from '../lab/store/runStore.ts';
import { readEncoderFolder, readModelFolder, type FinishedEncoder } from '../lab/encoders/encoderFolder.ts';
import { finishedFolder } from '../lab/experiments/finishedFolder.ts';

/**
 * The encoder of a finished run, of a folder of weights or of the Hub's cache. A name with `/`, `.` or `:` is not a run
 * id.
 */
export function encoderToEvaluate(store: Store, name: string): FinishedEncoder {
  if (/[\\/.:]/.test(name)) return readModelFolder(resolveEncoder(name).folder);
  const run = store.getRun(name);
  return readEncoderFolder(finishedFolder(run), run.configuration.encoder);
}
