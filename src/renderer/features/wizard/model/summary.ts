import { resolveConfiguration, type EncoderConfiguration } from '../../../../shared/configuration.ts';
import type { ExperimentDraft } from '../../../../shared/contract/experiments.ts';
import { formatAmount } from '../../../../shared/format.ts';
import { untrainedEncoders } from '../../../../shared/configuration/untrainedEncoders.ts';
import { recipeName } from './recipes.ts';
import type { StepName } from './state.ts';

export interface SummaryRow {
  readonly step: StepName;
  readonly title: string;
  readonly text: string;
}

/** A draft in a few lines, each with the step that decides it. */
export function summaryOf(draft: ExperimentDraft): SummaryRow[] {
  const { encoder, training, test_size, limit } = resolveConfiguration({ ...draft.shared, ...draft.recipes[0] });
  const minutes =
    training.max_minutes === null
      ? ''
      : `${training.max_minutes} ${training.max_minutes === 1 ? 'minute' : 'minutes'} for each run, `;
  return [
    {
      step: 'data',
      title: 'Data',
      text: `${draft.dataset}${limit === null ? '' : `, first ${formatAmount(limit, 'question')}`}; ${Math.round(test_size * 100)}% held back for testing`,
    },
    { step: 'encoder', title: 'Encoder', text: encoderInWords(encoder) },
    {
      step: 'losses',
      title: draft.recipes.length === 1 ? 'Loss' : `${draft.recipes.length} losses`,
      text: draft.recipes.map((recipe) => recipeName(recipe)).join(', '),
    },
    {
      step: 'budget',
      title: 'Budget',
      text: `${minutes}${formatAmount(training.epochs, 'epoch')}${minutes ? ' at most' : ''}, batches of ${formatAmount(training.batch_size, 'question')}, learning rate ${training.learning_rate}; device ${training.device}`,
    },
    { step: 'budget', title: draft.seeds.length === 1 ? 'Seed' : 'Seeds', text: draft.seeds.join(', ') },
  ];
}

/** Of weights from files, what is decided by them is not said again. */
function encoderInWords(encoder: EncoderConfiguration): string {
  const length = `texts of at most ${encoder.max_length} tokens`;
  if (encoder.kind === 'pretrained')
    return `${encoder.source}; ${encoder.projection_dim == null ? '' : `embeddings of ${encoder.projection_dim} numbers, `}${length}`;
  const { title } = untrainedEncoders[encoder.kind];
  return `${title}; embeddings of ${encoder.projection_dim ?? encoder.embed_dim} numbers, ${length}`;
}
