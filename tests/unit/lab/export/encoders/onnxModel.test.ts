import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { expect, test } from 'vitest';
import { onnxModel } from '../../../../../src/lab/export/encoders/onnxModel.ts';
import { temporaryFolder } from '../../../../helpers/syntheticStore.ts';
import {
  embeddingsOf,
  largestDifference,
  paddedBatch,
  runOnnx,
  tinyBert,
  tinyConfigurations,
  tinyEncoder,
  tinyVocabulary,
} from '../../../../helpers/tinyEncoders.ts';

/** The exported model in a process that has ONNX Runtime and nothing of LossLab. */

/** Framed by special tokens 1 and 2; 3 stands for an unknown word. */
const texts = [
  [1, 7, 9, 2],
  [1, 12, 2],
  [1, 30, 31, 3, 33, 30, 12, 39, 2],
  [1, 5, 2],
  [1, 2],
];

const encoders = [
  ...Object.entries(tinyConfigurations).map(([name, raw]) => [name, () => tinyEncoder(raw)] as const),
  ...(['mean', 'cls'] as const).map((pooling) => [`bert, ${pooling}`, () => tinyBert(pooling)] as const),
];

test.each(encoders)('%s gives the embeddings of the lab, for any batch, length and padding', async (_, make) => {
  const { encoder, weights } = make();
  const file = join(temporaryFolder(), 'model.onnx');
  writeFileSync(file, onnxModel(encoder, weights, tinyVocabulary.specialIds));
  const expected = await embeddingsOf(encoder, weights, texts);

  const { inputs, outputs, embeddings } = runOnnx(file, [
    paddedBatch(texts),
    ...texts.map((ids) => paddedBatch([ids])),
    paddedBatch(texts.slice(1, 3), { padding: 25, extra: 4 }),
  ]);

  expect(inputs).toEqual(['input_ids', 'attention_mask']);
  expect(outputs).toEqual(['sentence_embedding']);
  expect(embeddings[0]![0]).toHaveLength(encoder.dimension);
  expect(largestDifference(embeddings[0]!, expected)).toBeLessThan(1e-5);
  expect(largestDifference(embeddings.slice(1, 6).flat(), expected)).toBeLessThan(1e-5);
  expect(largestDifference(embeddings[6]!, expected.slice(1, 3))).toBeLessThan(1e-5);
  // Texts differ from each other, or the figures above would say little.
  expect(largestDifference(embeddings[0]!.slice(0, 1), embeddings[0]!.slice(1, 2))).toBeGreaterThan(0.05);
});

test('is written with standard operators that ONNX Runtime has known since 1.12, and with its weights inside', () => {
  const { encoder, weights } = tinyBert('mean');
  const { irVersion, opsetImport, graph } = decode(onnxModel(encoder, weights, tinyVocabulary.specialIds));
  expect(Number(irVersion)).toBe(8);
  expect(opsetImport.map(({ domain, version }) => [domain, Number(version)])).toEqual([['', 17]]);
  expect(new Set(graph.node.map(({ domain }) => domain))).toEqual(new Set(['']));
  expect(graph.node.map(({ opType }) => opType)).toContain('Erf');
  const stored = new Map(graph.initializer.map(({ name, rawData }) => [name, rawData.length / 4]));
  for (const [name, values] of weights) expect(stored.get(name), name).toBe(values.length);
});

interface DecodedModel {
  readonly irVersion: unknown;
  readonly opsetImport: { readonly domain: string; readonly version: unknown }[];
  readonly graph: {
    readonly node: { readonly opType: string; readonly domain: string }[];
    readonly initializer: { readonly name: string; readonly rawData: Uint8Array }[];
  };
}

/** By the field numbers of onnx.proto. */
function decode(bytes: Uint8Array): DecodedModel {
  const { root } = protobuf.parse(`
    syntax = "proto3";
    message Model { int64 irVersion = 1; Graph graph = 7; repeated OperatorSet opsetImport = 8; }
    message OperatorSet { string domain = 1; int64 version = 2; }
    message Graph { repeated Node node = 1; repeated Tensor initializer = 5; }
    message Node { string opType = 4; string domain = 7; }
    message Tensor { string name = 8; bytes rawData = 9; }`);
  return root.lookupType('Model').decode(bytes) as unknown as DecodedModel;
}
