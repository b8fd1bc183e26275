import { z } from 'zod';

/** Encoders with weights, as screens see them: from the Hub's cache, from finished runs, from folders. */

/** What the configuration key `encoder` takes: `hf:repository@revision`, or a folder. */
export const encoderReference = z.string().min(1).max(4000);

export interface StoredEncoder {
  readonly encoder: string;
  readonly origin: 'hub' | 'run';
  /** Repository or run, for people. */
  readonly title: string;
  /** Of the Hub: the commit. */
  readonly revision: string | null;
  readonly architecture: string | null;
  readonly parameters: number | null;
  readonly bytes: number;
  readonly licence: string | null;
  /** Why it cannot be used; null where it can, as far as that shows without reading its weights. */
  readonly problem: string | null;
}

/** What a folder of weights says of itself. */
export interface EncoderDescription {
  readonly encoder: string;
  readonly folder: string;
  readonly architecture: string;
  readonly size: number;
  readonly layers: number;
  readonly heads: number;
  readonly innerSize: number;
  readonly maxLength: number;
  readonly vocabularySize: number;
  /** As the model itself asks to be pooled; null where it does not say. */
  readonly pooling: 'cls' | 'mean' | null;
  /** Length of an embedding without a projection of our own. */
  readonly dimension: number;
  readonly parameters: number;
  readonly bytes: number;
}

/** How a finished encoder is written for other programs. */
export const encoderFormats = ['safetensors', 'sentence-transformers', 'onnx'] as const;
export type EncoderFormat = (typeof encoderFormats)[number];

/** What a check of stored files found; empty where all is well. */
export interface Verification {
  readonly problems: readonly string[];
}
