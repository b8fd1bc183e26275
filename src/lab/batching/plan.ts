import { createHash } from 'node:crypto';
import type { StrategyChoice } from '../../shared/recipe.ts';
import type { CorpusQuestion } from '../data/corpus.ts';
import { randomStream, shuffled } from '../base/random.ts';
import type { Batch } from './batch.ts';
import type { FalseNegativeRule } from './falseNegatives.ts';
import { buildBatch } from './registry.ts';
import { sharedMarks, separateConflicts } from './separateConflicts.ts';

/**
 * The batch plan: which training questions make which batch. It depends on the number of questions, the batch size and
 * the seed only, so that all recipes of an experiment see the same questions in the same batches, and a run resumed in
 * the middle of an epoch finds its place again.
 *
 * Each epoch has its own shuffle, cut into consecutive batches. A single remaining question joins the previous batch,
 * because losses with in-batch negatives need two questions.
 */
export function planEpoch(questionCount: number, batchSize: number, seed: number, epoch: number): number[][] {
  const order = shuffled(
    Array.from({ length: questionCount }, (_, index) => index),
    randomStream(seed, 'plan', epoch),
  );
  const batches = stepsPerEpoch(questionCount, batchSize);
  return Array.from({ length: batches }, (_, batch) =>
    order.slice(batch * batchSize, batch === batches - 1 ? questionCount : (batch + 1) * batchSize),
  );
}

/** Number of batches of an epoch; see `planEpoch` for a single remaining question. */
export function stepsPerEpoch(questionCount: number, batchSize: number): number {
  const leftOver = questionCount % batchSize;
  const fullBatches = (questionCount - leftOver) / batchSize;
  const joins = leftOver === 1 && fullBatches > 0;
  return fullBatches + (leftOver > 0 && !joins ? 1 : 0);
}

export interface PlanSettings {
  readonly batchSize: number;
  readonly seed: number;
  readonly rule: FalseNegativeRule;
}

/** The steps whose text lengths represent those of all steps. */
const sampledBatches = 20;

/** The plan of a training split, and the batches that strategies make from it. */
export class BatchPlan {
  readonly stepsPerEpoch: number;
  readonly #questions: readonly CorpusQuestion[];
  readonly #settings: PlanSettings;
  /**
   * For each question, the marks that it must not share with another question of its batch; null without such a rule.
   */
  readonly #marks: readonly (readonly number[])[] | null;
  #latest: { readonly epoch: number; readonly batches: readonly (readonly number[])[] } | undefined;

  constructor(questions: readonly CorpusQuestion[], settings: PlanSettings) {
    this.#questions = questions;
    this.#settings = settings;
    this.stepsPerEpoch = stepsPerEpoch(questions.length, settings.batchSize);
    this.#marks = settings.rule.policy === 'avoid' ? sharedMarks(questions, settings.rule.classes) : null;
  }

  /** Batches of an epoch (0 for the first), as indices of questions. */
  epoch(epoch: number): readonly (readonly number[])[] {
    const { batchSize, seed } = this.#settings;
    if (this.#latest?.epoch !== epoch) {
      const shuffle = planEpoch(this.#questions.length, batchSize, seed, epoch);
      this.#latest = { epoch, batches: this.#marks ? separateConflicts(shuffle, this.#marks) : shuffle };
    }
    return this.#latest.batches;
  }

  /**
   * The batch at a position of the plan (1 for the first) as a strategy makes it; null if none of its questions can be
   * used.
   */
  batchAt(position: number, strategy: StrategyChoice): Batch | null {
    const { seed, rule } = this.#settings;
    const epoch = Math.floor((position - 1) / this.stepsPerEpoch);
    const questions = this.epoch(epoch)[(position - 1) % this.stepsPerEpoch]!.map((index) => this.#questions[index]!);
    return buildBatch(strategy, questions, randomStream(seed, 'answers', position), rule);
  }

  /**
   * Batches of the first steps as a strategy makes them, without steps in which no question can be used. They represent
   * all steps.
   */
  firstBatches(strategy: StrategyChoice): Batch[] {
    const positions = Array.from({ length: Math.min(sampledBatches, this.stepsPerEpoch) }, (_, index) => index + 1);
    return positions.flatMap((position) => this.batchAt(position, strategy) ?? []);
  }

  /** The same questions in batches of another size. */
  withBatchSize(batchSize: number): BatchPlan {
    return new BatchPlan(this.#questions, { ...this.#settings, batchSize });
  }

  /** SHA-256 (hex) of the questions' ids in the order of the plan, batch by batch, over `epochs` epochs. */
  hash(epochs: number): string {
    const hash = createHash('sha256');
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const batch of this.epoch(epoch))
        hash.update(`${JSON.stringify(batch.map((index) => this.#questions[index]!.id))}\n`);
    }
    return hash.digest('hex');
  }
}
