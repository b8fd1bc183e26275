import type { Graph, Tensor } from '../graph/graph.ts';
import type { Dropout } from '../graph/dropout.ts';
import type { HostTensor } from '../graph/hostTensor.ts';
import type { Random } from '../base/random.ts';

/** Parameters of an encoder by name: values in row-major order. */
export type Weights = Map<string, Float32Array>;

/**
 * Position of a parameter on the way from tokens to an embedding: in the tables, in a layer (from 0 on), or after the
 * layers.
 */
export type ParameterLayer = 'embeddings' | number | 'head';

export interface ParameterSpecification {
  readonly name: string;
  readonly shape: readonly number[];
  readonly layer: ParameterLayer;
  /** Values of an untrained encoder. */
  readonly initial: (random: Random) => Float32Array;
}

/** Token ids of one text, including special tokens. */
export type TokenIds = Int32Array | Uint16Array | Uint32Array;

/** Something with parameters: an encoder, or everything that a training step trains. */
export type Parametrised = Pick<Encoder, 'parameters'>;

/** Turns token ids into unit vectors: its parameters, and its graph. */
export interface Encoder {
  readonly parameters: readonly ParameterSpecification[];
  /** Length of an embedding. */
  readonly dimension: number;
  /**
   * Adds the encoder to a graph. Returns [texts, dimension], each row of length 1. Its inputs are
   * those of `feed`. Without `dropout` the graph is the encoder for evaluation.
   */
  build(graph: Graph, parameter: (name: string) => Tensor, dropout?: Dropout): Tensor;
  /** The inputs for some texts, given as token ids with special tokens. */
  feed(texts: readonly TokenIds[]): Record<string, HostTensor>;
  /** The `config.json` for its weights. */
  readonly config: Readonly<Record<string, unknown>>;
}

export function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

export function parameterCount(encoder: Parametrised): number {
  return encoder.parameters.reduce((sum, { shape }) => sum + elementsOf(shape), 0);
}

export function initialWeights(encoder: Parametrised, randomFor: (name: string) => Random): Weights {
  return new Map(encoder.parameters.map(({ name, initial }) => [name, initial(randomFor(name))]));
}

/** What an encoder needs from its tokenizer and from the training split. */
export interface Vocabulary {
  readonly size: number;
  readonly padId: number;
  readonly specialIds: readonly number[];
  /** Inverse document frequency by token id, over the training split. */
  readonly tokenWeights: () => Float32Array;
}

export interface UntrainedEncoder {
  readonly encoder: Encoder;
  readonly weights: Weights;
}
