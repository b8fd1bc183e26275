import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exportFormats } from '../../../../src/lab/export/encoders/registry.ts';
import {
  readEncoderFolder,
  readModelFolder,
  writeEncoderFolder,
  type FinishedEncoder,
} from '../../../../src/lab/encoders/encoderFolder.ts';
import { resolveConfiguration } from '../../../../src/shared/configuration.ts';
import { temporaryFolder } from '../../../helpers/syntheticStore.ts';
import { tinyConfigurations, tinyFinished, tinyFinishedBert } from '../../../helpers/tinyEncoders.ts';

/** What a run leaves behind, and what is made of it, read back. */

function expectSame(read: FinishedEncoder, written: FinishedEncoder): void {
  expect(read.weights).toEqual(written.weights);
  expect(read.encoder.config).toEqual({ ...written.encoder.config, ...dropout(read.encoder.config) });
  expect(read.tokenizer.encode('Why does the kernel shrink?', 16)).toEqual(
    written.tokenizer.encode('Why does the kernel shrink?', 16),
  );
  expect(read.maxLength).toBe(written.maxLength);
}

/** Of no meaning once training is over, and none of an encoder's own: a configuration decides it. */
function dropout(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).filter(([key]) => /dropout/.test(key)));
}

test.each(Object.entries(tinyConfigurations))('%s from random weights', (_, raw) => {
  const folder = join(temporaryFolder(), 'encoder');
  const written = tinyFinished(raw);
  writeEncoderFolder(folder, written);
  expectSame(readEncoderFolder(folder, resolveConfiguration(raw).encoder), written);
});

describe.each(['cls', 'mean'] as const)('BERT, %s', (pooling) => {
  const written = tinyFinishedBert(pooling);

  test('of a run that began with the weights of a folder which is gone by now', () => {
    const folder = join(temporaryFolder(), 'encoder');
    writeEncoderFolder(folder, written);
    expectSame(readEncoderFolder(folder, resolveConfiguration({ encoder: './gone' }).encoder), written);
    expectSame(readEncoderFolder(folder, resolveConfiguration({ encoder: 'hf:somebody/gone' }).encoder), written);
  });

  test.each(['sentence-transformers', 'safetensors'] as const)('as it is after an export as %s', (format) => {
    const folder = temporaryFolder();
    exportFormats[format].write(folder, written);
    const read = readModelFolder(folder);
    expect(read.encoder.dimension).toBe(5);
    if (format === 'sentence-transformers') expectSame(read, written);
    else expect(read.weights).toEqual(written.weights);
  });
});
