import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readSafetensors, safetensorsParts, type NamedTensor } from '../../../../src/lab/encoders/safetensors.ts';
import { resolveConfiguration, type RawConfiguration } from '../../../../src/shared/configuration.ts';
import type { Vocabulary } from '../../../../src/lab/encoders/encoder.ts';
import { createEncoder } from '../../../../src/lab/encoders/createEncoder.ts';

/** An encoder read from a folder with config.json and model.safetensors. */

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/tiny-distilbert.${name}`, import.meta.url));
const original = JSON.parse(readFileSync(fixture('config.json'), 'utf8')) as Record<string, unknown> & {
  vocab_size: number;
  max_position_embeddings: number;
  dim: number;
};
const weights = readSafetensors(readFileSync(fixture('safetensors')), 'fixture');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'losslab-encoder-'));
  copyFileSync(fixture('config.json'), join(folder, 'config.json'));
  copyFileSync(fixture('safetensors'), join(folder, 'model.safetensors'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const vocabulary: Vocabulary = {
  size: original.vocab_size,
  padId: 0,
  specialIds: [],
  tokenWeights: () => new Float32Array(),
};

function create(changes: RawConfiguration = {}, vocabularySize = vocabulary.size) {
  const { encoder } = resolveConfiguration({ encoder: folder, ...changes });
  return createEncoder(encoder, { ...vocabulary, size: vocabularySize }, 1);
}

function writeWeights(change: (tensors: Map<string, NamedTensor>) => void): void {
  const tensors = new Map(weights);
  change(tensors);
  writeFileSync(join(folder, 'model.safetensors'), Buffer.concat(safetensorsParts(tensors)));
}

const writeConfig = (changes: Record<string, unknown>): void =>
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...original, ...changes }));

const labError = (code: string, ...parts: string[]) =>
  expect.objectContaining({
    name: 'LabError',
    code,
    message: expect.stringMatching(parts.map((part) => part.replace(/[[\]().]/g, '\\$&')).join('.*')) as string,
  }) as Error;

describe('a whole folder', () => {
  test('decides sizes and weights', () => {
    const { encoder, weights: found } = create();
    expect(encoder.config).toMatchObject({ dim: original.dim, vocab_size: original.vocab_size });
    expect(found.size).toBe(encoder.parameters.length);
    for (const { name, shape } of encoder.parameters)
      if (weights.has(name)) expect({ shape, data: found.get(name) }, name).toEqual(weights.get(name));
  });

  test('may name its tensors with the prefix of a larger model', () => {
    writeWeights((tensors) => {
      for (const [name, tensor] of weights) {
        tensors.delete(name);
        tensors.set(`distilbert.${name}`, tensor);
      }
    });
    expect(create().weights.get('transformer.layer.0.ffn.lin1.weight')).toEqual(
      weights.get('transformer.layer.0.ffn.lin1.weight')!.data,
    );
  });

  test('needs no projection: it begins at random, from the seed', () => {
    writeWeights((tensors) => {
      tensors.delete('projection.weight');
      tensors.delete('projection.bias');
    });
    const found = create({ projection_dim: 3 }).weights;
    expect(found.get('projection.weight')).toHaveLength(3 * original.dim);
    expect(create({ projection_dim: 3 }).weights).toEqual(found);
  });

  test('may have more tokens than its tokenizer', () => {
    expect(create({}, vocabulary.size - 5).weights.get('embeddings.word_embeddings.weight')).toHaveLength(
      original.vocab_size * original.dim,
    );
  });
});

describe('what is wrong is named', () => {
  test('a folder that is not there', () => {
    expect(() => create({ encoder: join(folder, 'nowhere') })).toThrow(
      labError('encoder', `The encoder's folder ${join(folder, 'nowhere')} does not exist`),
    );
  });

  test.each(['config.json', 'model.safetensors'])('no %s', (name) => {
    rmSync(join(folder, name));
    expect(() => create()).toThrow(labError('encoder', name, 'cannot be read: ENOENT'));
  });

  test('a config.json that is no JSON', () => {
    writeFileSync(join(folder, 'config.json'), '<html>');
    expect(() => create()).toThrow(labError('encoder', 'config.json is not JSON'));
  });

  test.each([
    [
      'another architecture',
      { model_type: 'roberta' },
      'the architecture "roberta" is not supported; expected one of "bert", "distilbert"',
    ],
    ['no architecture', { model_type: undefined }, 'names no model_type'],
    ['a missing size', { dim: undefined }, 'dim'],
    ['a size that is no number', { n_layers: '2' }, 'n_layers'],
    ['another activation', { activation: 'relu' }, 'activation'],
    ['heads that do not divide the size', { n_heads: 5 }, 'n_heads'],
  ])('a config.json with %s', (_, changes, key) => {
    writeConfig(changes);
    expect(() => create()).toThrow(labError('encoder', 'config.json', key));
  });

  test('a missing tensor', () => {
    writeWeights((tensors) => tensors.delete('transformer.layer.1.ffn.lin2.bias'));
    expect(() => create()).toThrow(
      labError('encoder', 'model.safetensors has no tensor "transformer.layer.1.ffn.lin2.bias"'),
    );
  });

  test('a tensor of another shape', () => {
    writeWeights((tensors) =>
      tensors.set('embeddings.LayerNorm.weight', { shape: [3], data: Float32Array.of(1, 2, 3) }),
    );
    expect(() => create()).toThrow(
      labError('encoder', 'tensor "embeddings.LayerNorm.weight" has the shape [3]', `expected [${original.dim}]`),
    );
  });

  test('weights that are not numbers', () => {
    writeWeights((tensors) =>
      tensors.set('embeddings.LayerNorm.weight', {
        shape: [original.dim],
        data: new Float32Array(original.dim).fill(NaN),
      }),
    );
    expect(() => create()).toThrow(
      labError('encoder', 'model.safetensors', '"embeddings.LayerNorm.weight" contains NaN'),
    );
  });

  test('a torn file', () => {
    const file = join(folder, 'model.safetensors');
    writeFileSync(file, readFileSync(file).subarray(0, 2000));
    expect(() => create()).toThrow(labError('encoder', 'model.safetensors'));
  });

  test('a configuration that asks for another size', () => {
    expect(() => create({ embed_dim: 999 })).toThrow(
      labError('configuration', 'embed_dim is 999', `has ${original.dim}`),
    );
    expect(() => create({ embed_dim: original.dim })).not.toThrow();
  });

  test('texts longer than its positions, and a tokenizer larger than its vocabulary', () => {
    expect(() => create({ max_length: 8000 })).toThrow(
      labError('configuration', 'max_length 8000', `${original.max_position_embeddings} positions`),
    );
    expect(() => create({}, original.vocab_size + 1)).toThrow(
      labError('encoder', `The tokenizer has ${original.vocab_size + 1} tokens`),
    );
  });
});
