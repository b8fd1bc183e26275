import { z } from 'zod';

/** Types of encoders with weights for screens: from the Hub's cache, from finished runs, from folders. */

/** Value for the configuration key `encoder`: `hf:repository@revision`, or a folder. */
export const encoderReference = z.string().min(1).max(4000);

export interface StoredEncoder {
  readonly encoder: string;
  readonly origin: 'hub' | 'run';
  /** Name of the repository or run. */
  readonly title: string;
  /** The commit, for encoders of the Hub. */
  readonly revision: string | null;
  readonly architecture: string | null;
  readonly parameters: number | null;
  readonly bytes: number;
  readonly licence: string | null;
  /** Why it cannot be used; null if no problem is visible without reading the weights. */
  readonly problem: string | null;
}

/** The description of a folder of weights. */
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
  /** The pooling that the model specifies; null if it specifies none. */
  readonly pooling: 'cls' | 'mean' | null;
  /** Length of an embedding without the projection of LossLab. */
  readonly dimension: number;
  readonly parameters: number;
  readonly bytes: number;
}

/** Formats of a finished encoder for other programs. */
export const encoderFormats = ['safetensors', 'sentence-transformers', 'onnx'] as const;
export type EncoderFormat = (typeof encoderFormats)[number];

/** Problems of stored files; empty if there are none. */
export interface Verification {
  readonly problems: readonly string[];
}
