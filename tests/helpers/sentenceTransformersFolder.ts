import { Tokenizer } from '@huggingface/tokenizers';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dot, hiddenStates, type Matrix, type TransformerConfig } from './plainTransformer.ts';

/**
 * A folder as sentence-transformers reads it: the modules of modules.json one after the other, each doing
 * what the class of that name does. Shares nothing with what writes such folders.
 */

const json = <T>(...path: string[]): T => JSON.parse(readFileSync(join(...path), 'utf8')) as T;

interface TokenizerFile {
  readonly truncation: { readonly max_length: number } | null;
}

interface Ids {
  encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] };
}
const LibraryTokenizer = Tokenizer as new (tokenizer: object, config: object) => Ids;

/** Embeddings of texts, one row each. */
export function encodeWithFolder(folder: string, texts: readonly string[]): number[][] {
  const modules = json<{ idx: number; path: string; type: string }[]>(folder, 'modules.json');
  if (modules.some(({ idx }, i) => idx !== i)) throw new Error('modules are numbered in order');
  return texts.map((text) => {
    let value: Matrix = [];
    let first = true;
    for (const { path, type } of modules) {
      const at = join(folder, path);
      if (first) value = beginWith(type, at, text);
      else value = [goOnWith(type, at, value)];
      first = false;
    }
    return [...value[0]!];
  });
}

/** States of tokens, or one row that is their mean already. */
function beginWith(type: string, folder: string, text: string): Matrix {
  const tokenizer = json<TokenizerFile>(folder, 'tokenizer.json');
  const library = new LibraryTokenizer(tokenizer, {});
  const tensor = readTensors(join(folder, 'model.safetensors'));
  if (type === 'sentence_transformers.models.StaticEmbedding') {
    // `encode_batch(texts, add_special_tokens=False)`, then `EmbeddingBag`, whose mode is the mean; of nothing: zeros.
    const ids = library.encode(text, { add_special_tokens: false }).ids.slice(0, tokenizer.truncation?.max_length);
    const vectors = tensor('embedding.weight');
    return [vectors[0]!.map((_, i) => ids.reduce((sum, id) => sum + vectors[id]![i]!, 0) / Math.max(1, ids.length))];
  }
  if (type !== 'sentence_transformers.models.Transformer') throw new Error(`the first module is ${type}`);
  const { max_seq_length } = json<{ max_seq_length: number }>(folder, 'sentence_bert_config.json');
  const whole = library.encode(text, { add_special_tokens: true }).ids;
  // Truncation keeps the last token, which is special.
  const ids = whole.length <= max_seq_length ? whole : [...whole.slice(0, max_seq_length - 1), whole.at(-1)!];
  return hiddenStates(json<TransformerConfig>(folder, 'config.json'), tensor, ids);
}

function goOnWith(type: string, folder: string, value: Matrix): number[] {
  switch (type) {
    case 'sentence_transformers.models.Pooling': {
      const config = json<Record<string, unknown>>(folder, 'config.json');
      const modes = Object.keys(config).filter((key) => key.startsWith('pooling_mode_') && config[key] === true);
      if (config.word_embedding_dimension !== value[0]!.length) throw new Error('the width of pooling is another');
      if (modes.join() === 'pooling_mode_cls_token') return [...value[0]!];
      if (modes.join() === 'pooling_mode_mean_tokens')
        return value[0]!.map((_, i) => value.reduce((sum, row) => sum + row[i]!, 0) / value.length);
      throw new Error(`pooling is ${modes.join()}`);
    }
    case 'sentence_transformers.models.Dense': {
      const config = json<{ in_features: number; out_features: number; bias: boolean; activation_function: string }>(
        folder,
        'config.json',
      );
      if (config.activation_function !== 'torch.nn.modules.linear.Identity' || !config.bias)
        throw new Error('expected a linear layer with a bias');
      const tensor = readTensors(join(folder, 'model.safetensors'));
      const [weight, bias] = [tensor('linear.weight'), tensor('linear.bias')];
      if (weight.length !== config.out_features || weight[0]!.length !== config.in_features)
        throw new Error('the layer has another shape');
      return weight.map((row, i) => dot(row, value[0]!) + bias[0]![i]!);
    }
    case 'sentence_transformers.models.Normalize': {
      const length = Math.max(Math.sqrt(dot(value[0]!, value[0]!)), 1e-12);
      return value[0]!.map((x) => x / length);
    }
    default:
      throw new Error(`module ${type}`);
  }
}

/** Tensors of a safetensors file of 32-bit floats, read by its own rules. */
export function readTensors(file: string): (name: string) => Matrix {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const known = new Map<string, Matrix>();
  return (name) => {
    const found = known.get(name);
    if (found) return found;
    const { dtype, shape, data_offsets } = header[name]!;
    if (dtype !== 'F32') throw new Error(`${name} is ${dtype}`);
    const columns = shape.at(-1)!;
    const rows = (data_offsets[1] - data_offsets[0]) / 4 / columns;
    const at = (row: number, column: number): number =>
      bytes.readFloatLE(8 + length + data_offsets[0] + 4 * (row * columns + column));
    const matrix = Array.from({ length: rows }, (_, row) =>
      Array.from({ length: columns }, (_, column) => at(row, column)),
    );
    known.set(name, matrix);
    return matrix;
  };
}
