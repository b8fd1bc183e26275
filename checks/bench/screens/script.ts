/** The script of the training process, shared with the measurement. */

export const longRuns = 20;
/** Steps of each run before it is resumed. */
export const longSteps = 10_000;
/** The first steps come one by one. */
export const singleSteps = 40;
/** Between the steps after those: twice as many as changes are sent. */
export const quickMilliseconds = 50;
/** Pause until the screen shows that training continues. */
export const settlingMilliseconds = 2500;
/** The batch metric with the time at which a step was sent. */
export const sentMetric = 'sent';
