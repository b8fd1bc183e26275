import { encoderDefaults, encoderNames, type EncoderName, type RawConfiguration } from '../../../../shared/configuration.ts';
import { withKeys } from './state.ts';

/** The encoders that the wizard offers: what they are good for, and how large they are. */

export type EncoderChoice = EncoderName | 'folder';

export interface EncoderDescription {
  readonly choice: EncoderChoice;
  readonly title: string;
  readonly what: string;
  readonly goodFor: string;
}

export const encoderDescriptions: readonly EncoderDescription[] = [
  {
    choice: 'static',
    title: 'Static',
    what: 'One vector for each word piece, averaged over the text. Word order plays no part.',
    goodFor: 'Comparing losses in a minute, on any machine. Often close to a small transformer on retrieval.',
  },
  {
    choice: 'mini',
    title: 'Mini transformer',
    what: 'A small transformer trained from nothing: words see each other.',
    goodFor: 'Whether a result holds once word order counts, without a GPU.',
  },
  {
    choice: 'distilbert',
    title: 'DistilBERT architecture',
    what: 'Six layers, from random weights. It knows no language before training.',
    goodFor: 'Much data and a GPU. On a CPU a step takes seconds.',
  },
  {
    choice: 'folder',
    title: 'Local folder',
    what: 'Weights of the DistilBERT architecture that lie on this machine.',
    goodFor: 'Fine-tuning a model that already knows the language: the case closest to production.',
  },
];

/** What `encoder` of a configuration chooses; every other text names a folder. */
export function encoderChoiceOf({ encoder = 'static' }: RawConfiguration): EncoderChoice {
  return (encoderNames as readonly string[]).includes(encoder) ? (encoder as EncoderName) : 'folder';
}

/** The architecture that decides the defaults. */
export function encoderKindOf(shared: RawConfiguration): EncoderName {
  const choice = encoderChoiceOf(shared);
  return choice === 'folder' ? 'distilbert' : choice;
}

/** Keys whose values make sense for one encoder only. */
const encoderOwnKeys = ['embed_dim', 'projection_dim', 'n_layers', 'n_heads', 'hidden_dim', 'pooling', 'dropout', 'tokenizer', 'learning_rate'] as const;

/** Another encoder: sizes and rates that were decided for the one before go. `folder` is its path. */
export function withEncoder(shared: RawConfiguration, encoder: string): RawConfiguration {
  if (encoder === (shared.encoder ?? 'static')) return shared;
  return withKeys(shared, { ...Object.fromEntries(encoderOwnKeys.map((key) => [key, undefined])), encoder });
}

/** Another path of the same folder encoder keeps everything else. */
export function withFolder(shared: RawConfiguration, folder: string): RawConfiguration {
  return { ...shared, encoder: folder };
}

/** Trainable numbers with a vocabulary of full size; small data fills less of it. Null for a folder, which decides. */
export function parameterCount(shared: RawConfiguration): number | null {
  const choice = encoderChoiceOf(shared);
  if (choice === 'folder') return null;
  const defaults = encoderDefaults[choice];
  const vocabulary = shared.vocabulary_size ?? 8192;
  const size = shared.embed_dim ?? defaults.embed_dim;
  const projection = shared.projection_dim ?? (choice === 'static' ? size : defaults.projection_dim);
  if (choice === 'static') return vocabulary * (size + 1) + (projection === size ? 0 : linear(size, projection));
  const maxLength = shared.max_length ?? 128;
  const positions = choice === 'distilbert' ? Math.max(512, maxLength) : maxLength;
  const inner = shared.hidden_dim ?? defaults.hidden_dim;
  const norm = 2 * size;
  const layer = 4 * linear(size, size) + linear(size, inner) + linear(inner, size) + 2 * norm;
  return (vocabulary + positions) * size + (shared.n_layers ?? defaults.n_layers) * layer + norm + linear(size, projection);
}

/** Weights and biases. */
function linear(from: number, to: number): number {
  return from * to + to;
}

/** Of model.safetensors: four bytes a number. */
export function weightsBytes(parameters: number): number {
  return 4 * parameters;
}
