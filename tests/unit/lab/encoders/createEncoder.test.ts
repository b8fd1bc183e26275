import { expect, test } from 'vitest';
import { resolveConfiguration } from '../../../../src/shared/configuration.ts';
import { createEncoder, requireTrainingMemory } from '../../../../src/lab/encoders/createEncoder.ts';

const vocabulary = { size: 30_000, padId: 0, specialIds: [0], tokenWeights: () => new Float32Array(30_000) };

test('an encoder that no machine could train is refused before anything is allocated, with both sizes', () => {
  const { encoder } = resolveConfiguration({ encoder: 'static', embed_dim: 2 ** 31 });
  expect(() => createEncoder(encoder, vocabulary, 1)).toThrow(
    /^This encoder has [\d,]+ parameters\. Training them needs [\d.]+ [GT]iB of memory, but this machine has [\d.]+ [GT]iB\.$/,
  );
});

test('the memory that there is decides', () => {
  expect(() => requireTrainingMemory(1e9, 15e9)).toThrow('needs 14.9 GiB of memory, but this machine has 14.0 GiB.');
  expect(() => requireTrainingMemory(1e9, 17e9)).not.toThrow();
});
