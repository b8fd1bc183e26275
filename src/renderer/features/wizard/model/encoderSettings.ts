import type { EncoderDescription } from '../../../../shared/contract/encoders.ts';
import {
  encoderDefaults,
  pretrainedDefaults,
  type EncoderName,
  type RawConfiguration,
} from '../../../../shared/configuration.ts';
import { encoderKindOf, encoderSuits, poolingTitles } from './encoders.ts';
import { number, whole, type Setting } from './settings.ts';

/** The advanced settings of the encoder step: what the encoder that is chosen can be told. */

/** `description`: of weights, once the lab has looked at them. */
export function encoderSettings(
  shared: RawConfiguration,
  description: EncoderDescription | null = null,
): readonly Setting[] {
  const kind = encoderKindOf(shared);
  if (kind === 'pretrained') return pretrainedSettings(shared, description);
  return kind === 'static' ? staticSettings(shared) : transformerSettings(kind, shared);
}

function staticSettings(shared: RawConfiguration): Setting[] {
  const size = shared.embed_dim ?? encoderDefaults.static.embed_dim;
  return [
    number(
      'embed_dim',
      'Size of token vectors',
      'Numbers for each word piece.',
      encoderDefaults.static.embed_dim,
      whole,
    ),
    vocabularySize(),
    number(
      'projection_dim',
      'Size of an embedding',
      'Another size than that of token vectors adds a linear projection.',
      size,
      whole,
    ),
    maxLength(encoderDefaults.static.max_length),
  ];
}

function transformerSettings(name: Exclude<EncoderName, 'static'>, shared: RawConfiguration): Setting[] {
  const defaults = encoderDefaults[name];
  return [
    number('embed_dim', 'Hidden size', 'Numbers for each token; a multiple of the heads.', defaults.embed_dim, whole),
    number('n_layers', 'Layers', 'Blocks of attention and feed-forward.', defaults.n_layers, whole),
    number('n_heads', 'Attention heads', 'Each gets an equal part of the hidden size.', defaults.n_heads, whole),
    number(
      'hidden_dim',
      'Inner size of feed-forward',
      'Usually four times the hidden size.',
      defaults.hidden_dim,
      whole,
    ),
    vocabularySize(),
    number(
      'projection_dim',
      'Size of an embedding',
      'A linear projection brings texts to it.',
      defaults.projection_dim,
      whole,
    ),
    maxLength(defaults.max_length),
    pooling(defaults.pooling, 'How token vectors become one vector for the text.'),
    dropout(shared),
  ];
}

/** Sizes are those of the files. */
function pretrainedSettings(shared: RawConfiguration, description: EncoderDescription | null): Setting[] {
  const own = description?.pooling ?? null;
  return [
    maxLength(Math.min(pretrainedDefaults.max_length, description?.maxLength ?? Infinity), description?.maxLength),
    pooling(
      own ?? 'cls',
      own === null
        ? 'The model does not say how: its first token, unless told otherwise.'
        : 'As the model itself asks for, unless told otherwise.',
    ),
    number(
      'projection_dim',
      'Size of an embedding',
      'A linear projection brings texts to it. Empty: as the model has it; one that was not made for embeddings gets 128 numbers.',
      null,
      whole,
    ),
    dropout(shared),
  ];
}

/** What of weights that have learned before is trained, and how fast; nothing for an encoder without layers. */
export function fineTuningSettings(
  shared: RawConfiguration,
  description: EncoderDescription | null = null,
): readonly Setting[] {
  const kind = encoderKindOf(shared);
  if (kind === 'static') return [];
  const decay = number(
    'layer_decay',
    'Rate of a layer over the one above',
    'Below 1, lower layers, which know the language, change less.',
    1,
    { exclusiveMinimum: true, maximum: 1, step: 0.05 },
  );
  if (kind !== 'pretrained') return [decay];
  return [
    number(
      'freeze_layers',
      'Layers to freeze',
      'So many of the lowest stay as they are: less memory, and less to forget.',
      0,
      { integer: true, maximum: description?.layers ?? null },
    ),
    {
      key: 'freeze_embeddings',
      title: 'Freeze the token vectors',
      help: 'Tables of tokens and positions stay as they are.',
      kind: 'boolean',
      default: false,
    },
    decay,
  ];
}

function vocabularySize(): Setting {
  return number(
    'vocabulary_size',
    'Vocabulary size',
    'Word pieces that the tokenizer learns from the training split, at most.',
    8192,
    { ...whole, minimum: 200, maximum: 200_000, step: 256 },
  );
}

function maxLength(fallback: number, maximum = 8192): Setting {
  return number(
    'max_length',
    'Tokens of a text at most',
    'What is longer is cut off. More costs time and memory.',
    fallback,
    { ...whole, minimum: 8, maximum, step: 8 },
  );
}

function pooling(fallback: 'cls' | 'mean', help: string): Setting {
  const choices = (['mean', 'cls'] as const).map((value) => ({ value, title: poolingTitles[value] }));
  return { key: 'pooling', title: 'Pooling', help, kind: 'choice', default: fallback, choices };
}

function dropout(shared: RawConfiguration): Setting {
  return number(
    'dropout',
    'Dropout',
    'Share of values that are zeroed at random in training, against overfitting.',
    encoderSuits(shared).dropout,
    { maximum: 1, exclusiveMaximum: true, step: 0.05 },
  );
}
