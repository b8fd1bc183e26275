import { UMAP } from 'umap-js';
import { randomStream } from '../base/random.ts';
import type { Neighbours } from './neighbours.ts';

/** Neighbours of a point that count, itself included; UMAP's usual number. */
export const neighbourCount = 15;
/** Fewer points have no neighbourhoods to show. */
export const fewestPoints = neighbourCount + 1;

/**
 * How points move to where they belong. From random places: UMAP's usual settings. From where another layout ended: in small
 * steps, because large ones shuffle even what has not changed (the same embeddings again: by 0.57 of the map's radius on
 * average, instead of 0.23), and neighbours come together no better for it.
 */
const settings = {
  fromRandom: { learningRate: 1, nEpochs: 500 },
  fromAnother: { learningRate: 0.1, nEpochs: 200 },
} as const;

/**
 * Positions in two dimensions that keep neighbours together: UMAP (McInnes, Healy and Melville 2018). It begins at random
 * places, always the same, or at those of `start`: [points, 2].
 */
export function layOut(
  { indices, distances }: Neighbours,
  start: Float32Array | null,
  onProgress: (done: number, total: number) => void,
): Float32Array {
  const random = randomStream(0, 'map', 'layout');
  const umap = new UMAP({
    nComponents: 2,
    nNeighbors: neighbourCount,
    minDist: 0.1,
    ...(start ? settings.fromAnother : settings.fromRandom),
    random: () => random.next(),
  });
  umap.setPrecomputedKNN(indices, distances);
  // With neighbours known, the points themselves are only counted.
  const epochs = umap.initializeFit(indices);
  // The library has no option for where to begin; what it hands out is what it works on.
  const layout = umap.getEmbedding();
  if (start)
    for (const [point, position] of layout.entries())
      for (const axis of position.keys()) position[axis] = start[2 * point + axis]!;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    umap.step();
    onProgress(epoch, epochs);
  }
  return Float32Array.from(umap.getEmbedding().flat());
}
