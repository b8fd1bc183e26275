import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-node';
import { bert } from '../../src/lab/encoders/bert.ts';
import type { Encoder, Vocabulary, Weights } from '../../src/lab/encoders/encoder.ts';
import { initialWeights } from '../../src/lab/encoders/encoder.ts';
import { encoderOf } from '../../src/lab/encoders/registry.ts';
import { randomStream } from '../../src/lab/base/random.ts';
import { parseTokenizer } from '../../src/lab/text/huggingFaceTokenizer.ts';
import { trainWordPiece } from '../../src/lab/text/trainWordPiece.ts';
import type { FinishedEncoder } from '../../src/lab/encoders/encoderFolder.ts';
import { Inference } from '../../src/lab/encoders/inference.ts';
import { resolveConfiguration, type RawConfiguration } from '../../src/shared/configuration.ts';
import { tinyQuestions } from './tinyData.ts';
import { stateName } from '../../src/lab/encoders/stateNames.ts';

/** Encoders small enough to be computed in milliseconds, with weights that no symmetry hides anything in. */

export const tinyVocabulary = {
  size: 40,
  padId: 0,
  specialIds: [0, 1, 2, 3],
  tokenWeights: () => Float32Array.from({ length: 40 }, (_, id) => 0.3 + (id % 7) / 5),
};

const transformer: RawConfiguration = {
  embed_dim: 8,
  n_layers: 2,
  n_heads: 2,
  hidden_dim: 12,
  projection_dim: 5,
  max_length: 16,
};

export const tinyConfigurations: Readonly<Record<string, RawConfiguration>> = {
  static: { encoder: 'static', embed_dim: 8, max_length: 16 },
  'static with a projection': { encoder: 'static', embed_dim: 8, projection_dim: 5, max_length: 16 },
  'mini, mean': { encoder: 'mini', pooling: 'mean', ...transformer },
  'mini, cls': { encoder: 'mini', pooling: 'cls', ...transformer },
  'distilbert, mean': { encoder: 'distilbert', pooling: 'mean', ...transformer },
  'distilbert, cls': { encoder: 'distilbert', pooling: 'cls', ...transformer },
};

export function tinyBert(
  pooling: 'cls' | 'mean',
  vocabulary: Vocabulary = tinyVocabulary,
): { encoder: Encoder; weights: Weights } {
  const { size: vocabularySize, padId } = vocabulary;
  return withRandomWeights(
    bert({
      vocabularySize,
      padId,
      pooling,
      maxPositions: 16,
      size: 8,
      layers: 2,
      heads: 2,
      innerSize: 12,
      projection: 5,
      dropout: 0,
      tokenTypes: 2,
      epsilon: 1e-12,
    }),
  );
}

export function tinyEncoder(
  raw: RawConfiguration,
  vocabulary: Vocabulary = tinyVocabulary,
): { encoder: Encoder; weights: Weights } {
  const configuration = resolveConfiguration(raw).encoder;
  if (configuration.kind === 'pretrained') throw new Error('an encoder that begins at random, please');
  return withRandomWeights(encoderOf(configuration, vocabulary));
}

function withRandomWeights(encoder: Encoder): { encoder: Encoder; weights: Weights } {
  // Biases and normalisations, too: where they are 0 and 1, leaving them out would go unnoticed.
  const random = randomStream(7, 'weights');
  const weights = new Map(
    Array.from(
      initialWeights(encoder, () => random),
      ([name, values]) => [name, values.map((value) => value + 0.3 * random.normal())],
    ),
  );
  return { encoder, weights };
}

/** A vocabulary trained on a few sentences, and an encoder over it: all that an export takes. */
export function tinyFinished(raw: RawConfiguration): FinishedEncoder {
  return finishedOver((vocabulary) => tinyEncoder(raw, vocabulary), resolveConfiguration(raw).encoder.max_length);
}

export function tinyFinishedBert(pooling: 'cls' | 'mean'): FinishedEncoder {
  return finishedOver((vocabulary) => tinyBert(pooling, vocabulary), 16);
}

function finishedOver(
  make: (vocabulary: Vocabulary) => { encoder: Encoder; weights: Weights },
  maxLength: number,
): FinishedEncoder {
  const sentences = tinyQuestions(40).flatMap(({ title, body, answers }) => [
    title,
    body,
    ...answers.map((answer) => answer.body),
  ]);
  const tokenizer = parseTokenizer(trainWordPiece(sentences, { vocabularySize: 120 }), 'trained');
  const { vocabularySize: size, padId, specialIds } = tokenizer;
  const weights = Float32Array.from({ length: size }, (_, id) => 0.3 + (id % 7) / 5);
  return { ...make({ size, padId, specialIds, tokenWeights: () => weights }), tokenizer, maxLength };
}

/** What the lab itself makes of texts given as token ids, one row each. */
export async function embeddingsOf(
  encoder: Encoder,
  weights: Weights,
  texts: readonly (readonly number[])[],
): Promise<number[][]> {
  const inference = await Inference.create(encoder, 'cpu');
  const parameters = Object.fromEntries(
    encoder.parameters.map(({ name, shape }) => [
      stateName('parameter', name),
      new ort.Tensor('float32', weights.get(name)!, shape),
    ]),
  );
  const rows = await inference.encode(
    texts.map((ids) => Int32Array.from(ids)),
    parameters,
  );
  await inference.dispose();
  return texts.map((_, i) => [...rows.subarray(i * encoder.dimension, (i + 1) * encoder.dimension)]);
}

export interface TokenBatch {
  readonly input_ids: number[][];
  readonly attention_mask: number[][];
}

/** A batch padded on the right, with ids in the padding that would be seen if they were looked at. */
export function paddedBatch(texts: readonly (readonly number[])[], { padding = 0, extra = 0 } = {}): TokenBatch {
  const length = Math.max(...texts.map((ids) => ids.length)) + extra;
  const pad = <T>(row: readonly T[], value: T): T[] => [...row, ...new Array<T>(length - row.length).fill(value)];
  return {
    input_ids: texts.map((ids) => pad(ids, padding)),
    attention_mask: texts.map((ids) =>
      pad(
        ids.map(() => 1),
        0,
      ),
    ),
  };
}

export interface OnnxAnswer {
  readonly inputs: string[];
  readonly outputs: string[];
  readonly embeddings: number[][][];
}

/** Runs an ONNX file in a process that has only ONNX Runtime. */
export function runOnnx(model: string, batches: readonly TokenBatch[]): OnnxAnswer {
  const script = fileURLToPath(new URL('./onnxProcess.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
    input: JSON.stringify({ model, batches }),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as OnnxAnswer;
}

export function largestDifference(a: readonly (readonly number[])[], b: readonly (readonly number[])[]): number {
  if (a.length !== b.length || a.some((row, i) => row.length !== b[i]!.length)) return Infinity;
  return Math.max(...a.flatMap((row, i) => row.map((value, j) => Math.abs(value - b[i]![j]!))));
}
