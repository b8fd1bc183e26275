import { add, gelu } from '../graph/operators/elementwise.ts';
import type { Encoder, ParameterSpecification } from './encoder.ts';
import { inLayer, layerNorm as layerNormParameters, linear, normal } from './initialisation.ts';
import { attention, embedTokens, firstTokens, layerNorm, linearLayer, meanOfTokens } from './layers.ts';
import { feedTokens } from './tokenRows.ts';
import { dimensionOf, embeddingsOf, ownConfig, projectionParameters, type TransformerSettings } from './transformer.ts';
import { dividing, headsDivideSize, sizesConfig, sizesOf, type ConfigSchema } from './configSchema.ts';

const epsilon = 1e-5;

/**
 * A small transformer for training from random weights. Layer normalisation comes before each block (Xiong et al.
 * 2020), so that it trains without warm-up. Initial weights of blocks that write to the residual stream are smaller by
 * √(2 · layers), as in GPT-2.
 */
export function mini(settings: TransformerSettings): Encoder {
  const { layers, heads, pooling, padId } = settings;
  return {
    dimension: dimensionOf(settings),
    parameters: parametersOf(settings),
    feed: feedTokens,
    build: (graph, parameter, dropout) => {
      const dropped = (x: ReturnType<typeof parameter>) => dropout?.apply(x) ?? x;
      let x = dropped(
        embedTokens(graph, parameter('embeddings.words.weight'), parameter('embeddings.positions.weight')),
      );
      for (let layer = 0; layer < layers; layer++) {
        const name = `layers.${layer}`;
        const part = (suffix: string) => `${name}.attention.${suffix}`;
        const names = { query: part('query'), key: part('key'), value: part('value'), output: part('output') };
        const normalised = layerNorm(x, parameter, `${name}.attention_norm`, epsilon);
        x = add(x, dropped(attention(normalised, parameter, names, heads, dropout)));
        const inner = gelu(
          linearLayer(
            layerNorm(x, parameter, `${name}.feed_forward_norm`, epsilon),
            parameter,
            `${name}.feed_forward.inner`,
          ),
        );
        x = add(x, dropped(linearLayer(inner, parameter, `${name}.feed_forward.output`)));
      }
      const final = layerNorm(pooling === 'cls' ? firstTokens(x) : x, parameter, 'final_norm', epsilon);
      return embeddingsOf(pooling === 'cls' ? final : meanOfTokens(final), parameter, settings);
    },
    config: {
      model_type: 'losslab-mini',
      vocab_size: settings.vocabularySize,
      max_position_embeddings: settings.maxPositions,
      dim: settings.size,
      n_layers: layers,
      n_heads: heads,
      hidden_dim: settings.innerSize,
      dropout: settings.dropout,
      pad_token_id: padId,
      ...ownConfig('mini', settings),
    },
  };
}

function parametersOf(settings: TransformerSettings): ParameterSpecification[] {
  const { vocabularySize, maxPositions, size, layers, innerSize } = settings;
  const residual = 0.02 / Math.sqrt(2 * layers);
  const layerParameters = (layer: number): ParameterSpecification[] => {
    const name = `layers.${layer}`;
    return inLayer(layer, [
      ...layerNormParameters(`${name}.attention_norm`, size),
      ...['query', 'key', 'value'].flatMap((part) => linear(`${name}.attention.${part}`, size, size)),
      ...linear(`${name}.attention.output`, size, size, residual),
      ...layerNormParameters(`${name}.feed_forward_norm`, size),
      ...linear(`${name}.feed_forward.inner`, innerSize, size),
      ...linear(`${name}.feed_forward.output`, size, innerSize, residual),
    ]);
  };
  return [
    ...inLayer('embeddings', [
      normal('embeddings.words.weight', [vocabularySize, size], 0.02),
      normal('embeddings.positions.weight', [maxPositions, size], 0.02),
    ]),
    ...Array.from({ length: layers }, (_, layer) => layerParameters(layer)).flat(),
    ...inLayer('head', layerNormParameters('final_norm', size)),
    ...projectionParameters(settings),
  ];
}

/** The `config.json` of a finished run. */
export const miniConfig: ConfigSchema = sizesConfig
  .refine(headsDivideSize, dividing('n_heads', 'dim'))
  .transform((config) => ({ ...sizesOf(config), encoder: mini }));
