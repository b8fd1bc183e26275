import { mkdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeEncoder } from '../../../../src/lab/encoders/pretrained.ts';
import { openSafetensors, readTensor } from '../../../../src/lab/encoders/safetensors.ts';
import { resolveConfiguration } from '../../../../src/shared/configuration.ts';
import {
  modelFolder,
  safetensorsFile,
  tinyBert,
  writeFiles,
  type FileTensor,
  type TinyModel,
} from '../../../helpers/tinyModels.ts';
import { createEncoder } from '../../../../src/lab/encoders/createEncoder.ts';

/** Weights on disk: what is wrong with them is said before anything is read into memory. */

const model = tinyBert();
const index = 'model.safetensors.index.json';
const lastBias = 'encoder.layer.1.output.dense.bias';

const load = (folder: string): unknown =>
  createEncoder(
    resolveConfiguration({ encoder: folder }).encoder,
    { size: 30, padId: 0, specialIds: [], tokenWeights: () => new Float32Array() },
    1,
  );
const refusal = (...parts: string[]) =>
  expect.objectContaining({
    name: 'LabError',
    code: 'encoder',
    message: expect.stringMatching(parts.map((part) => part.replace(/[[\]().+]/g, '\\$&')).join('.*')) as string,
  }) as Error;
const without = (name: string): TinyModel => ({
  ...model,
  tensors: new Map([...model.tensors].filter(([other]) => other !== name)),
});
const withTensor = (
  name: string,
  tensor: TinyModel['tensors'] extends ReadonlyMap<string, infer T> ? T : never,
): TinyModel => ({ ...model, tensors: new Map(model.tensors).set(name, tensor) });
const asFile = (
  more: Iterable<readonly [string, FileTensor]> = [],
  header?: Parameters<typeof safetensorsFile>[1],
): Buffer =>
  safetensorsFile(
    [...Array.from(model.tensors, ([name, tensor]) => [name, { ...tensor, dtype: 'F32' as const }] as const), ...more],
    header,
  );

describe('a whole file', () => {
  test('is read tensor by tensor, with no more of it in memory', () => {
    const folder = modelFolder(model, { dtype: 'F16' });
    const file = openSafetensors(join(folder, 'model.safetensors'));
    expect([...file.entries.keys()]).toEqual([...model.tensors.keys()]);
    expect([...readTensor(file, lastBias)]).toEqual(model.tensors.get(lastBias)!.values);
    expect(file.metadata).toEqual({ format: 'pt' });
  });

  test('may hold tensors of types that cannot be trained, as long as none of them is needed', () => {
    const folder = modelFolder(model);
    writeFileSync(
      join(folder, 'model.safetensors'),
      asFile([['quantised', { dtype: 'I8', shape: [3], values: [1, 2, 3] }]]),
    );
    expect(() => load(folder)).not.toThrow();
  });
});

describe('tensors that do not fit config.json', () => {
  test.each<[string, TinyModel, string[]]>([
    ['one that is missing', without(lastBias), ['model.safetensors has no tensor', lastBias, 'with the shape [8]']],
    [
      'token types that are missing',
      without('embeddings.token_type_embeddings.weight'),
      ['has no tensor "embeddings.token_type_embeddings.weight" with the shape [2, 8]'],
    ],
    [
      'one of another shape',
      withTensor('encoder.layer.0.intermediate.dense.weight', {
        shape: [8, 12],
        values: new Array<number>(96).fill(0),
      }),
      ['tensor "encoder.layer.0.intermediate.dense.weight" has the shape [8, 12]; expected [12, 8]'],
    ],
    [
      'a vocabulary of another size',
      { ...model, config: { ...model.config, vocab_size: 31 } },
      ['"embeddings.word_embeddings.weight" has the shape [30, 8]; expected [31, 8]'],
    ],
    [
      'more layers than there are',
      { ...model, config: { ...model.config, num_hidden_layers: 3 } },
      ['has no tensor "encoder.layer.2.attention.self.query.weight" with the shape [8, 8]'],
    ],
  ])('%s', (_, wrong, message) => {
    const folder = modelFolder(wrong, { prefix: '' });
    expect(() => load(folder)).toThrow(refusal(...message));
    expect(() => describeEncoder(folder)).toThrow(refusal(...message));
  });

  test('one that is missing is named with the prefix of the others', () => {
    expect(() => load(modelFolder(without(lastBias), { prefix: 'bert.' }))).toThrow(
      refusal(`no tensor "bert.${lastBias}"`),
    );
  });

  test('weights of whole numbers', () => {
    const folder = modelFolder(without(lastBias));
    const stored = Array.from(model.tensors, ([name, tensor]): [string, FileTensor] => [
      name,
      { ...tensor, dtype: name === lastBias ? 'I8' : 'F32' },
    ]);
    writeFileSync(join(folder, 'model.safetensors'), safetensorsFile(stored));
    expect(() => load(folder)).toThrow(refusal(`tensor "${lastBias}" has the type I8; expected F32, F64, F16, BF16`));
  });

  test('one parameter under two names', () => {
    const folder = modelFolder(model);
    writeFileSync(
      join(folder, 'model.safetensors'),
      asFile([['embeddings.LayerNorm.gamma', { dtype: 'F32', shape: [8], values: new Array<number>(8).fill(1) }]]),
    );
    expect(() => load(folder)).toThrow(
      refusal('has both "embeddings.LayerNorm.weight" and "embeddings.LayerNorm.gamma"'),
    );
  });

  test('two encoders', () => {
    const folder = modelFolder(model);
    writeFileSync(
      join(folder, 'model.safetensors'),
      asFile([
        ['bert.embeddings.LayerNorm.weight', { dtype: 'F32', shape: [8], values: new Array<number>(8).fill(1) }],
      ]),
    );
    expect(() => load(folder)).toThrow(refusal('contains several encoders: "embeddings…", "bert.embeddings…"'));
  });
});

describe('a file that lies or is damaged', () => {
  const broken = (bytes: Buffer): string => {
    const folder = modelFolder(model);
    writeFileSync(join(folder, 'model.safetensors'), bytes);
    return folder;
  };

  test.each<[string, () => Buffer, string]>([
    [
      'a header larger than the file',
      () => {
        const bytes = asFile();
        bytes.writeBigUInt64LE(99_000_000n);
        return bytes;
      },
      'its header claims 99000000 bytes',
    ],
    [
      'a header larger than any may be',
      () => {
        const bytes = asFile();
        bytes.writeBigUInt64LE(2n ** 60n);
        return bytes;
      },
      'its header claims 1152921504606847000 bytes',
    ],
    [
      'a tensor larger than the file',
      () =>
        asFile([], (entries) => ({
          ...entries,
          [lastBias]: { dtype: 'F32', shape: [2 ** 40], data_offsets: [0, 2 ** 42] },
        })),
      'should take bytes',
    ],
    [
      'a tensor named twice',
      () =>
        asFile([], (entries) =>
          JSON.stringify(entries).replace(
            /^\{/,
            '{"embeddings.LayerNorm.bias": {"dtype":"F32","shape":[8],"data_offsets":[0,32]},',
          ),
        ),
      'its header names "embeddings.LayerNorm.bias" twice',
    ],
    [
      'metadata that are no texts',
      () => asFile([], (entries) => ({ ...entries, __metadata__: { step: 1 } })),
      'its __metadata__ is not an object of texts',
    ],
    [
      'a header that is no UTF-8',
      () => {
        const bytes = asFile();
        bytes[20] = 0xff;
        return bytes;
      },
      'its header is not JSON',
    ],
  ])('%s', (_, make, message) => {
    const folder = broken(make());
    expect(() => describeEncoder(folder)).toThrow(refusal('model.safetensors', message));
    expect(() => load(folder)).toThrow(refusal('model.safetensors', message));
  });

  test('a file cut off at any place', () => {
    const folder = modelFolder(model);
    const file = join(folder, 'model.safetensors');
    const { length } = readFileSync(file);
    for (let bytes = length - 1; bytes > 0; bytes -= 97) {
      truncateSync(file, bytes);
      expect(() => describeEncoder(folder), `${bytes} bytes`).toThrow(refusal(file));
    }
  });

  test.each([
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ])('%d is refused, with its tensor and its place', (value, word) => {
    const values = [0, 0, 0, 0, 0, value, 0, 0];
    expect(() => load(modelFolder(withTensor(lastBias, { shape: [8], values }), { shards: 2 }))).toThrow(
      refusal(`tensor "${lastBias}" contains ${word} at element 5; expected finite numbers`),
    );
  });

  test('numbers that are none where nobody looks do no harm', () => {
    expect(() =>
      load(modelFolder(withTensor('cls.seq_relationship.bias', { shape: [1], values: [NaN] }))),
    ).not.toThrow();
  });
});

describe('parts with an index', () => {
  const sharded = (change: (weightMap: Record<string, string>, folder: string) => unknown): string => {
    const folder = modelFolder(model, { shards: 2 });
    const { weight_map: map } = JSON.parse(readFileSync(join(folder, index), 'utf8')) as {
      weight_map: Record<string, string>;
    };
    const changed = change(map, folder);
    if (changed !== undefined) writeFiles(folder, { [index]: changed });
    return folder;
  };

  test.each<[string, (map: Record<string, string>, folder: string) => unknown, string[]]>([
    [
      'a part that is missing',
      (_, folder) => rmSync(join(folder, 'model-00002-of-00002.safetensors')),
      ['model-00002-of-00002.safetensors cannot be read: ENOENT'],
    ],
    [
      'a part that is damaged',
      (_, folder) => truncateSync(join(folder, 'model-00002-of-00002.safetensors'), 3000),
      ['model-00002-of-00002.safetensors', 'ends at byte'],
    ],
    [
      'a tensor that is in the other part',
      (map) => ({ weight_map: { ...map, [lastBias]: Object.values(map).find((file) => file !== map[lastBias])! } }),
      ['has no tensor', lastBias, 'although model.safetensors.index.json lists it there'],
    ],
    [
      'a tensor that the index leaves out',
      (map) => ({ weight_map: Object.fromEntries(Object.entries(map).filter(([name]) => name !== lastBias)) }),
      ['index.json has no tensor', lastBias],
    ],
    [
      'a file outside the folder',
      (map) => ({ weight_map: { ...map, [lastBias]: '../../secret.safetensors' } }),
      ['weight_map names "../../secret.safetensors"'],
    ],
    [
      'an absolute path',
      (map) => ({ weight_map: { ...map, [lastBias]: '/etc/secret.safetensors' } }),
      ['weight_map names "/etc/secret.safetensors"'],
    ],
    [
      'a path of Windows',
      (map) => ({ weight_map: { ...map, [lastBias]: '..\\secret.safetensors' } }),
      ['weight_map names'],
    ],
    [
      'a file that is no safetensors',
      (map) => ({ weight_map: { ...map, [lastBias]: 'weights.pkl' } }),
      ['weight_map names "weights.pkl"; expected a .safetensors file'],
    ],
    ['no map', () => ({ metadata: {} }), ['index.json: weight_map']],
    ['a map of numbers', () => ({ weight_map: { a: 1 } }), ['index.json: weight_map.a']],
    [
      'a tensor twice',
      (map) =>
        JSON.stringify({ weight_map: map }).replace(
          '{"weight_map":{',
          `{"weight_map":{"${lastBias}":"model-00001-of-00002.safetensors",`,
        ),
      ['index.json is not JSON', `the key "${lastBias}" twice`],
    ],
    ['an index that is no JSON', () => '<html>', ['index.json is not JSON']],
  ])('%s', (_, change, message) => {
    expect(() => load(sharded(change))).toThrow(refusal(...message));
  });
});

describe('weights in another format', () => {
  test.each(['pytorch_model.bin', 'tf_model.h5', 'pytorch_model.bin.index.json'])(
    '%s alone is to be converted',
    (name) => {
      const folder = modelFolder(model);
      renameSync(join(folder, 'model.safetensors'), join(folder, name));
      expect(() => load(folder)).toThrow(refusal(`has ${name}, but no model.safetensors`));
      expect(() => load(folder)).toThrow(
        expect.objectContaining({ fix: expect.stringContaining('Convert it') as string }),
      );
    },
  );

  test('a folder in the place of the file', () => {
    const folder = modelFolder(model);
    rmSync(join(folder, 'model.safetensors'));
    mkdirSync(join(folder, 'model.safetensors'));
    expect(() => load(folder)).toThrow(refusal('model.safetensors cannot be read: EISDIR'));
  });
});
