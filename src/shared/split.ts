/** Splits of a run's questions for evaluation. */
export const evaluatedSplits = ['validation', 'test'] as const;
export type EvaluatedSplit = (typeof evaluatedSplits)[number];
