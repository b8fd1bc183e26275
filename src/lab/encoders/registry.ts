import type { EncoderConfiguration, EncoderName, UntrainedConfiguration } from '../../shared/configuration.ts';
import { untrainedEncoders } from '../../shared/configuration/untrainedEncoders.ts';
import { bertConfig } from './bert.ts';
import type { ConfigSchema } from './configSchema.ts';
import { distilbert, distilbertConfig } from './distilbert.ts';
import type { Encoder, Vocabulary } from './encoder.ts';
import { mini, miniConfig } from './mini.ts';
import { staticEncoder } from './static.ts';
import type { TransformerSettings } from './transformer.ts';

/** Every architecture: by its name in a configuration, for random weights, and by its `model_type`, for weights from files. */

const untrained: Readonly<
  Record<EncoderName, (configuration: UntrainedConfiguration, vocabulary: Vocabulary) => Encoder>
> = {
  static: (configuration, vocabulary) =>
    staticEncoder({
      vocabularySize: vocabulary.size,
      size: configuration.embed_dim,
      projection: configuration.projection_dim ?? configuration.embed_dim,
      specialIds: vocabulary.specialIds,
      tokenWeights: vocabulary.tokenWeights(),
    }),
  mini: (configuration, vocabulary) => mini(transformerSettings(configuration, vocabulary)),
  distilbert: (configuration, vocabulary) => distilbert(transformerSettings(configuration, vocabulary)),
};

/** `losslab-mini` is the result of a run with the encoder `mini`. */
export const architectures: ReadonlyMap<string, ConfigSchema> = new Map([
  ['bert', bertConfig],
  ['distilbert', distilbertConfig],
  ['losslab-mini', miniConfig],
]);

/** An architecture of LossLab, without weights. */
export function encoderOf(configuration: EncoderConfiguration, vocabulary: Vocabulary): Encoder {
  if (configuration.kind === 'pretrained')
    throw new Error(`The architecture of ${configuration.source} is in its files.`);
  return untrained[configuration.kind](configuration, vocabulary);
}

function transformerSettings(configuration: UntrainedConfiguration, vocabulary: Vocabulary): TransformerSettings {
  const { leastPositions } = untrainedEncoders[configuration.kind];
  return {
    vocabularySize: vocabulary.size,
    maxPositions: Math.max(leastPositions, configuration.max_length),
    size: configuration.embed_dim,
    layers: configuration.n_layers,
    heads: configuration.n_heads,
    innerSize: configuration.hidden_dim,
    projection: configuration.projection_dim,
    pooling: configuration.pooling,
    padId: vocabulary.padId,
    dropout: configuration.dropout,
  };
}
