import { createHash } from 'node:crypto';
import { randomStream, shuffled } from '../random.ts';

/**
 * The batch plan: which training questions make which batch. It depends on the number of questions,
 * the batch size and the seed only, so that all recipes of an experiment see the same questions in
 * the same batches, and a run resumed in the middle of an epoch finds its place again.
 *
 * Each epoch is a shuffle of its own, cut into consecutive batches. A single question left over
 * joins the batch before it: losses with in-batch negatives need two questions.
 */
export function planEpoch(questionCount: number, batchSize: number, seed: number, epoch: number): number[][] {
  const order = shuffled(Array.from({ length: questionCount }, (_, index) => index), randomStream(seed, 'plan', epoch));
  const batches = stepsPerEpoch(questionCount, batchSize);
  return Array.from({ length: batches }, (_, batch) =>
    order.slice(batch * batchSize, batch === batches - 1 ? questionCount : (batch + 1) * batchSize),
  );
}

/** Batches of an epoch; see `planEpoch` for a single question left over. */
export function stepsPerEpoch(questionCount: number, batchSize: number): number {
  const leftOver = questionCount % batchSize;
  const fullBatches = (questionCount - leftOver) / batchSize;
  const joins = leftOver === 1 && fullBatches > 0;
  return fullBatches + (leftOver > 0 && !joins ? 1 : 0);
}

/** SHA-256 (hex) of the questions' ids as the plan brings them, batch by batch, over epochs 0, 1, …. */
export function planHash(trainQuestionIds: readonly string[], batchSize: number, epochs: number, seed: number): string {
  const hash = createHash('sha256');
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const batch of planEpoch(trainQuestionIds.length, batchSize, seed, epoch)) {
      hash.update(`${JSON.stringify(batch.map((index) => trainQuestionIds[index]))}\n`);
    }
  }
  return hash.digest('hex');
}
