import { LabError } from '../shared/errors.ts';
import type { CommonOptions } from './output.ts';
import { TransferProgress, type TransferStage } from './transferProgress.ts';

/** What a download is given: a signal to stop at, and whom to tell how far it is. */
export interface TransferControl {
  readonly signal: AbortSignal;
  readonly onProgress: (stage: TransferStage) => void;
}

/** Shows how a download goes. The first Ctrl-C stops it; what has arrived is kept, and the message says how to go on. */
export async function withTransferProgress<T>(
  options: CommonOptions,
  goOnWith: string,
  transfer: (control: TransferControl) => Promise<T>,
): Promise<T> {
  const progress = new TransferProgress(options.json ?? false);
  const controller = new AbortController();
  const onInterrupt = (): void =>
    controller.abort(new LabError('download', 'Stopped; what has arrived is kept.', `Go on with: ${goOnWith}`));
  process.once('SIGINT', onInterrupt);
  process.once('SIGTERM', onInterrupt);
  try {
    return await transfer({ signal: controller.signal, onProgress: (stage) => progress.show(stage) });
  } finally {
    progress.end();
    process.off('SIGINT', onInterrupt);
    process.off('SIGTERM', onInterrupt);
  }
}
