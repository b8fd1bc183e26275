/** Architectures with random weights; any other `encoder` names weights: a folder, or `hf:repository@revision`. */

interface UntrainedEncoder {
  /** For tables and screens. */
  readonly title: string;
  readonly what: string;
  readonly goodFor: string;
  /** Layers in which tokens see each other. */
  readonly hasLayers: boolean;
  /** Rows of its table of positions, even if texts are shorter. */
  readonly leastPositions: number;
  readonly defaults: {
    readonly embed_dim: number;
    readonly n_layers: number;
    readonly n_heads: number;
    readonly hidden_dim: number;
    readonly projection_dim: number;
    readonly max_length: number;
    readonly pooling: 'cls' | 'mean';
    readonly dropout: number;
    readonly learning_rate: number;
  };
}

/** If the original names a default for DistilBERT, it is kept; the others were tried on real sites. */
export const untrainedEncoders = {
  static: {
    title: 'Static',
    what: 'One vector for each word piece, averaged over the text. It ignores word order.',
    goodFor: 'Comparing losses in a minute, on any machine. Often close to a small transformer on retrieval.',
    hasLayers: false,
    leastPositions: 0,
    defaults: {
      embed_dim: 1024,
      n_layers: 0,
      n_heads: 0,
      hidden_dim: 0,
      projection_dim: 1024,
      max_length: 512,
      pooling: 'mean',
      dropout: 0,
      learning_rate: 0.001,
    },
  },
  mini: {
    title: 'Mini transformer',
    what: 'A small transformer with random initial weights. Attention connects the words.',
    goodFor: 'Checking a result with an encoder that uses word order, without a GPU.',
    hasLayers: true,
    leastPositions: 0,
    defaults: {
      embed_dim: 128,
      n_layers: 2,
      n_heads: 4,
      hidden_dim: 512,
      projection_dim: 128,
      max_length: 128,
      pooling: 'mean',
      dropout: 0,
      learning_rate: 0.0005,
    },
  },
  distilbert: {
    title: 'DistilBERT architecture',
    what: 'Six layers with random initial weights. It does not know any language before training.',
    goodFor: 'Large datasets and a GPU. On a CPU, a step takes seconds.',
    hasLayers: true,
    leastPositions: 512,
    defaults: {
      embed_dim: 768,
      n_layers: 6,
      n_heads: 12,
      hidden_dim: 3072,
      projection_dim: 128,
      max_length: 128,
      pooling: 'cls',
      dropout: 0.1,
      learning_rate: 0.00002,
    },
  },
} satisfies Readonly<Record<string, UntrainedEncoder>>;

export type EncoderName = keyof typeof untrainedEncoders;
export const encoderNames = Object.keys(untrainedEncoders) as EncoderName[];

/** Those in which tokens see each other. */
export const encodersWithLayers = encoderNames.filter((name) => untrainedEncoders[name].hasLayers);

/** The default of a key for each of them. */
export function perEncoder<Key extends keyof UntrainedEncoder['defaults']>(
  key: Key,
): Record<EncoderName, UntrainedEncoder['defaults'][Key]> {
  const defaults = encoderNames.map((name) => [name, (untrainedEncoders[name] as UntrainedEncoder).defaults[key]]);
  return Object.fromEntries(defaults) as Record<EncoderName, UntrainedEncoder['defaults'][Key]>;
}
