import { LabError } from '../../shared/errors.ts';

/** Throws a `usage` LabError if embeddings of this length cannot be cut to `to` numbers. */
export function requireCut(length: number, to: number): void {
  if (to <= length) return;
  throw new LabError(
    'usage',
    `The embeddings of this encoder have ${length} dimensions; they cannot be truncated to ${to}.`,
    `Set --dimensions to a number from 1 to ${length}.`,
  );
}

/**
 * Rows of `length` numbers, cut to their first `to` numbers and normalised again, as an index with short vectors stores
 * them: [rows, to].
 */
export function cutEmbeddings(embeddings: Float32Array, length: number, to: number): Float32Array {
  if (to === length) return embeddings;
  const rows = embeddings.length / length;
  const result = new Float32Array(rows * to);
  for (let row = 0; row < rows; row++) {
    const cut = embeddings.subarray(row * length, row * length + to);
    const norm = Math.max(Math.hypot(...cut), 1e-12);
    cut.forEach((value, i) => (result[row * to + i] = value / norm));
  }
  return result;
}
