import { verdictMetric } from '../../shared/comparison.ts';
import { formatDecimal, formatSignificant } from '../../shared/format.ts';
import type { Detector, Diagnosis } from './detector.ts';

/** Evaluations after the best one, all below it. */
const evaluationsSince = 3;
/**
 * Standard errors of the mean difference over the same questions, twice in a row, because the best of several
 * evaluations is partly luck.
 */
const standardErrors = 3;
const inARow = 2;
const fewestQuestions = 20;

interface Measured {
  readonly step: number;
  readonly value: number;
  readonly perQuestion: Float32Array;
  /**
   * Mean training loss from the previous evaluation to this one; for the untrained encoder, that of the steps before
   * the next evaluation.
   */
  readonly loss: number;
}

/** The loss still falls, while retrieval has fallen below its best value by more than chance. */
export function lossWithoutRetrievalDetector(): Detector {
  let losses: number[] = [];
  let best: (Omit<Measured, 'loss'> & { loss: number | null }) | null = null;
  let since = 0;
  let fallen = 0;
  return {
    kind: 'loss_without_retrieval',
    onStep({ loss }) {
      losses.push(loss);
      return null;
    },
    onEvaluation(event) {
      const value = event.metrics[verdictMetric];
      const perQuestion = event.per_query.values[verdictMetric];
      if (value === undefined || !perQuestion) return null;
      const loss = losses.length > 0 ? losses.reduce((sum, each) => sum + each, 0) / losses.length : null;
      losses = [];
      if (best) best.loss ??= loss;
      if (!best || value > best.value) {
        best = { step: event.step, value, perQuestion, loss };
        since = fallen = 0;
        return null;
      }
      since++;
      const errors = fallInStandardErrors(best.perQuestion, perQuestion);
      const questions = event.per_query.question_ids.length;
      const hasFallen =
        errors >= standardErrors &&
        questions >= fewestQuestions &&
        loss !== null &&
        best.loss !== null &&
        loss < best.loss;
      fallen = hasFallen ? fallen + 1 : 0;
      if (!hasFallen || since < evaluationsSince || fallen < inARow) return null;
      return describe({ ...best, loss: best.loss! }, { value, loss: loss }, errors, questions);
    },
  };
}

function describe(best: Measured, now: Pick<Measured, 'value' | 'loss'>, errors: number, questions: number): Diagnosis {
  const from =
    best.step === 0
      ? `${formatDecimal(best.value, 3)} (untrained)`
      : `${formatDecimal(best.value, 3)} at step ${best.step}`;
  return {
    message: `The training loss has fallen from ${formatSignificant(best.loss)} to ${formatSignificant(now.loss)}, and MRR@10 from ${from} to ${formatDecimal(now.value, 3)}, ${formatDecimal(errors, 1)} standard errors over ${questions} test questions.`,
    fix:
      best.step === 0
        ? 'This loss rewards something that does not help to find answers in this data. Try a lower learning_rate, or a loss that sees the answers to other questions (infonce).'
        : `The encoder overfits the training questions. Try fewer epochs (it was best at step ${best.step}), or a lower learning_rate.`,
  };
}

/** Mean of the paired differences, as a multiple of its standard error. */
function fallInStandardErrors(before: Float32Array, now: Float32Array): number {
  const differences = Array.from(before, (value, i) => value - now[i]!);
  const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (differences.length - 1);
  return mean / Math.sqrt(variance / differences.length);
}
