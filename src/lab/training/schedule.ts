import type { TrainingConfiguration } from '../../shared/configuration.ts';

/**
 * The learning rate of a step (1 for the first of `steps`). All schedules rise linearly over
 * `warmup_steps`; then `constant` stays, `linear` falls to zero after the last step, `cosine` falls
 * as half a cosine. The rates are those of Hugging Face's schedules of the same names.
 */
export function learningRateAt(step: number, steps: number, configuration: Pick<TrainingConfiguration, 'learning_rate' | 'schedule' | 'warmup_steps'>): number {
  const { learning_rate: peak, schedule, warmup_steps: warmup } = configuration;
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
