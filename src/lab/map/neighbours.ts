import type { SimilarityProduct } from '../evaluation/similarity.ts';

/** The nearest neighbours of every point, itself first, then by rising distance: [points][count]. */
export interface Neighbours {
  readonly indices: number[][];
  /** Cosine distances, 0 to 2. */
  readonly distances: number[][];
}

/** Points whose distances to all others are held at a time. */
const blockRows = 256;

/**
 * Exact neighbours by cosine distance. `embeddings` [points, dimension] are rows of length 1; of equally near points the
 * one that stands first counts as nearer.
 */
export async function nearestNeighbours(
  embeddings: Float32Array,
  dimension: number,
  count: number,
  similarities: SimilarityProduct,
): Promise<Neighbours> {
  const points = embeddings.length / dimension;
  const product = similarities(embeddings, embeddings, dimension);
  const neighbours: Neighbours = { indices: [], distances: [] };
  for (let start = 0; start < points; start += blockRows) {
    const end = Math.min(start + blockRows, points);
    const block = await product(start, end);
    for (let point = start; point < end; point++) {
      const row = block.subarray((point - start) * points, (point - start + 1) * points);
      const nearest = nearestOf(row, point, count - 1);
      neighbours.indices.push([point, ...nearest]);
      neighbours.distances.push([0, ...nearest.map((other) => Math.max(0, 1 - row[other]!))]);
    }
  }
  return neighbours;
}

/** The `count` most similar others, most similar first. */
function nearestOf(row: Float32Array, point: number, count: number): number[] {
  const nearest: number[] = [];
  for (let other = 0; other < row.length; other++) {
    if (other === point || (nearest.length === count && !(row[other]! > row[nearest.at(-1)!]!))) continue;
    let place = nearest.length;
    while (place > 0 && row[other]! > row[nearest[place - 1]!]!) place--;
    nearest.splice(place, 0, other);
    nearest.length = Math.min(nearest.length, count);
  }
  return nearest;
}
