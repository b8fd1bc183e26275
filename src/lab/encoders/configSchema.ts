import { z } from 'zod';
import type { Encoder } from './encoder.ts';
import type { TransformerSettings } from './transformer.ts';

/** Parts of the schemas of `config.json`, one schema for each architecture. */

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

/** Reads the `config.json` of one architecture. */
export type ConfigSchema = z.ZodType<Omit<ModelConfig, 'architecture'>>;

/** No model has larger sizes; they would fill the memory with names alone. */
export const size = z
  .int()
  .min(1)
  .max(2 ** 20);
export const layers = z.int().min(1).max(1000);
export const own = z
  .object({ pooling: z.enum(['cls', 'mean']) })
  .nullable()
  .default(null);

export function only<Value extends string | boolean>(value: Value): z.ZodDefault<z.ZodLiteral<Value>> {
  return z
    .literal(value, {
      error: ({ input }) => `${JSON.stringify(input)} is not supported; expected ${JSON.stringify(value)}`,
    })
    .default(value as never);
}

export function dividing(heads: string, whole: string): { path: string[]; error: string } {
  return { path: [heads], error: `must divide ${whole}` };
}

/** Sizes under the names that DistilBERT gave them. */
export const sizesConfig = z.object({
  vocab_size: size,
  max_position_embeddings: size,
  dim: size,
  n_layers: layers,
  n_heads: size,
  hidden_dim: size,
  losslab: own,
});
type SizesConfig = z.output<typeof sizesConfig>;

export function headsDivideSize({ dim, n_heads }: SizesConfig): boolean {
  return dim % n_heads === 0;
}

export function sizesOf(config: SizesConfig): Omit<ModelConfig, 'architecture' | 'encoder'> {
  return {
    vocabularySize: config.vocab_size,
    maxPositions: config.max_position_embeddings,
    size: config.dim,
    layers: config.n_layers,
    heads: config.n_heads,
    innerSize: config.hidden_dim,
    own: config.losslab,
  };
}
