import type { SimilarityProduct } from './similarity.ts';
import { compileModel } from '../graph/compile.ts';
import { Graph } from '../graph/graph.ts';
import { float32 } from '../graph/hostTensor.ts';
import { gemm } from '../graph/operators/matrix.ts';
import { Session } from '../engine/session.ts';

/**
 * A session that multiplies queries with documents, on the CPU: all similarities are read back, and the CPU needs no
 * transfer.
 */
export function similaritySession(dimension: number): Promise<Session> {
  const graph = new Graph();
  const queries = graph.input('queries', 'float32', ['queries', dimension]);
  const documents = graph.input('documents', 'float32', ['documents', dimension]);
  return Session.create(compileModel({ similarities: gemm(queries, documents, { transposeB: true }) }), 'cpu');
}

/** The product of a `similaritySession`. */
export function similaritiesBy(session: Session): SimilarityProduct {
  return (queries, documents, dimension) => async (start, end) => {
    const outputs = await session.run({
      queries: float32(queries.subarray(start * dimension, end * dimension), [end - start, dimension]),
      documents: float32(documents, [documents.length / dimension, dimension]),
    });
    return outputs.similarities!.data as Float32Array;
  };
}
