import { expect, test } from 'vitest';
import { sampleFolder } from '../../../../src/lab/data/findDataset.ts';
import { prepareRun } from '../../../../src/lab/training/prepare.ts';
import { resolveConfiguration, type RawConfiguration } from '../../../../src/shared/configuration.ts';
import { temporaryFolder } from '../../../helpers/syntheticStore.ts';

/** Runs that are in somebody's history are resumed and compared by these hashes. */
const known: { raw: RawConfiguration; hashes: Record<string, string>; questions: number[] }[] = [
  {
    raw: { encoder: 'static', embed_dim: 16 },
    questions: [48, 0, 12],
    hashes: {
      split: '30c3575e224b48ebcfdaaf109e6bc4b7e3d75c7549634c5d841cffbe1faf1d9c',
      plan: 'fa8016275906e1828540dc282dce73ac25c0d01fb9be6f28f6f0fec07669d436',
      weights: '20d6067b0f8d60924d6a9c036127aac64f0507e7e6bbebf312f5b6791b53f330',
      tokenizer: 'c082a0beb64b4bb1e556584e5ca84de30963a06fcc061fe414ba486b33389e53',
    },
  },
  {
    raw: {
      encoder: 'mini',
      embed_dim: 16,
      n_heads: 2,
      n_layers: 1,
      hidden_dim: 32,
      seed: 7,
      split_seed: 3,
      test_size: 0.3,
      batch_transform: 'listwise',
    },
    questions: [42, 0, 18],
    hashes: {
      split: '321b62e1ede8e7b7c74624ef461828dd23daccaa47b5d37634aa5ffe50ff4ea3',
      plan: '638bef1cf8162dbd99427807306bede7c9aabcd0a16cf76c71afe1703422377b',
      weights: '39a18e0ac93e2fab660a65657ed4797b32ab3dac4f2d221b92de3b0a41a46844',
      tokenizer: '0db513813582ba8315996bb2c35d2c95022f6962fa964b690df284567f4229cc',
    },
  },
];

test.each(known)('a $raw.encoder run begins with the split, plan and weights that it always had', async (expected) => {
  const common = { batch_size: 8, epochs: 2, limit: 60, vocabulary_size: 400 };
  const prepared = await prepareRun(
    {
      run: 'r',
      configuration: resolveConfiguration({ ...common, ...expected.raw }),
      dataset: sampleFolder,
      folder: temporaryFolder(),
      cache: temporaryFolder(),
      device: 'cpu',
      deviceReason: 'asked for',
    },
    { phase: () => undefined, notice: () => undefined },
  );
  expect(prepared.hashes).toEqual({
    dataset: '6ce4d45bf72cb4c274e54c26859b3cc8bf2705eef561b6d9e71bf9538b3d9c50',
    ...expected.hashes,
  });
  const { train, validation, test: tested } = prepared;
  expect([train.length, validation.length, tested.length]).toEqual(expected.questions);
});
