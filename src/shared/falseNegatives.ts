/**
 * What is done about false negatives: texts that a loss would push away from a question although
 * they answer it. `keep` trains on them, `mask` leaves them out of the loss, `avoid` makes batches
 * in which they do not meet.
 */
export const falseNegativePolicies = ['keep', 'mask', 'avoid'] as const;
export type FalseNegativePolicy = (typeof falseNegativePolicies)[number];
