import { say } from '../child.ts';
import { atMost, gigabytes, median, plain, type Figure } from '../figures.ts';
import type { BenchOptions, BenchPart } from '../part.ts';
import { measureSteps, stepSeconds } from '../stepMeasurement.ts';
import type { StepFigures } from '../processes/step.ts';
import { describePytorch, findPytorch } from '../pytorch.ts';
import { distilbertShape, tinyShape } from '../shapes.ts';

type PeerSteps = Pick<StepFigures, 'seconds' | 'peakBytes'>;

/** A training step of DistilBERT, compared with the same step in PyTorch. */
export const step: BenchPart = {
  what: 'a DistilBERT step, and the same in PyTorch',
  devices: ['cpu', 'webgpu'],
  short: true,
  run,
};

/** Alternates the step of PyTorch and ours, so that a change in machine speed affects both. */
async function run({ scale, device }: BenchOptions): Promise<Figure[]> {
  const peer = device === 'cpu' ? await findPytorch() : 'PyTorch is measured on the CPU only';
  const [shape, pairs, length] = scale === 'long' ? [distilbertShape, 8, 128] : [tinyShape, 4, 16];
  const [ours, theirs]: [StepFigures[], PeerSteps[]] = [[], []];
  for (let round = 1; round <= (scale === 'long' ? 2 : 1); round++) {
    say(`DistilBERT step, round ${round}`);
    ours.push(
      await measureSteps({
        shape,
        recipe: { loss_type: 'infonce' },
        questions: pairs,
        answers: 1,
        length,
        device,
        steps: 6,
      }),
    );
    if (typeof peer !== 'string') theirs.push(await peer.run<PeerSteps>('step.py', { shape, pairs, length, steps: 6 }));
  }
  const own = summary(ours);
  const figures = [
    plain(`DistilBERT step, ${pairs} pairs × ${length} tokens`, `${own.seconds.toFixed(2)} s, ${gigabytes(own.bytes)}`),
    plain('memory of the device that was expected before', gigabytes(ours[0]!.expectedBytes)),
  ];
  if (typeof peer === 'string') return [...figures, plain('the same in PyTorch', peer)];
  const other = summary(theirs);
  return [
    ...figures,
    plain('the same in PyTorch', `${other.seconds.toFixed(2)} s, ${gigabytes(other.bytes)} (${describePytorch(peer)})`),
    atMost('step time, LossLab / PyTorch', own.seconds / other.seconds, 0.75),
    atMost('peak memory, LossLab / PyTorch', own.bytes / other.bytes, 1),
  ];
}

function summary(runs: readonly PeerSteps[]): { seconds: number; bytes: number } {
  return { seconds: median(runs.map(stepSeconds)), bytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)) };
}
