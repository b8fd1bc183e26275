import type { TrainingConfiguration } from '../../shared/configuration.ts';

export type ScheduleConfiguration = Pick<
  TrainingConfiguration,
  'learning_rate' | 'schedule' | 'warmup_steps' | 'warmup_ratio'
>;

/**
 * The learning rate of a step (1 for the first of `steps`). All schedules rise linearly over the
 * warm-up; then `constant` stays, `linear` falls to zero after the last step, `cosine` falls as half
 * a cosine. The rates are those of Hugging Face's schedules of the same names.
 */
export function learningRateAt(step: number, steps: number, configuration: ScheduleConfiguration): number {
  const { learning_rate: peak, schedule } = configuration;
  const warmup = warmupSteps(steps, configuration);
  const done = step - 1;
  if (done < warmup) return (peak * done) / warmup;
  const progress = (done - warmup) / Math.max(1, steps - warmup);
  switch (schedule) {
    case 'constant':
      return peak;
    case 'linear':
      return peak * Math.max(0, 1 - progress);
    case 'cosine':
      return peak * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
  }
}

/** A share of the steps is rounded up, as in Hugging Face's trainer. */
function warmupSteps(steps: number, configuration: ScheduleConfiguration): number {
  const { warmup_ratio, warmup_steps } = configuration;
  return warmup_ratio > 0 ? Math.ceil(warmup_ratio * steps) : warmup_steps;
}
