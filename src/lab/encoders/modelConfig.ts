import { z } from 'zod';
import { LabError } from '../../shared/errors.ts';
import { bert } from './bert.ts';
import { distilbert } from './distilbert.ts';
import type { Encoder } from './encoder.ts';
import { mini } from './mini.ts';
import type { TransformerSettings } from './transformer.ts';
import { safeParse } from '../../shared/safeParse.ts';

/** What a `config.json` says about the weights beside it. */
export interface ModelConfig {
  /** Its `model_type`. */
  readonly architecture: string;
  readonly vocabularySize: number;
  readonly maxPositions: number;
  readonly size: number;
  readonly layers: number;
  readonly heads: number;
  readonly innerSize: number;
  /** Pooling and projection of a model that LossLab has written; null for other models. */
  readonly own: { readonly pooling: 'cls' | 'mean' } | null;
  readonly encoder: (settings: TransformerSettings) => Encoder;
}

/** No model has larger sizes; they would fill the memory with names alone. */
const size = z
  .int()
  .min(1)
  .max(2 ** 20);
const layers = z.int().min(1).max(1000);
const own = z
  .object({ pooling: z.enum(['cls', 'mean']) })
  .nullable()
  .default(null);

function only<Value extends string | boolean>(value: Value): z.ZodDefault<z.ZodLiteral<Value>> {
  return z
    .literal(value, {
      error: ({ input }) => `${JSON.stringify(input)} is not supported; expected ${JSON.stringify(value)}`,
    })
    .default(value as never);
}

function dividing(heads: string, whole: string): { path: string[]; error: string } {
  return { path: [heads], error: `must divide ${whole}` };
}

const distilbertConfig = z
  .object({
    vocab_size: size,
    max_position_embeddings: size,
    dim: size,
    n_layers: layers,
    n_heads: size,
    hidden_dim: size,
    activation: only('gelu'),
    losslab: own,
  })
  .refine(({ dim, n_heads }) => dim % n_heads === 0, dividing('n_heads', 'dim'))
  .transform((config) => ({ ...transformerSizes(config), own: config.losslab, encoder: distilbert }));

const miniConfig = z
  .object({
    vocab_size: size,
    max_position_embeddings: size,
    dim: size,
    n_layers: layers,
    n_heads: size,
    hidden_dim: size,
    losslab: own,
  })
  .refine(({ dim, n_heads }) => dim % n_heads === 0, dividing('n_heads', 'dim'))
  .transform((config) => ({ ...transformerSizes(config), own: config.losslab, encoder: mini }));

function transformerSizes(config: {
  vocab_size: number;
  max_position_embeddings: number;
  dim: number;
  n_layers: number;
  n_heads: number;
  hidden_dim: number;
}) {
  return {
    vocabularySize: config.vocab_size,
    maxPositions: config.max_position_embeddings,
    size: config.dim,
    layers: config.n_layers,
    heads: config.n_heads,
    innerSize: config.hidden_dim,
  };
}

const bertConfig = z
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

/** By `model_type`. `losslab-mini` is the result of a run with the encoder `mini`. */
const architectures: ReadonlyMap<string, z.ZodType<Omit<ModelConfig, 'architecture'>>> = new Map<
  string,
  z.ZodType<Omit<ModelConfig, 'architecture'>>
>([
  ['bert', bertConfig],
  ['distilbert', distilbertConfig],
  ['losslab-mini', miniConfig],
]);

/** The `model_type`s whose weights can be read. */
export const supportedArchitectures: readonly string[] = [...architectures.keys()];

/** Checks the content of a `config.json`; `where` names it in errors. Throws an `encoder` LabError. */
export function parseModelConfig(config: unknown, where: string): ModelConfig {
  const architecture = (config as { model_type?: unknown } | null)?.model_type;
  const supported = supportedArchitectures.map((name) => `"${name}"`).join(', ');
  if (typeof architecture !== 'string')
    throw new LabError(
      'encoder',
      `${where} names no model_type; expected one of ${supported}.`,
      'An encoder folder must contain the config.json that belongs to its weights.',
    );
  const schema = architectures.get(architecture);
  if (!schema)
    throw new LabError(
      'encoder',
      `${where}: the architecture "${architecture}" is not supported; expected one of ${supported}.`,
      'Choose a model of one of these architectures.',
    );
  const parsed = safeParse(schema, config);
  if (parsed.success) return { architecture, ...parsed.data };
  const { path, message } = parsed.error.issues[0]!;
  throw new LabError(
    'encoder',
    `${where}: ${path.join('.')}: ${message}.`,
    'Choose a model with a complete config.json that LossLab supports.',
  );
}
