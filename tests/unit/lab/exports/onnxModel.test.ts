import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onnxModel } from '../../../../src/lab/exports/onnxModel.ts';
import { temporaryFolder } from '../../../helpers/syntheticStore.ts';
import { embeddingsOf, largestDifference, paddedBatch, runOnnx, tinyBert, tinyConfigurations, tinyEncoder, tinyVocabulary } from '../../../helpers/tinyEncoders.ts';

/** The exported model in a process that has ONNX Runtime and nothing of LossLab. */

/** Framed by special tokens 1 and 2; 3 stands for an unknown word. */
const texts = [[1, 7, 9, 2], [1, 12, 2], [1, 30, 31, 3, 33, 30, 12, 39, 2], [1, 5, 2], [1, 2]];

const encoders = [
  ...Object.entries(tinyConfigurations).map(([name, raw]) => [name, () => tinyEncoder(raw)] as const),
  ...(['mean', 'cls'] as const).map((pooling) => [`bert, ${pooling}`, () => tinyBert(pooling)] as const),
];

test.each(encoders)('%s gives the embeddings of the lab, for any batch, length and padding', async (_, make) => {
  const { encoder, weights } = make();
  const file = join(temporaryFolder(), 'model.onnx');
  writeFileSync(file, onnxModel(encoder, weights, tinyVocabulary.specialIds));
  const expected = await embeddingsOf(encoder, weights, texts);

  const { inputs, outputs, embeddings } = runOnnx(file, [paddedBatch(texts), ...texts.map((ids) => paddedBatch([ids])), paddedBatch(texts.slice(1, 3), { padding: 25, extra: 4 })]);

  expect(inputs).toEqual(['input_ids', 'attention_mask']);
  expect(outputs).toEqual(['sentence_embedding']);
  expect(embeddings[0]![0]).toHaveLength(encoder.dimension);
  expect(largestDifference(embeddings[0]!, expected)).toBeLessThan(1e-5);
  expect(largestDifference(embeddings.slice(1, 6).flat(), expected)).toBeLessThan(1e-5);
  expect(largestDifference(embeddings[6]!, expected.slice(1, 3))).toBeLessThan(1e-5);
  // Texts differ from each other, or the figures above would say little.
  expect(largestDifference(embeddings[0]!.slice(0, 1), embeddings[0]!.slice(1, 2))).toBeGreaterThan(0.05);
});
