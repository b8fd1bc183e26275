import { buildBatch } from '../../src/lab/batching/registry.ts';
import type { Batch } from '../../src/lab/batching/batch.ts';
import type { CorpusQuestion } from '../../src/lab/data/corpus.ts';
import type { TokenIds } from '../../src/lab/encoders/encoder.ts';
import { randomStream } from '../../src/lab/base/random.ts';
import type { StrategyChoice } from '../../src/shared/recipe.ts';

export interface MadeUpBatch {
  readonly batch: Batch;
  readonly texts: readonly TokenIds[];
}

/** A batch of the strategy from a number of questions with a number of answers each; all texts have the same length. */
export function madeUpBatch(
  strategy: StrategyChoice,
  {
    questions,
    answers = 1,
    length,
    vocabularySize,
  }: { questions: number; answers?: number; length: number; vocabularySize: number },
): MadeUpBatch {
  const each = 1 + answers;
  const asked: CorpusQuestion[] = Array.from({ length: questions }, (_, q) => ({
    id: `q${q}`,
    text: each * q,
    answers: Array.from({ length: answers }, (_, rank) => ({
      id: `q${q}-${rank}`,
      text: each * q + 1 + rank,
      score: answers - rank,
    })),
  }));
  const batch = buildBatch(strategy, asked, randomStream(1, 'answers'))!;
  const random = randomStream(1, 'resampling', 'bench-batch');
  return { batch, texts: batch.texts.map(() => Int32Array.from({ length }, () => random.integer(vocabularySize))) };
}
