import type { ParameterDescription } from '../../../../shared/contract/contract.ts';
import type { RawConfiguration } from '../../../../shared/configuration.ts';
import { encoderKindOf, encoderSuits } from './encoders.ts';
import { limitedByTime, suggestedBudget, suggestedMinutes } from './suggestions.ts';

/** The settings of each step, described as the parameters of losses are, so that one field shows both. Those of encoders: `encoderSettings.ts`. */

type NumberParameter = Extract<ParameterDescription, { kind: 'number' }>;
/** `default: null`: may be left empty, and then does nothing. */
export type Setting = ParameterDescription | (Omit<NumberParameter, 'default'> & { readonly default: null });

type NumberOptions = Partial<Omit<NumberParameter, 'key' | 'title' | 'help' | 'kind' | 'default'>>;

export function number<Default extends number | null>(
  key: keyof RawConfiguration,
  title: string,
  help: string,
  fallback: Default,
  options: NumberOptions,
): Setting {
  const range = {
    minimum: 0,
    exclusiveMinimum: false,
    maximum: null,
    exclusiveMaximum: false,
    integer: false,
    step: 1,
    ...options,
  };
  return { key, title, help, kind: 'number', default: fallback, ...range };
}

export const whole = { minimum: 1, integer: true } as const;
const share = { exclusiveMinimum: true, maximum: 1, exclusiveMaximum: true, step: 0.05 } as const;

export const dataSettings: readonly Setting[] = [
  number(
    'test_size',
    'Share held back for testing',
    'Questions that no run trains on; every evaluation uses them.',
    0.2,
    share,
  ),
  number('limit', 'Questions at most', 'Only the first so many of the dataset. Empty: all of them.', null, whole),
];

/** How long each run trains, and on how much at once. `max_minutes` ends a run that has epochs left. */
export function lengthSettings(shared: RawConfiguration, questions: number): readonly Setting[] {
  const { epochs, batch_size } = suggestedBudget(shared, questions);
  const batchSize = number(
    'batch_size',
    'Batch size',
    'Questions per step. More questions give in-batch losses more negatives, and cost memory.',
    batch_size,
    { ...whole, minimum: 2 },
  );
  if (!limitedByTime(shared))
    return [
      number('epochs', 'Epochs', 'How often each run goes through the training questions.', epochs, whole),
      batchSize,
    ];
  return [
    number(
      'max_minutes',
      'Minutes for each run',
      'Of training; evaluations come on top. Each run ends when they are used up.',
      suggestedMinutes,
      { exclusiveMinimum: true, step: 1 },
    ),
    number('epochs', 'Epochs at most', 'A run that is through earlier ends there.', epochs, whole),
    batchSize,
  ];
}

export function optimiserSettings(shared: RawConfiguration): readonly Setting[] {
  return [
    number(
      'learning_rate',
      'Learning rate',
      'Peak rate of AdamW. Too high diverges, too low learns nothing.',
      encoderSuits(shared).learning_rate,
      { exclusiveMinimum: true, step: 0.0001 },
    ),
    {
      key: 'schedule',
      title: 'Schedule',
      help: 'What the rate does after the warm-up.',
      kind: 'choice',
      default: 'constant',
      choices: [
        { value: 'constant', title: 'constant' },
        { value: 'linear', title: 'linear to zero' },
        { value: 'cosine', title: 'half a cosine to zero' },
      ],
    },
    number('warmup_steps', 'Warm-up steps', 'Steps over which the rate rises from zero.', 0, { integer: true }),
    number(
      'warmup_ratio',
      'Warm-up share',
      'The same as a share of all steps, in place of their number. 0.1 is usual for pretrained encoders.',
      0,
      { maximum: 1, exclusiveMaximum: true, step: 0.05 },
    ),
    number('weight_decay', 'Weight decay', 'Pulls every weight towards zero a little, each step.', 0.01, {
      step: 0.01,
    }),
    {
      key: 'decay_bias_and_norm',
      title: 'Weight decay of biases and norms, too',
      help: 'On is what PyTorch does unless told otherwise; fine-tuning usually leaves them alone.',
      kind: 'boolean',
      default: true,
    },
    number(
      'max_gradient_norm',
      'Gradient clipping',
      'Longest gradient that a step may follow. Empty: no limit.',
      null,
      { exclusiveMinimum: true, step: 0.5 },
    ),
    ...(encoderKindOf(shared) === 'static'
      ? []
      : [
          number(
            'gradient_cache_batch',
            'Texts in memory at a time',
            'A large batch trains in the memory of so many texts, with the same gradients, for about a third more time. Empty: all of them.',
            null,
            whole,
          ),
        ]),
    {
      key: 'false_negatives',
      title: 'False negatives',
      help: 'What is done about answers of a batch that answer another of its questions, too.',
      kind: 'choice',
      default: 'keep',
      choices: [
        { value: 'keep', title: 'train on them' },
        { value: 'mask', title: 'leave them out of the loss' },
        { value: 'avoid', title: 'make batches in which they do not meet' },
      ],
    },
    number(
      'checkpoint_interval',
      'Epochs between checkpoints',
      'A run that was stopped goes on from its last checkpoint.',
      1,
      whole,
    ),
  ];
}

export const evaluationSettings: readonly Setting[] = [
  number(
    'eval_steps',
    'Evaluate every … steps',
    'Besides the end of each epoch, for finer curves. Empty: only there.',
    null,
    { ...whole, step: 10 },
  ),
  {
    key: 'eval_at_zero',
    title: 'Evaluate the untrained encoder',
    help: 'The baseline: it shows whether training helped at all.',
    kind: 'boolean',
    default: true,
  },
];

/** Why a number is not one that the setting takes; null where it is. */
export function numberProblem(setting: Extract<Setting, { kind: 'number' }>, value: number): string | null {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, integer } = setting;
  if (Number.isNaN(value)) return 'A number is expected.';
  if (integer && !Number.isInteger(value)) return `A whole number is expected; found ${value}.`;
  const tooSmall = exclusiveMinimum ? value <= minimum : value < minimum;
  const tooLarge = maximum !== null && (exclusiveMaximum ? value >= maximum : value > maximum);
  return tooSmall || tooLarge ? `Expected ${rangeInWords(setting)}; found ${value}.` : null;
}

/** "more than 0, less than 1", "1 or more", "8 to 512". */
export function rangeInWords({
  minimum,
  exclusiveMinimum,
  maximum,
  exclusiveMaximum,
}: Extract<Setting, { kind: 'number' }>): string {
  if (maximum !== null && !exclusiveMinimum && !exclusiveMaximum) return `${minimum} to ${maximum}`;
  const from = exclusiveMinimum ? `more than ${minimum}` : `${minimum} or more`;
  if (maximum === null) return from;
  return `${from}, ${exclusiveMaximum ? `less than ${maximum}` : `${maximum} at most`}`;
}

/** The whole numbers from 1 on in a text like "256, 128, 64"; null where it holds anything else, or nothing. */
export function numbersIn(text: string): number[] | null {
  return /^\s*[1-9]\d*(\s*,\s*[1-9]\d*)*\s*$/.test(text) ? text.split(',').map(Number) : null;
}
