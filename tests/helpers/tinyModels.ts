import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { randomStream } from '../../src/lab/base/random.ts';
import { readTensors } from './sentenceTransformersFolder.ts';
import { dot, hiddenStates, type Matrix, type TransformerConfig } from './plainTransformer.ts';

/** Models of Hugging Face's layout, small enough to be computed by hand, and their folders in every form that there is. */

export interface TinyTensor {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export interface TinyModel {
  readonly config: TransformerConfig;
  /** Under today's names, without a prefix. */
  readonly tensors: ReadonlyMap<string, TinyTensor>;
}

/**
 * A BERT with random weights in every place. They are multiples of 1/64 below 2, which float16 and
 * bfloat16 hold exactly.
 */
export function tinyBert(
  sizes: { readonly size?: number; readonly heads?: number; readonly layers?: number; readonly inner?: number } = {},
): TinyModel {
  const { size = 8, heads = 2, layers = 2, inner = 12 } = sizes;
  const config = {
    model_type: 'bert',
    architectures: ['BertModel'],
    hidden_act: 'gelu',
    hidden_size: size,
    intermediate_size: inner,
    layer_norm_eps: 1e-12,
    max_position_embeddings: 16,
    num_attention_heads: heads,
    num_hidden_layers: layers,
    type_vocab_size: 2,
    vocab_size: 30,
    pad_token_id: 0,
    position_embedding_type: 'absolute',
  };
  const tensors = new Map<string, TinyTensor>();
  const add = (name: string, ...shape: number[]): void => void tensors.set(name, randomTensor(name, shape));
  const linear = (name: string, outputs: number, inputs: number): void => {
    add(`${name}.weight`, outputs, inputs);
    add(`${name}.bias`, outputs);
  };
  const norm = (name: string): void => {
    add(`${name}.weight`, size);
    add(`${name}.bias`, size);
  };
  add('embeddings.word_embeddings.weight', config.vocab_size, size);
  add('embeddings.position_embeddings.weight', config.max_position_embeddings, size);
  add('embeddings.token_type_embeddings.weight', 2, size);
  norm('embeddings.LayerNorm');
  for (let i = 0; i < layers; i++) {
    const layer = `encoder.layer.${i}`;
    for (const part of ['query', 'key', 'value']) linear(`${layer}.attention.self.${part}`, size, size);
    linear(`${layer}.attention.output.dense`, size, size);
    norm(`${layer}.attention.output.LayerNorm`);
    linear(`${layer}.intermediate.dense`, inner, size);
    linear(`${layer}.output.dense`, size, inner);
    norm(`${layer}.output.LayerNorm`);
  }
  return { config, tensors };
}

/** MiniLM is a BERT whose hidden size has many heads: 384 with 12; here 24 with 12. */
export const tinyMiniLm = (): TinyModel => tinyBert({ size: 24, heads: 12, layers: 3, inner: 48 });

/** The fixture that PyTorch wrote. */
export function tinyDistilbert(): TinyModel {
  const fixture = (name: string): string =>
    fileURLToPath(new URL(`../fixtures/tiny-distilbert.${name}`, import.meta.url));
  const bytes = readFileSync(fixture('safetensors'));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE(0)))) as Record<
    string,
    { shape: number[] }
  >;
  const tensor = readTensors(fixture('safetensors'));
  const names = Object.keys(header).filter((name) => name !== '__metadata__' && !name.startsWith('projection.'));
  return {
    config: JSON.parse(readFileSync(fixture('config.json'), 'utf8')) as TransformerConfig,
    tensors: new Map(names.map((name) => [name, { shape: header[name]!.shape, values: tensor(name).flat() }])),
  };
}

/** Around 1 for what scales, around 0 for the rest, so that states stay of one size. */
function randomTensor(name: string, shape: readonly number[]): TinyTensor {
  const random = randomStream(5, 'weights', name);
  const centre = name.endsWith('LayerNorm.weight') ? 1 : 0;
  const count = shape.reduce((a, b) => a * b, 1);
  return { shape, values: Array.from({ length: count }, () => centre + Math.round((random.next() - 0.5) * 64) / 64) };
}

// --- What a model computes -----------------------------------------------------------------------

/** The embedding of one text by the plain forward pass: pooled, projected where there is a layer, of length 1. */
export function plainEmbedding(
  { config, tensors }: TinyModel,
  ids: readonly number[],
  pooling: 'cls' | 'mean',
  dense?: { readonly weight: TinyTensor; readonly bias: TinyTensor },
): number[] {
  const matrices = new Map<string, Matrix>();
  const tensor = (name: string): Matrix => {
    if (!matrices.has(name)) matrices.set(name, rowsOf(tensors.get(name)!));
    return matrices.get(name)!;
  };
  const states = hiddenStates(config, tensor, ids);
  const pooled =
    pooling === 'cls'
      ? states[0]!
      : states[0]!.map((_, i) => states.reduce((sum, row) => sum + row[i]!, 0) / states.length);
  const projected = dense ? rowsOf(dense.weight).map((row, i) => dot(row, pooled) + dense.bias.values[i]!) : pooled;
  const length = Math.sqrt(dot(projected, projected));
  return projected.map((value) => value / length);
}

export function rowsOf({ shape, values }: TinyTensor): Matrix {
  const columns = shape.at(-1)!;
  return Array.from({ length: values.length / columns }, (_, row) => values.slice(row * columns, (row + 1) * columns));
}

// --- How it is stored ----------------------------------------------------------------------------

export type StoredType = 'F32' | 'F16' | 'BF16' | 'F64' | 'I64' | 'I8';

export interface FileTensor extends TinyTensor {
  readonly dtype: StoredType;
}

export function tensorBytes({ dtype, values }: FileTensor): Buffer {
  const [width, write] = writers[dtype];
  const bytes = Buffer.alloc(width * values.length);
  values.forEach((value, i) => write(bytes, value, i * width));
  return bytes;
}

const writers: Record<StoredType, [number, (bytes: Buffer, value: number, offset: number) => void]> = {
  F32: [4, (bytes, value, offset) => bytes.writeFloatLE(value, offset)],
  F64: [8, (bytes, value, offset) => bytes.writeDoubleLE(value, offset)],
  F16: [
    2,
    (bytes, value, offset) => new DataView(bytes.buffer, bytes.byteOffset).setUint16(offset, halfBits(value), true),
  ],
  BF16: [
    2,
    (bytes, value, offset) => {
      const single = Buffer.alloc(4);
      single.writeFloatLE(value);
      bytes.writeUInt16LE(single.readUInt16LE(2), offset);
    },
  ],
  I64: [8, (bytes, value, offset) => bytes.writeBigInt64LE(BigInt(value), offset)],
  I8: [1, (bytes, value, offset) => bytes.writeInt8(Math.round(value), offset)],
};

/** binary16 of a number that it holds exactly. */
function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude === 0) return sign;
  const exponent = Math.floor(Math.log2(magnitude));
  return sign | ((exponent + 15) << 10) | ((magnitude / 2 ** exponent - 1) * 1024);
}

/** A whole safetensors file. `header` changes what it says of itself. */
export function safetensorsFile(
  tensors: Iterable<readonly [string, FileTensor]>,
  header: (entries: Record<string, unknown>) => unknown = (entries) => entries,
): Buffer {
  const entries: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  const parts: Buffer[] = [];
  let offset = 0;
  for (const [name, tensor] of tensors) {
    const bytes = tensorBytes(tensor);
    entries[name] = { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [offset, (offset += bytes.length)] };
    parts.push(bytes);
  }
  const changed = header(entries);
  const json = Buffer.from(typeof changed === 'string' ? changed : JSON.stringify(changed));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...parts]);
}

export interface StorageForm {
  readonly prefix?: string;
  /** gamma and beta, as TensorFlow's checkpoints had them. */
  readonly oldNames?: boolean;
  readonly dtype?: StoredType;
  /** Files that the tensors are dealt out to, in turn. */
  readonly shards?: number;
  /** Position numbers and heads that an encoder does not use. */
  readonly more?: boolean;
}

/** A fresh folder with the model, gone when the test has finished. */
export function modelFolder(
  model: TinyModel,
  form: StorageForm = {},
  files: Readonly<Record<string, unknown>> = {},
): string {
  const folder = mkdtempSync(join(tmpdir(), 'losslab-model-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeModel(folder, model, form, files);
  return folder;
}

export function writeModel(
  folder: string,
  { config, tensors }: TinyModel,
  form: StorageForm = {},
  files: Readonly<Record<string, unknown>> = {},
): void {
  writeFiles(folder, { 'config.json': config, ...files });
  const stored = storedTensors(tensors, form);
  if (!form.shards) return writeFiles(folder, { 'model.safetensors': safetensorsFile(stored) });
  const count = form.shards;
  const name = (shard: number): string =>
    `model-${String(shard + 1).padStart(5, '0')}-of-${String(count).padStart(5, '0')}.safetensors`;
  for (let shard = 0; shard < count; shard++)
    writeFiles(folder, { [name(shard)]: safetensorsFile(stored.filter((_, i) => i % count === shard)) });
  writeFiles(folder, {
    'model.safetensors.index.json': {
      metadata: { total_size: 1 },
      weight_map: Object.fromEntries(stored.map(([tensor], i) => [tensor, name(i % count)])),
    },
  });
}

function storedTensors(
  tensors: TinyModel['tensors'],
  { prefix = '', oldNames = false, dtype = 'F32', more = false }: StorageForm,
): [string, FileTensor][] {
  const renamed = (name: string): string =>
    oldNames ? name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta') : name;
  const own = Array.from(tensors, ([name, tensor]): [string, FileTensor] => [
    prefix + renamed(name),
    { ...tensor, dtype },
  ]);
  if (!more) return own;
  const size = tensors.get('embeddings.LayerNorm.weight')!.shape[0]!;
  return [
    [
      `${prefix}embeddings.position_ids`,
      { dtype: 'I64', shape: [1, 16], values: Array.from({ length: 16 }, (_, i) => i) },
    ],
    ...own,
    [
      `${prefix}pooler.dense.weight`,
      { dtype: 'F32', shape: [size, size], values: new Array<number>(size * size).fill(0.5) },
    ],
    ['cls.predictions.bias', { dtype: 'F32', shape: [30], values: new Array<number>(30).fill(0.25) }],
    ['vocab_projector.bias', { dtype: 'F32', shape: [1], values: [1] }],
  ];
}

/** Files by path: bytes and text as they are, everything else as JSON. */
export function writeFiles(folder: string, files: Readonly<Record<string, unknown>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(
      join(folder, path),
      typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
    );
  }
}

/** The files that make a folder one of sentence-transformers. */
export function sentenceFiles(
  size: number,
  pooling: string,
  more: readonly { type: string; path: string }[] = [],
): Record<string, unknown> {
  const modules = [{ type: 'Transformer', path: '' }, { type: 'Pooling', path: '1_Pooling' }, ...more];
  return {
    'modules.json': modules.map(({ type, path }, idx) => ({
      idx,
      name: String(idx),
      path,
      type: `sentence_transformers.models.${type}`,
    })),
    '1_Pooling/config.json': {
      word_embedding_dimension: size,
      pooling_mode_cls_token: false,
      pooling_mode_mean_tokens: false,
      pooling_mode_max_tokens: false,
      pooling_mode_mean_sqrt_len_tokens: false,
      [pooling]: true,
    },
    'sentence_bert_config.json': { max_seq_length: 12, do_lower_case: false },
  };
}
