import type { Tensor } from '../graph/graph.ts';
import { add, cast, greater, multiply } from '../graph/operators/elementwise.ts';
import { l2Normalise } from '../graph/operators/normalisation.ts';
import type { LossOutputs } from './loss.ts';

/**
 * Matryoshka representation learning (Kusupati et al. 2022) over any loss: the mean of the loss over embeddings cut to
 * several lengths and the full one. So the first numbers alone are a useful embedding. Metrics are those of the full
 * length.
 */
export function buildMatryoshka(
  embeddings: Tensor,
  lengths: readonly number[],
  build: (embeddings: Tensor) => LossOutputs,
): LossOutputs {
  const full = embeddings.shape[1] as number;
  const cuts = [...new Set([full, ...lengths])].map((length) =>
    build(length === full ? embeddings : cut(embeddings, full, length)),
  );
  const total = cuts.map(({ loss }) => loss).reduce((sum, loss) => add(sum, loss));
  return { loss: cuts.length === 1 ? total : multiply(total, 1 / cuts.length), metrics: cuts[0]!.metrics };
}

/** The numbers after the cut are set to 0 instead of removed: a loss only sees similarities, which are the same. */
function cut(embeddings: Tensor, full: number, length: number): Tensor {
  return l2Normalise(multiply(embeddings, cast(greater(length, embeddings.graph.range(full)), 'float32')));
}
