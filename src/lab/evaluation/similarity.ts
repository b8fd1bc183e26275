/**
 * Similarities of queries `queryStart` … `queryEnd` (exclusive) with every document:
 * [queryEnd − queryStart, documents], row by row.
 */
export type SimilarityRows = (queryStart: number, queryEnd: number) => Promise<Float32Array>;

/**
 * Multiplies queries [q, dimension] with documents [d, dimension]: similarity is the dot product. All blocks of queries
 * use the same documents, so they can be uploaded once.
 */
export type SimilarityProduct = (queries: Float32Array, documents: Float32Array, dimension: number) => SimilarityRows;

/**
 * The product in plain TypeScript. Sums are computed in double precision and in a fixed order, so equal texts have
 * equal similarities at any position.
 */
export const plainSimilarities: SimilarityProduct = (queries, documents, dimension) => (queryStart, queryEnd) =>
  Promise.resolve(
    similarityBlock(queries.subarray(queryStart * dimension, queryEnd * dimension), documents, dimension),
  );

const tile = 4;

/** All dot products of two sets of rows: [queries, documents]. Processes four documents at a time. */
function similarityBlock(queries: Float32Array, documents: Float32Array, dimension: number): Float32Array {
  const queryCount = queries.length / dimension;
  const documentCount = documents.length / dimension;
  const block = new Float32Array(queryCount * documentCount);
  const tiled = documentCount - (documentCount % tile);
  for (let document = 0; document < tiled; document += tile) {
    for (let query = 0; query < queryCount; query++) {
      dotFour(
        queries,
        query * dimension,
        documents,
        document * dimension,
        dimension,
        block,
        query * documentCount + document,
      );
    }
  }
  for (let document = tiled; document < documentCount; document++) {
    for (let query = 0; query < queryCount; query++) {
      block[query * documentCount + document] = dot(
        queries,
        query * dimension,
        documents,
        document * dimension,
        dimension,
      );
    }
  }
  return block;
}

/** Dot products of one row of `a` with four consecutive rows of `b`, written to `out` from `at` on. */
function dotFour(
  a: Float32Array,
  aStart: number,
  b: Float32Array,
  bStart: number,
  dimension: number,
  out: Float32Array,
  at: number,
): void {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (let i = 0; i < dimension; i++) {
    const value = a[aStart + i]!;
    const cell = bStart + i;
    sum0 += value * b[cell]!;
    sum1 += value * b[cell + dimension]!;
    sum2 += value * b[cell + 2 * dimension]!;
    sum3 += value * b[cell + 3 * dimension]!;
  }
  out[at] = sum0;
  out[at + 1] = sum1;
  out[at + 2] = sum2;
  out[at + 3] = sum3;
}

function dot(a: Float32Array, aStart: number, b: Float32Array, bStart: number, dimension: number): number {
  let sum = 0;
  for (let i = 0; i < dimension; i++) sum += a[aStart + i]! * b[bStart + i]!;
  return sum;
}
