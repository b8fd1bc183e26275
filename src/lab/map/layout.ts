import { UMAP } from 'umap-js';
import { randomStream } from '../random.ts';
import type { Neighbours } from './neighbours.ts';

/** Neighbours of a point that count, itself included; UMAP's usual number. */
export const neighbourCount = 15;
/** Fewer points have no neighbourhoods to show. */
export const fewestPoints = neighbourCount + 1;

/**
 * Positions in two dimensions that keep neighbours together: UMAP (McInnes, Healy and Melville 2018) with its usual
 * settings. It begins at random places, always the same, or at those of `start`: [points, 2].
 */
export function layOut({ indices, distances }: Neighbours, start: Float32Array | null, onProgress: (done: number, total: number) => void): Float32Array {
  const random = randomStream(0, 'map', 'layout');
  const umap = new UMAP({ nComponents: 2, nNeighbors: neighbourCount, minDist: 0.1, random: () => random.next() });
  umap.setPrecomputedKNN(indices, distances);
  // With neighbours known, the points themselves are only counted.
  const epochs = umap.initializeFit(indices);
  // The library has no option for where to begin; what it hands out is what it works on.
  const layout = umap.getEmbedding();
  if (start) for (const [point, position] of layout.entries()) for (const axis of position.keys()) position[axis] = start[2 * point + axis]!;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    umap.step();
    onProgress(epoch, epochs);
  }
  return Float32Array.from(umap.getEmbedding().flat());
}
