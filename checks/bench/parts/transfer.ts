import { runScript, say } from '../child.ts';
import { plain, type Figure } from '../figures.ts';
import type { BenchOptions, BenchPart } from '../part.ts';
import type { TransferFigures, TransferJob } from '../processes/transfer.ts';
import { distilbertShape, tinyShape } from '../shapes.ts';

/** The CPU needs no transfer. */
export const transfer: BenchPart = {
  what: 'a training state to the GPU and back',
  devices: ['webgpu'],
  short: true,
  run,
};

async function run({ scale, device }: BenchOptions): Promise<Figure[]> {
  say('A training state to the GPU and back');
  const job: TransferJob = { shape: scale === 'long' ? distilbertShape : tinyShape, device };
  const { bytes, uploadSeconds, readSeconds } = await runScript<TransferFigures>('transfer.ts', JSON.stringify(job));
  const rate = (seconds: number): string => `${seconds.toFixed(2)} s, ${(bytes / seconds / 1e9).toFixed(2)} GB/s`;
  return [
    plain(
      `training state of ${(bytes / 1e6).toFixed(0)} MB to the GPU, session and buffers included`,
      rate(uploadSeconds),
    ),
    plain('and back, as for a checkpoint', rate(readSeconds)),
  ];
}
