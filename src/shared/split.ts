/** Parts of a run's questions that its encoder can be evaluated on. */
export const evaluatedSplits = ['validation', 'test'] as const;
export type EvaluatedSplit = (typeof evaluatedSplits)[number];
