import { LabError } from '../shared/errors.ts';
import type { CommonOptions } from './output.ts';
import { TransferProgress, type TransferStage } from './transferProgress.ts';

/** A signal that stops a download, and a function that receives its progress. */
export interface TransferControl {
  readonly signal: AbortSignal;
  readonly onProgress: (stage: TransferStage) => void;
}

/** Shows the progress of a download. The first Ctrl-C stops it, keeps the partial file, and prints how to resume. */
export async function withTransferProgress<T>(
  options: CommonOptions,
  goOnWith: string,
  transfer: (control: TransferControl) => Promise<T>,
): Promise<T> {
  const progress = new TransferProgress(options.json ?? false);
  const controller = new AbortController();
  const onInterrupt = (): void =>
    controller.abort(
      new LabError('download', 'Stopped. The part downloaded so far is kept.', `Resume with: ${goOnWith}`),
    );
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
