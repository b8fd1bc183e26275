import { runScript, say } from '../child.ts';
import { atLeast, plain, type Figure } from '../figures.ts';
import type { BenchOptions, BenchPart } from '../part.ts';
import type { EvaluationFigures, EvaluationJob } from '../processes/evaluation.ts';
import { describePytorch, findPytorch } from '../pytorch.ts';

export const evaluation: BenchPart = {
  what: "evaluation, and the original's way in PyTorch",
  devices: ['cpu', 'webgpu'],
  short: true,
  run,
};

export interface PeerEvaluation {
  readonly mrr: number;
  readonly passes: number;
  readonly seconds: number;
  /** Seconds of the whole evaluation. */
  readonly allPasses: number;
}

async function run({ scale, device }: BenchOptions): Promise<Figure[]> {
  const peer = device === 'cpu' ? await findPytorch() : 'PyTorch is measured on the CPU only';
  say('Evaluation');
  const {
    questions,
    seconds,
    distinctTexts,
    aloneSeconds,
    peer: job,
  } = await runScript<EvaluationFigures>('evaluation.ts', JSON.stringify({ scale, device } satisfies EvaluationJob));
  const figures = [
    plain(`evaluation of ${questions} questions: ${distinctTexts} distinct texts`, `${seconds.toFixed(2)} s`),
    plain(
      'one text, alone and padded to 128 tokens',
      `${(1000 * aloneSeconds).toFixed(1)} ms, ${((aloneSeconds * distinctTexts) / seconds).toFixed(1)} times a text among the others`,
    ),
  ];
  if (typeof peer === 'string') return [...figures, plain("the original's way in PyTorch", peer)];
  say("Evaluation in the original's way");
  const theirs = await peer.run<PeerEvaluation>('evaluation.py', job);
  const whole = (theirs.seconds / theirs.passes) * theirs.allPasses;
  return [
    ...figures,
    plain(
      "the original's way in PyTorch",
      `${whole.toFixed(1)} s: ${theirs.allPasses} texts one by one, of which ${theirs.passes} were measured (${describePytorch(peer)})`,
    ),
    atLeast("evaluation, the original's way / LossLab", whole / seconds, 20),
  ];
}
