import type { ComparedEvaluation } from '../../shared/comparison.ts';
import type { Store } from '../store/runStore.ts';

/** What a comparison takes from the steps of a run. */
export interface StepFigures {
  /** With what the run had spent by then. */
  readonly evaluations: readonly ComparedEvaluation[];
  /** Means over all steps; null where they were not recorded. */
  readonly texts_per_step: number | null;
  readonly negatives_per_question: number | null;
}

export function stepFigures(store: Store, run: string): StepFigures {
  const { steps, columns } = store.curves(run, ['documents', 'tokens', 'texts', 'negatives_per_question']);
  // Documents are counted from the beginning, tokens step by step.
  const documents = columns['documents'] ?? new Float64Array();
  const tokens = cumulative(columns['tokens'] ?? new Float64Array());
  let known = 0;
  const evaluations = store.evaluations(run).map((evaluation): ComparedEvaluation => {
    while (known < steps.length && steps[known]! <= evaluation.step) known++;
    return {
      ...evaluation,
      compute: {
        seconds: evaluation.training_seconds,
        documents: documents[known - 1] ?? 0,
        tokens: tokens[known - 1] ?? 0,
      },
    };
  });
  return {
    evaluations,
    texts_per_step: mean(columns['texts']),
    negatives_per_question: mean(columns['negatives_per_question']),
  };
}

function cumulative(values: Float64Array): Float64Array {
  let sum = 0;
  return values.map((value) => (sum += value));
}

/** Of the steps that have one. */
function mean(values: Float64Array | undefined): number | null {
  const known = values?.filter(Number.isFinite) ?? new Float64Array();
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
}
