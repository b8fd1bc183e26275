import { encoderKindOf, type EncoderKind, type RawConfiguration } from '../../../../shared/configuration.ts';

/** For a budget in minutes: what each run gets, and so many epochs that the minutes decide. */
export const suggestedMinutes = 5;
const epochsForMinutes = 100;

export function limitedByTime(shared: RawConfiguration): boolean {
  return typeof shared.max_minutes === 'number';
}

/**
 * A budget that suits data and encoder, for the keys that nobody has decided: enough steps for the
 * losses to come apart, and few enough to wait for.
 */
export function suggestedBudget(
  shared: RawConfiguration,
  questions: number,
): { readonly epochs: number; readonly batch_size: number } {
  const suggested = byEncoder(encoderKindOf(shared), questions);
  return limitedByTime(shared) ? { ...suggested, epochs: epochsForMinutes } : suggested;
}

function byEncoder(kind: EncoderKind, questions: number): { readonly epochs: number; readonly batch_size: number } {
  if (kind === 'static') return { epochs: 5, batch_size: questions < 5_000 ? 32 : 64 };
  return kind === 'mini' ? { epochs: 3, batch_size: 32 } : { epochs: 1, batch_size: 16 };
}

/** What all runs share: suggestions, and over them what was decided. */
export function decidedOrSuggested(shared: RawConfiguration, questions: number): RawConfiguration {
  return { ...suggestedBudget(shared, questions), ...shared };
}
