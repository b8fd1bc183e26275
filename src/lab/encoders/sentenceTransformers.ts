import { join } from 'node:path';
import { z } from 'zod';
import { LabError } from '../../shared/errors.ts';
import { checked, readJsonFile, requireJsonFile } from './modelFiles.ts';

/** How a sentence-transformers model turns the states of its last layer into an embedding. */
export interface SentenceModules {
  readonly pooling: 'cls' | 'mean';
  readonly dense: DenseModule | null;
}

/** A linear layer after pooling, in a separate folder. */
export interface DenseModule {
  readonly weights: string;
  readonly outputs: number;
}

const moduleList = z.array(z.object({ type: z.string(), path: z.string() })).min(1);
/** Since sentence-transformers 5.4 the pooling is a name; before, each pooling had a flag. */
const poolingConfig = z.looseObject({
  embedding_dimension: z.int().positive().optional(),
  word_embedding_dimension: z.int().positive().optional(),
  pooling_mode: z.union([z.string(), z.array(z.string())]).optional(),
});
const denseConfig = z.object({
  in_features: z.int().positive(),
  out_features: z.int().positive(),
  bias: z.literal(true, 'a layer without a bias is not supported').default(true),
  activation_function: z.string(),
});
const lengthConfig = z.object({ max_seq_length: z.int().positive().nullish() });

const namesOfFlags: Readonly<Record<string, string>> = {
  pooling_mode_cls_token: 'cls',
  pooling_mode_mean_tokens: 'mean',
};
const partsFix =
  'LossLab supports a transformer with pooling by the first token or by the mean, and a linear layer after it. To use only the transformer, remove modules.json and name the pooling with the key pooling.';

/**
 * Reads `modules.json` and the files it names; null if the folder has none. `size` is the hidden size of the model.
 * Throws an `encoder` LabError that names an unsupported module, pooling or activation.
 */
export function readSentenceModules(folder: string, size: number): SentenceModules | null {
  const file = join(folder, 'modules.json');
  const json = readJsonFile(file);
  if (json === undefined) return null;
  const modules = checked(moduleList, json, file).map(({ type, path }) => ({ kind: type.split('.').at(-1)!, path }));
  const [transformer, pooling, ...rest] = modules;
  if (transformer?.kind !== 'Transformer' || pooling?.kind !== 'Pooling') {
    throw new LabError(
      'encoder',
      `${file} begins with ${modules
        .map(({ kind }) => kind)
        .slice(0, 2)
        .join(', ')}; expected Transformer, Pooling.`,
      partsFix,
    );
  }
  if (transformer.path !== '')
    throw new LabError(
      'encoder',
      `${file}: the transformer is in the folder ${JSON.stringify(transformer.path)}; expected it beside modules.json.`,
      `Name that folder as the encoder.`,
    );
  const dense = rest[0]?.kind === 'Dense' ? rest.shift()! : null;
  const unknown = rest.find(({ kind }) => kind !== 'Normalize');
  if (unknown)
    throw new LabError(
      'encoder',
      `${file}: the module ${unknown.kind} is not supported after ${dense ? 'Dense' : 'Pooling'}.`,
      partsFix,
    );
  return {
    pooling: readPooling(folderOf(folder, pooling.path, file), size),
    dense: dense && readDense(folderOf(folder, dense.path, file), size),
  };
}

/** Maximum number of tokens that the model was trained with; null if the folder does not say. */
export function readTrainedLength(folder: string): number | null {
  const file = join(folder, 'sentence_bert_config.json');
  const json = readJsonFile(file);
  return json === undefined ? null : (checked(lengthConfig, json, file).max_seq_length ?? null);
}

function readPooling(folder: string, size: number): 'cls' | 'mean' {
  const file = join(folder, 'config.json');
  const config = checked(
    poolingConfig,
    requireJsonFile(file, 'modules.json names a pooling that is missing: download the model again.'),
    file,
  );
  const { embedding_dimension, word_embedding_dimension = embedding_dimension, pooling_mode } = config;
  const flags = Object.keys(config).filter((key) => key.startsWith('pooling_mode_') && config[key] === true);
  const modes = pooling_mode === undefined ? flags.map((flag) => namesOfFlags[flag] ?? flag) : [pooling_mode].flat();
  requireWidth(
    file,
    embedding_dimension === undefined ? 'word_embedding_dimension' : 'embedding_dimension',
    word_embedding_dimension,
    size,
  );
  const [pooling] = modes;
  if (modes.length === 1 && (pooling === 'cls' || pooling === 'mean')) return pooling;
  throw new LabError(
    'encoder',
    `${file}: the pooling ${modes.map((mode) => `"${mode}"`).join(' + ') || 'is not named, which'} is not supported; expected "cls" or "mean".`,
    partsFix,
  );
}

function readDense(folder: string, size: number): DenseModule {
  const file = join(folder, 'config.json');
  const { in_features, out_features, activation_function } = checked(
    denseConfig,
    requireJsonFile(file, 'modules.json names a linear layer that is missing: download the model again.'),
    file,
  );
  const activation = activation_function.split('.').at(-1)!;
  if (activation !== 'Identity')
    throw new LabError(
      'encoder',
      `${file}: the activation ${activation} is not supported; expected Identity.`,
      partsFix,
    );
  requireWidth(file, 'in_features', in_features, size);
  return { weights: join(folder, 'model.safetensors'), outputs: out_features };
}

function requireWidth(file: string, key: string, found: number | undefined, size: number): void {
  if (found !== size)
    throw new LabError(
      'encoder',
      `${file}: ${key} is ${found ?? 'missing'}; expected ${size}, the hidden size of the model.`,
      'The files of a model must belong together: download the model again.',
    );
}

/** A module's folder, inside the model's folder. */
function folderOf(folder: string, path: string, file: string): string {
  if (/^[\w-]+(\.[\w-]+)*$/.test(path)) return join(folder, path);
  throw new LabError(
    'encoder',
    `${file}: ${JSON.stringify(path)} is not the name of a folder beside it.`,
    'Download the model again from a source that you trust.',
  );
}
