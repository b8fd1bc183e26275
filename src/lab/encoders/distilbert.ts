import { gelu, add } from '../graph/operators/elementwise.ts';
import { l2Normalise } from '../graph/operators/normalisation.ts';
import type { Encoder, ParameterSpecification } from './encoder.ts';
import { layerNorm as layerNormParameters, linear, normal, uniformLinear } from './initialisation.ts';
import { attention, embedTokens, feedPadded, firstTokenAttention, firstTokens, layerNorm, linearLayer, meanOfTokens } from './layers.ts';

export interface TransformerSettings {
  readonly vocabularySize: number;
  readonly maxPositions: number;
  /** Hidden size (`dim`). */
  readonly size: number;
  readonly layers: number;
  readonly heads: number;
  /** Inner size of the feed-forward blocks (`hidden_dim`). */
  readonly innerSize: number;
  readonly projection: number;
  readonly pooling: 'cls' | 'mean';
  readonly padId: number;
  readonly dropout: number;
}

const epsilon = 1e-12;

/**
 * DistilBERT (Sanh et al. 2019) under its Hugging Face parameter names, then a linear projection.
 * With `cls` pooling the last layer is computed for the first token of each text only: nothing reads
 * the other rows.
 */
export function distilbert(settings: TransformerSettings): Encoder {
  const { size, layers, heads, innerSize, projection, pooling, padId, maxPositions, vocabularySize } = settings;
  return {
    dimension: projection,
    parameters: parametersOf(settings),
    feed: (texts) => feedPadded(texts, padId),
    build: (graph, parameter, dropout) => {
      const dropped = (x: ReturnType<typeof parameter>) => dropout?.apply(x) ?? x;
      const embedded = embedTokens(graph, parameter('embeddings.word_embeddings.weight'), parameter('embeddings.position_embeddings.weight'));
      let x = dropped(layerNorm(embedded, parameter, 'embeddings.LayerNorm', epsilon));
      for (let layer = 0; layer < layers; layer++) {
        const name = `transformer.layer.${layer}`;
        const part = (suffix: string) => `${name}.attention.${suffix}_lin`;
        const names = { query: part('q'), key: part('k'), value: part('v'), output: part('out') };
        const onlyFirst = layer === layers - 1 && pooling === 'cls';
        const rows = onlyFirst ? firstTokens(x) : x;
        const context = onlyFirst ? firstTokenAttention(rows, x, parameter, names, heads, dropout) : attention(x, parameter, names, heads, dropout);
        const attended = layerNorm(add(context, rows), parameter, `${name}.sa_layer_norm`, epsilon);
        const inner = gelu(linearLayer(attended, parameter, `${name}.ffn.lin1`));
        const fed = dropped(linearLayer(inner, parameter, `${name}.ffn.lin2`));
        x = layerNorm(add(fed, attended), parameter, `${name}.output_layer_norm`, epsilon);
      }
      const pooled = pooling === 'cls' ? x : meanOfTokens(x);
      return l2Normalise(linearLayer(pooled, parameter, 'projection'));
    },
    config: {
      model_type: 'distilbert',
      architectures: ['DistilBertModel'],
      vocab_size: vocabularySize,
      max_position_embeddings: maxPositions,
      dim: size,
      n_layers: layers,
      n_heads: heads,
      hidden_dim: innerSize,
      activation: 'gelu',
      dropout: settings.dropout,
      attention_dropout: settings.dropout,
      sinusoidal_pos_embds: false,
      pad_token_id: padId,
      losslab: { encoder: 'distilbert', pooling, projection_dim: projection },
    },
  };
}

function parametersOf({ vocabularySize, maxPositions, size, layers, innerSize, projection }: TransformerSettings): ParameterSpecification[] {
  const layer = (name: string): ParameterSpecification[] => [
    ...['q_lin', 'k_lin', 'v_lin', 'out_lin'].flatMap((part) => linear(`${name}.attention.${part}`, size, size)),
    ...layerNormParameters(`${name}.sa_layer_norm`, size),
    ...linear(`${name}.ffn.lin1`, innerSize, size),
    ...linear(`${name}.ffn.lin2`, size, innerSize),
    ...layerNormParameters(`${name}.output_layer_norm`, size),
  ];
  return [
    normal('embeddings.word_embeddings.weight', [vocabularySize, size], 0.02),
    normal('embeddings.position_embeddings.weight', [maxPositions, size], 0.02),
    ...layerNormParameters('embeddings.LayerNorm', size),
    ...Array.from({ length: layers }, (_, i) => layer(`transformer.layer.${i}`)).flat(),
    ...uniformLinear('projection', projection, size),
  ];
}
