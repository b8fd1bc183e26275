import { finishedFolder } from '../lab/exports/exportRun.ts';
import type { Store } from '../lab/store/runStore.ts';
import { readEncoderFolder, type FinishedEncoder } from '../lab/training/encoderFolder.ts';

/** The encoder of a finished run. */
// eslint-disable-next-line @typescript-eslint/require-await
export async function encoderToEvaluate(store: Store, name: string): Promise<FinishedEncoder> {
  const run = store.getRun(name);
  return readEncoderFolder(finishedFolder(run), run.configuration.encoder);
}
