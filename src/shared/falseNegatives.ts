/**
 * How false negatives are handled: texts that a loss would push away from a question although they answer it. `keep`
 * trains on them, `mask` excludes them from the loss, `avoid` makes batches without them.
 */
export const falseNegativePolicies = ['keep', 'mask', 'avoid'] as const;
export type FalseNegativePolicy = (typeof falseNegativePolicies)[number];
