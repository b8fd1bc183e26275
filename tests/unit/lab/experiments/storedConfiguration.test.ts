import { relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { storedConfiguration } from '../../../../src/lab/experiments/storedConfiguration.ts';
import { resolveConfiguration } from '../../../../src/shared/configuration.ts';
import { modelFolder, tinyMiniLm } from '../../../helpers/tinyModels.ts';

test('paths are absolute, everything else is as it was decided', () => {
  const configuration = resolveConfiguration({ data_path: 'data', output_dir: './out', tokenizer: 'tokenizer.json' });
  const { encoder, ...rest } = configuration;
  const stored = storedConfiguration(configuration);
  expect(stored).toEqual({
    ...rest,
    data_path: resolve('data'),
    output_dir: resolve('out'),
    encoder: { ...encoder, tokenizer: resolve('tokenizer.json') },
  });
  expect(storedConfiguration(stored)).toEqual(stored);
  const plain = resolveConfiguration({});
  expect(storedConfiguration(plain)).toEqual(plain);
});

test('a folder of weights is named by its absolute path', () => {
  const folder = modelFolder(tinyMiniLm());
  const stored = storedConfiguration(resolveConfiguration({ encoder: `./${relative('.', folder)}` }));
  expect(stored).toEqual(storedConfiguration(resolveConfiguration({ encoder: folder })));
  expect(stored.encoder).toMatchObject({ source: folder, folder, tokenizer: null });
});
