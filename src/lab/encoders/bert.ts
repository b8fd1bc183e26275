import { z } from 'zod';
import type { Encoder } from './encoder.ts';
import { postNormTransformer, type LayerNames } from './postNormTransformer.ts';
import { ownConfig, type TransformerSettings } from './transformer.ts';
import { dividing, layers, only, own, size, type ConfigSchema } from './configSchema.ts';

export interface BertSettings extends TransformerSettings {
  /** Rows of the table of token types; a single text has type 0. */
  readonly tokenTypes: number;
  /** Of layer normalisation. */
  readonly epsilon: number;
}

/**
 * BERT (Devlin et al. 2019) under its Hugging Face parameter names, without the pooler, which was trained to predict
 * whether one sentence follows another; then pooling and a linear projection. MiniLM (Wang et al. 2020) is a BERT with
 * other sizes.
 */
export function bert(settings: BertSettings): Encoder {
  const { tokenTypes, epsilon } = settings;
  return postNormTransformer({ names: layerNames, tokenTypes, epsilon, dropoutAfterAttention: true }, settings, {
    model_type: 'bert',
    architectures: ['BertModel'],
    vocab_size: settings.vocabularySize,
    max_position_embeddings: settings.maxPositions,
    type_vocab_size: tokenTypes,
    hidden_size: settings.size,
    num_hidden_layers: settings.layers,
    num_attention_heads: settings.heads,
    intermediate_size: settings.innerSize,
    hidden_act: 'gelu',
    hidden_dropout_prob: settings.dropout,
    attention_probs_dropout_prob: settings.dropout,
    layer_norm_eps: epsilon,
    position_embedding_type: 'absolute',
    pad_token_id: settings.padId,
    ...ownConfig('bert', settings),
  });
}

function layerNames(layer: number): LayerNames {
  const name = `encoder.layer.${layer}`;
  return {
    query: `${name}.attention.self.query`,
    key: `${name}.attention.self.key`,
    value: `${name}.attention.self.value`,
    output: `${name}.attention.output.dense`,
    attentionNorm: `${name}.attention.output.LayerNorm`,
    inner: `${name}.intermediate.dense`,
    outer: `${name}.output.dense`,
    outputNorm: `${name}.output.LayerNorm`,
  };
}

export const bertConfig: ConfigSchema = z
  .object({
    vocab_size: size,
    max_position_embeddings: size,
    type_vocab_size: size.default(2),
    hidden_size: size,
    num_hidden_layers: layers,
    num_attention_heads: size,
    intermediate_size: size,
    hidden_act: only('gelu'),
    layer_norm_eps: z.number().positive().max(1).default(1e-12),
    position_embedding_type: only('absolute'),
    is_decoder: only(false),
    losslab: own,
  })
  .refine(
    ({ hidden_size, num_attention_heads }) => hidden_size % num_attention_heads === 0,
    dividing('num_attention_heads', 'hidden_size'),
  )
  .transform((config) => ({
    vocabularySize: config.vocab_size,
    maxPositions: config.max_position_embeddings,
    size: config.hidden_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    innerSize: config.intermediate_size,
    own: config.losslab,
    encoder: (settings: TransformerSettings) =>
      bert({ ...settings, tokenTypes: config.type_vocab_size, epsilon: config.layer_norm_eps }),
  }));
