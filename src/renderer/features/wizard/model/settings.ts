import type { RawConfiguration } from '../../../../shared/configuration.ts';
import { encoderKindOf } from '../../../../shared/configuration.ts';
import { fieldOf, fieldsOfGroup, type Field } from '../../../../shared/configuration/field.ts';
import { limitedByTime, suggestedBudget, suggestedMinutes } from './suggestions.ts';

/** The fields of each step, from the table of configuration keys. Those of encoders: `encoderSettings.ts`. */

export type NumberField = Extract<Field, { kind: 'number' }>;

/** They are the same for every encoder. */
export const dataSettings: readonly Field[] = fieldsOfGroup('data', 'static');
export const evaluationSettings: readonly Field[] = fieldsOfGroup('evaluation', 'static');

/** How long each run trains, and on how much at once. `max_minutes` ends a run that has epochs left. */
export function lengthSettings(shared: RawConfiguration, questions: number): readonly Field[] {
  const suggested = suggestedBudget(shared, questions);
  const batchSize = fieldOf('batch_size', suggested.batch_size);
  const epochs = fieldOf('epochs', suggested.epochs);
  if (!limitedByTime(shared)) return [epochs, batchSize];
  return [
    fieldOf('max_minutes', suggestedMinutes),
    {
      ...epochs,
      title: 'Maximum number of epochs',
      help: 'A run that completes them before the time limit ends there.',
    },
    batchSize,
  ];
}

export function optimiserSettings(shared: RawConfiguration): readonly Field[] {
  return fieldsOfGroup('training', encoderKindOf(shared));
}

/** Why a number is not one that the setting takes; null where it is. */
export function numberProblem(field: NumberField, value: number): string | null {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, integer } = field;
  if (Number.isNaN(value)) return 'Expected a number.';
  if (integer && !Number.isInteger(value)) return `Expected a whole number; found ${value}.`;
  const tooSmall = exclusiveMinimum ? value <= minimum : value < minimum;
  const tooLarge = maximum !== null && (exclusiveMaximum ? value >= maximum : value > maximum);
  return tooSmall || tooLarge ? `Expected ${rangeInWords(field)}; found ${value}.` : null;
}

/** "more than 0, less than 1", "1 or more", "8 to 512". */
export function rangeInWords({ minimum, exclusiveMinimum, maximum, exclusiveMaximum }: NumberField): string {
  if (maximum !== null && !exclusiveMinimum && !exclusiveMaximum) return `${minimum} to ${maximum}`;
  const from = exclusiveMinimum ? `more than ${minimum}` : `${minimum} or more`;
  if (maximum === null) return from;
  return `${from}, ${exclusiveMaximum ? `less than ${maximum}` : `${maximum} at most`}`;
}

/** The whole numbers from 1 on in a text like "256, 128, 64"; null where it holds anything else, or nothing. */
export function numbersIn(text: string): number[] | null {
  return /^\s*[1-9]\d*(\s*,\s*[1-9]\d*)*\s*$/.test(text) ? text.split(',').map(Number) : null;
}
