/** What the scripted training process does, known to who measures it. */

export const longRuns = 20;
/** Of each run, before it is gone on with. */
export const longSteps = 10_000;
/** The first steps come one by one. */
export const singleSteps = 40;
/** Between the steps after those: twice as many as changes are sent. */
export const quickMilliseconds = 50;
/** Until the screen has drawn that training goes on. */
export const settlingMilliseconds = 2500;
/** The batch metric that says when a step was sent. */
export const sentMetric = 'sent';
