import type { Tensor } from '../graph/graph.ts';
import { add, gelu } from '../graph/operators/elementwise.ts';
import type { Encoder, ParameterSpecification } from './encoder.ts';
import { inLayer, layerNorm as layerNormParameters, linear, normal } from './initialisation.ts';
import {
  attention,
  embedTokens,
  firstTokenAttention,
  firstTokens,
  layerNorm,
  linearLayer,
  meanOfTokens,
  type AttentionNames,
} from './layers.ts';
import { feedTokens } from './tokenRows.ts';
import { dimensionOf, embeddingsOf, projectionParameters, type TransformerSettings } from './transformer.ts';

/** Differences between the members of BERT's family: names, and two details. */
export interface PostNormArchitecture {
  /** Names of the parts of a layer, counted from 0. */
  readonly names: (layer: number) => LayerNames;
  /** Rows of a table of token types; a single text uses the first. 0 if there is no table. */
  readonly tokenTypes: number;
  /** Of layer normalisation. */
  readonly epsilon: number;
  /** BERT has dropout after attention, DistilBERT does not. */
  readonly dropoutAfterAttention: boolean;
}

export interface LayerNames extends AttentionNames {
  readonly attentionNorm: string;
  readonly inner: string;
  readonly outer: string;
  readonly outputNorm: string;
}

const words = 'embeddings.word_embeddings.weight';
const positions = 'embeddings.position_embeddings.weight';
const types = 'embeddings.token_type_embeddings.weight';
const embeddingNorm = 'embeddings.LayerNorm';

/**
 * A transformer with layer normalisation after each block (Devlin et al. 2019), then pooling and a
 * linear projection. With `cls` pooling the last layer is computed for the first token of each text
 * only, because nothing reads the other rows.
 */
export function postNormTransformer(
  architecture: PostNormArchitecture,
  settings: TransformerSettings,
  config: Encoder['config'],
): Encoder {
  const { layers, heads, pooling } = settings;
  const { names, tokenTypes, epsilon, dropoutAfterAttention } = architecture;
  return {
    dimension: dimensionOf(settings),
    parameters: parametersOf(architecture, settings),
    feed: feedTokens,
    build: (graph, parameter, dropout) => {
      const dropped = (x: Tensor): Tensor => dropout?.apply(x) ?? x;
      const embedded = embedTokens(
        graph,
        parameter(words),
        parameter(positions),
        tokenTypes > 0 ? parameter(types) : undefined,
      );
      let x = dropped(layerNorm(embedded, parameter, embeddingNorm, epsilon));
      for (let layer = 0; layer < layers; layer++) {
        const name = names(layer);
        const onlyFirst = layer === layers - 1 && pooling === 'cls';
        const rows = onlyFirst ? firstTokens(x) : x;
        const context = onlyFirst
          ? firstTokenAttention(rows, x, parameter, name, heads, dropout)
          : attention(x, parameter, name, heads, dropout);
        const attended = layerNorm(
          add(dropoutAfterAttention ? dropped(context) : context, rows),
          parameter,
          name.attentionNorm,
          epsilon,
        );
        const inner = gelu(linearLayer(attended, parameter, name.inner));
        x = layerNorm(
          add(dropped(linearLayer(inner, parameter, name.outer)), attended),
          parameter,
          name.outputNorm,
          epsilon,
        );
      }
      return embeddingsOf(pooling === 'cls' ? x : meanOfTokens(x), parameter, settings);
    },
    config,
  };
}

function parametersOf(
  { names, tokenTypes }: PostNormArchitecture,
  settings: TransformerSettings,
): ParameterSpecification[] {
  const { vocabularySize, maxPositions, size, layers, innerSize } = settings;
  const table = (name: string, rows: number) => normal(name, [rows, size], 0.02);
  const layerParameters = (layer: number): ParameterSpecification[] => {
    const name = names(layer);
    return inLayer(layer, [
      ...[name.query, name.key, name.value, name.output].flatMap((part) => linear(part, size, size)),
      ...layerNormParameters(name.attentionNorm, size),
      ...linear(name.inner, innerSize, size),
      ...linear(name.outer, size, innerSize),
      ...layerNormParameters(name.outputNorm, size),
    ]);
  };
  return [
    ...inLayer('embeddings', [
      table(words, vocabularySize),
      table(positions, maxPositions),
      ...(tokenTypes > 0 ? [table(types, tokenTypes)] : []),
      ...layerNormParameters(embeddingNorm, size),
    ]),
    ...Array.from({ length: layers }, (_, layer) => layerParameters(layer)).flat(),
    ...projectionParameters(settings),
  ];
}
