import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../shared/errors.ts';
import type { Encoder } from './encoder.ts';
import type { ModelConfig } from './configSchema.ts';
import { parseModelConfig } from './modelConfig.ts';
import { requireJsonFile } from './modelFiles.ts';
import { floatTypes } from './safetensors.ts';
import { readSentenceModules, readTrainedLength } from './sentenceTransformers.ts';
import type { TransformerSettings } from './transformer.ts';
import { openWeightFile, openWeightFiles, type StoredTensor, type WeightFiles } from './weightFiles.ts';

/** A folder with a model in Hugging Face's layout: the content of its small files and the headers of its weights. */
export interface ModelFolder {
  readonly folder: string;
  readonly config: ModelConfig;
  /** The model's own pooling; null if it does not say. */
  readonly pooling: 'cls' | 'mean' | null;
  /** Length of an embedding after the model's own linear layer; null if it has none. */
  readonly projection: number | null;
  /** Whether it was made for embeddings, with or without such a layer. */
  readonly isSentenceEncoder: boolean;
  /** Maximum number of tokens that it was trained with; null if it does not say. */
  readonly trainedLength: number | null;
  readonly weights: WeightFiles;
  /** The linear layer after pooling, if it has its own file. */
  readonly dense: WeightFiles | null;
}

/** Reads no tensors. Throws an `encoder` LabError with the file, what was expected and what was found. */
export function openModelFolder(folder: string): ModelFolder {
  if (!existsSync(folder))
    throw new LabError(
      'encoder',
      `The encoder's folder ${folder} does not exist.`,
      'Name a folder with config.json and model.safetensors.',
    );
  const file = join(folder, 'config.json');
  const config = parseModelConfig(
    requireJsonFile(file, 'An encoder folder must contain config.json and model.safetensors.'),
    file,
  );
  const weights = openWeightFiles(folder);
  const modules = readSentenceModules(folder, config.size);
  return {
    folder,
    config,
    pooling: modules?.pooling ?? config.own?.pooling ?? null,
    projection: modules?.dense?.outputs ?? weights.tensors.get('projection.weight')?.shape[0] ?? null,
    isSentenceEncoder: modules !== null || config.own !== null,
    trainedLength: readTrainedLength(folder),
    weights,
    dense: modules?.dense ? openWeightFile(modules.dense.weights) : null,
  };
}

/** The model's encoder, with the sizes of config.json. */
export function encoderOfModel(
  { config }: ModelFolder,
  choice: Pick<TransformerSettings, 'pooling' | 'projection' | 'padId' | 'dropout'>,
): Encoder {
  const { vocabularySize, maxPositions, size, layers, heads, innerSize } = config;
  return config.encoder({ vocabularySize, maxPositions, size, layers, heads, innerSize, ...choice });
}

/**
 * The stored tensor of each parameter. A projection that the model does not have is omitted. Throws an `encoder`
 * LabError if a tensor is missing, or has another shape or type.
 */
export function storedParameters(model: ModelFolder, encoder: Encoder): Map<string, StoredTensor> {
  const prefix = prefixOf(model);
  const hasProjection = model.projection !== null;
  const parameters = encoder.parameters.filter(({ name }) => hasProjection || !isOfProjection(name));
  return new Map(
    parameters.map((parameter) => {
      const [files, name] = placeOf(model, prefix, parameter.name);
      const tensor = tensorNamed(files, name);
      if (!tensor)
        throw new LabError(
          'encoder',
          `${files.file} has no tensor "${name}" with the shape [${parameter.shape.join(', ')}].`,
          belongTogether,
        );
      return [parameter.name, requireFitting(tensor, parameter.shape)];
    }),
  );
}

const belongTogether = 'config.json and model.safetensors must belong together.';

/** Prefix of the names if this model is part of a larger one. */
function prefixOf({ config: { architecture }, weights }: ModelFolder): string {
  const names = [...weights.tensors.keys()];
  const used = ['', `${architecture}.`, 'model.'].filter((prefix) =>
    names.some((name) => name.startsWith(`${prefix}embeddings.`)),
  );
  if (used.length > 1)
    throw new LabError(
      'encoder',
      `${weights.file} contains several encoders: ${used.map((prefix) => `"${prefix}embeddings…"`).join(', ')}.`,
      'Save only the encoder that you want.',
    );
  return used[0] ?? '';
}

function isOfProjection(parameter: string): boolean {
  return parameter.startsWith('projection.');
}

/** The file of a parameter, and its name there. */
function placeOf({ weights, dense }: ModelFolder, prefix: string, parameter: string): [WeightFiles, string] {
  if (!isOfProjection(parameter)) return [weights, `${prefix}${parameter}`];
  return dense ? [dense, parameter.replace('projection.', 'linear.')] : [weights, parameter];
}

/** Files from before PyTorch call the parameters of layer normalisation gamma and beta. */
function tensorNamed({ file, tensors }: WeightFiles, name: string): StoredTensor | undefined {
  const oldName = /(LayerNorm|layer_norm)\.(weight|bias)$/.test(name)
    ? name.replace(/weight$/, 'gamma').replace(/bias$/, 'beta')
    : name;
  const [now, old] = [tensors.get(name), oldName === name ? undefined : tensors.get(oldName)];
  if (now && old)
    throw new LabError(
      'encoder',
      `${file} has both "${name}" and "${oldName}", which are one parameter.`,
      'Download the model again: this one is damaged.',
    );
  return now ?? old;
}

function requireFitting(tensor: StoredTensor, shape: readonly number[]): StoredTensor {
  const { file, name, dtype } = tensor;
  if (tensor.shape.join() !== shape.join()) {
    throw new LabError(
      'encoder',
      `${file}: tensor "${name}" has the shape [${tensor.shape.join(', ')}]; expected [${shape.join(', ')}].`,
      belongTogether,
    );
  }
  if (!floatTypes.includes(dtype)) {
    throw new LabError(
      'encoder',
      `${file}: tensor "${name}" has the type ${dtype}; expected ${floatTypes.join(', ')}.`,
      'Weights that were quantised to integers cannot be trained: use the original weights.',
    );
  }
  return tensor;
}
