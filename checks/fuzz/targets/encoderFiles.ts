/** Encoders from folders: weights, and the small files that describe them. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { resolveConfiguration, type EncoderConfiguration } from '../../../src/shared/configuration.ts';
import { bert } from '../../../src/lab/encoders/bert.ts';
import { elementsOf, initialWeights, type Encoder } from '../../../src/lab/encoders/encoder.ts';
import { encoderOfModel, openModelFolder, storedParameters } from '../../../src/lab/encoders/modelFolder.ts';
import { decideEncoder } from '../../../src/lab/encoders/pretrained.ts';
import {
  openSafetensors,
  readSafetensors,
  readSafetensorsMetadata,
  readTensor,
  safetensorsParts,
  type NamedTensor,
} from '../../../src/lab/encoders/safetensors.ts';
import { randomStream } from '../../../src/lab/base/random.ts';
import { mutateJson } from '../mutators/json.ts';
import { mutateHeader } from '../mutators/safetensors.ts';
import { require, type FuzzTarget } from '../target.ts';

const size = 4;
const encoder: Encoder = bert({
  vocabularySize: 12,
  maxPositions: 8,
  size,
  layers: 1,
  heads: 2,
  innerSize: 6,
  projection: null,
  pooling: 'mean',
  padId: 0,
  dropout: 0,
  tokenTypes: 2,
  epsilon: 1e-12,
});
const dense = { 'linear.weight': tensor([3, size]), 'linear.bias': tensor([3]) };

/** Files of a sentence-transformers folder, by name. */
const files: Readonly<Record<string, Buffer>> = {
  'config.json': json(encoder.config),
  'model.safetensors': weightFile(),
  'modules.json': json([
    { idx: 0, name: '0', path: '', type: 'sentence_transformers.models.Transformer' },
    { idx: 1, name: '1', path: '1_Pooling', type: 'sentence_transformers.models.Pooling' },
    { idx: 2, name: '2', path: '2_Dense', type: 'sentence_transformers.models.Dense' },
    { idx: 3, name: '3', path: '3_Normalize', type: 'sentence_transformers.models.Normalize' },
  ]),
  '1_Pooling/config.json': json({
    word_embedding_dimension: size,
    pooling_mode_cls_token: false,
    pooling_mode_mean_tokens: true,
  }),
  '2_Dense/config.json': json({
    in_features: size,
    out_features: 3,
    bias: true,
    activation_function: 'torch.nn.modules.linear.Identity',
  }),
  '2_Dense/model.safetensors': Buffer.concat(safetensorsParts(new Map(Object.entries(dense)))),
  'sentence_bert_config.json': json({ max_seq_length: 6, do_lower_case: false }),
};

const indexName = 'model.safetensors.index.json';
const index = json({
  metadata: { total_size: 1 },
  weight_map: Object.fromEntries(encoder.parameters.map(({ name }) => [name, 'part-1.safetensors'])),
});
const configWords = ['"bert"', '"distilbert"', '"mini"', 'model_type', '__proto__', '"gelu"', '"../x"', '1e999', '-1'];

export const safetensors: FuzzTarget = {
  seeds: () => [files['model.safetensors']!, manyTypes()],
  mutators: [mutateHeader],
  words: ['"F32"', '"F16"', '"I64"', '__metadata__', '[0,0]', '[]', '"shape"'],
  parse(input, folder) {
    const path = join(folder, 'x.safetensors');
    writeFileSync(path, input);
    const tensors = readSafetensors(input, path);
    const metadata = readSafetensorsMetadata(input);
    const opened = openSafetensors(path);
    for (const [name, { shape, data }] of tensors) {
      require(data.length === elementsOf(shape), `"${name}" has ${data.length} values of shape [${shape.join(', ')}]`);
      require(data.every(Number.isFinite), `"${name}" has values that are not finite`);
      require(sameValues(readTensor(opened, name), data), `"${name}" is another from the file than from memory`);
    }
    const again = Buffer.concat(safetensorsParts(tensors, metadata));
    const reread = readSafetensors(again, path);
    require([...reread.keys()].join() ===
      [...tensors.keys()].join(), 'the tensors have other names when written and read again');
    for (const [name, { data }] of tensors)
      require(sameValues(reread.get(name)!.data, data), `"${name}" is another when written and read again`);
    require(JSON.stringify(readSafetensorsMetadata(again)) ===
      JSON.stringify(metadata), 'the metadata is another when written and read again');
    return 'accepted';
  },
};

export const weights = folderTarget('model.safetensors', [mutateHeader]);
export const config = folderTarget('config.json');
export const modules = folderTarget('modules.json');
export const pooling = folderTarget('1_Pooling/config.json');
export const denseConfig = folderTarget('2_Dense/config.json');
export const sentenceConfig = folderTarget('sentence_bert_config.json');

export const shardIndex: FuzzTarget = {
  seeds: () => [index],
  mutators: [mutateJson],
  words: ['"part-1.safetensors"', '"../part-1.safetensors"', '"/etc/passwd"', 'weight_map'],
  parse: (input, folder) =>
    readFolder(folder, {
      'config.json': files['config.json']!,
      'part-1.safetensors': files['model.safetensors']!,
      [indexName]: input,
    }),
};

function folderTarget(name: string, mutators: FuzzTarget['mutators'] = [mutateJson]): FuzzTarget {
  return {
    seeds: () => [files[name]!],
    mutators,
    words: configWords,
    parse: (input, folder) => readFolder(folder, { ...files, [name]: input }),
  };
}

/** For any accepted folder, the encoder must be usable. */
function readFolder(folder: string, content: Readonly<Record<string, Uint8Array>>): 'accepted' {
  for (const [name, bytes] of Object.entries(content)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const pretrained = { ...resolveConfiguration({ encoder: folder }).encoder, folder } as EncoderConfiguration;
  const { pooling: pool, projection_dim, max_length } = decideEncoder(pretrained);
  const model = openModelFolder(folder);
  require(pool === 'cls' || pool === 'mean', `pooling is ${pool}`);
  require(Number.isInteger(max_length) &&
    max_length >= 1 &&
    max_length <= model.config.maxPositions, `max_length is ${max_length} of ${model.config.maxPositions}`);
  require(projection_dim === null || projection_dim! >= 1, `projection_dim is ${projection_dim}`);
  const read = encoderOfModel(model, { pooling: pool, projection: model.projection, padId: 0, dropout: 0 });
  const stored = storedParameters(model, read);
  for (const { name, shape } of read.parameters) {
    const data = stored.get(name)?.read();
    require(data !== undefined || name === 'projection.bias', `there is no ${name}`);
    require(data === undefined ||
      (data.length === elementsOf(shape) &&
        data.every(Number.isFinite)), `${name} is not ${elementsOf(shape)} finite values`);
  }
  return 'accepted';
}

function weightFile(): Buffer {
  const values = initialWeights(encoder, (name) => randomStream(1, 'weights', name));
  return Buffer.concat(
    safetensorsParts(new Map(encoder.parameters.map(({ name, shape }) => [name, { shape, data: values.get(name)! }]))),
  );
}

/** One tensor of each type, one without values, and metadata. */
function manyTypes(): Buffer {
  const sizes = { F32: 4, F16: 2, BF16: 2, F64: 8, I64: 8, U8: 1, BOOL: 1 };
  let offset = 0;
  const entries = Object.entries(sizes).map(([dtype, bytes]) => [
    dtype.toLowerCase(),
    { dtype, shape: [2, 3], data_offsets: [offset, (offset += 6 * bytes)] },
  ]);
  const header = Buffer.from(
    JSON.stringify({
      __metadata__: { format: 'pt' },
      ...Object.fromEntries(entries),
      none: { dtype: 'F32', shape: [0, 5], data_offsets: [offset, offset] },
    }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(offset, 0x3c)]);
}

function tensor(shape: readonly number[]): NamedTensor {
  return { shape, data: Float32Array.from({ length: elementsOf(shape) }, (_, i) => Math.sin(i)) };
}

function sameValues(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
