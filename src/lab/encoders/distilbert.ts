import type { Encoder } from './encoder.ts';
import { postNormTransformer, type LayerNames } from './postNormTransformer.ts';
import { ownConfig, type TransformerSettings } from './transformer.ts';
import { dividing, headsDivideSize, only, sizesConfig, sizesOf, type ConfigSchema } from './configSchema.ts';

/** DistilBERT (Sanh et al. 2019) under its Hugging Face parameter names, then pooling and a linear projection. */
export function distilbert(settings: TransformerSettings): Encoder {
  return postNormTransformer(
    { names: layerNames, tokenTypes: 0, epsilon: 1e-12, dropoutAfterAttention: false },
    settings,
    {
      model_type: 'distilbert',
      architectures: ['DistilBertModel'],
      vocab_size: settings.vocabularySize,
      max_position_embeddings: settings.maxPositions,
      dim: settings.size,
      n_layers: settings.layers,
      n_heads: settings.heads,
      hidden_dim: settings.innerSize,
      activation: 'gelu',
      dropout: settings.dropout,
      attention_dropout: settings.dropout,
      sinusoidal_pos_embds: false,
      pad_token_id: settings.padId,
      ...ownConfig('distilbert', settings),
    },
  );
}

function layerNames(layer: number): LayerNames {
  const name = `transformer.layer.${layer}`;
  return {
    query: `${name}.attention.q_lin`,
    key: `${name}.attention.k_lin`,
    value: `${name}.attention.v_lin`,
    output: `${name}.attention.out_lin`,
    attentionNorm: `${name}.sa_layer_norm`,
    inner: `${name}.ffn.lin1`,
    outer: `${name}.ffn.lin2`,
    outputNorm: `${name}.output_layer_norm`,
  };
}

export const distilbertConfig: ConfigSchema = sizesConfig
  .extend({ activation: only('gelu') })
  .refine(headsDivideSize, dividing('n_heads', 'dim'))
  .transform((config) => ({ ...sizesOf(config), encoder: distilbert }));
