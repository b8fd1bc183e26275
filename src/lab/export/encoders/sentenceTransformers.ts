import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { FinishedEncoder } from '../../encoders/encoderFolder.ts';
import type { ExportFormat } from './format.ts';
import {
  architectureOf,
  isStatic,
  isTransformers,
  poolingOf,
  projectionOf,
  withoutProjection,
  writeJson,
  writeTensors,
} from './parts.ts';
import { staticWeights } from './staticEncoder.ts';
import { framingTokens, writeTokenizerFiles, writeTokenizerJson } from './tokenizerFiles.ts';

/** A folder for sentence-transformers: a sequence of modules, each with its files. */
export const sentenceTransformers: ExportFormat = {
  library: 'sentence-transformers',
  refusal(encoder) {
    if (isTransformers(encoder)) return null;
    if (!isStatic(encoder))
      return `sentence-transformers loads transformers with the package transformers, which does not have the architecture "${architectureOf(encoder)}".`;
    // Its mean includes unknown tokens, which makes vectors shorter. Normalisation undoes that, but not if a bias is
    // added before.
    return projectionOf(encoder).length > 0
      ? 'The mean of StaticEmbedding includes unknown tokens, so the projection would give other embeddings.'
      : null;
  },
  write(folder, finished) {
    const modules = isStatic(finished.encoder) ? writeStatic(folder, finished) : writeTransformer(folder, finished);
    const normalise = { type: 'Normalize', path: `${modules.length}_Normalize` };
    mkdirSync(join(folder, normalise.path));
    writeJson(
      folder,
      'modules.json',
      [...modules, normalise].map(({ type, path }, idx) => ({
        idx,
        name: String(idx),
        path,
        type: `sentence_transformers.models.${type}`,
      })),
    );
    writeJson(folder, 'config_sentence_transformers.json', {
      prompts: {},
      default_prompt_name: null,
      similarity_fn_name: 'cosine',
    });
  },
  usage: () => `from sentence_transformers import SentenceTransformer

embeddings = SentenceTransformer(".").encode(texts)`,
};

interface Module {
  /** Of `sentence_transformers.models`. */
  readonly type: string;
  readonly path: string;
}

function writeTransformer(folder: string, { encoder, weights, tokenizer, maxLength }: FinishedEncoder): Module[] {
  writeTensors(folder, 'model.safetensors', withoutProjection(encoder), weights);
  writeJson(folder, 'config.json', encoder.config);
  writeJson(folder, 'sentence_bert_config.json', { max_seq_length: maxLength, do_lower_case: false });
  writeTokenizerFiles(folder, tokenizer, maxLength);
  const projection = projectionOf(encoder);
  const [outputs, size] = projection.find(({ name }) => name === 'projection.weight')?.shape ?? [
    encoder.dimension,
    encoder.dimension,
  ];
  writeJson(folder, '1_Pooling/config.json', poolingConfiguration(size!, poolingOf(encoder)));
  const modules = [
    { type: 'Transformer', path: '' },
    { type: 'Pooling', path: '1_Pooling' },
  ];
  if (projection.length === 0) return modules;
  writeJson(folder, '2_Dense/config.json', {
    in_features: size,
    out_features: outputs,
    bias: true,
    activation_function: 'torch.nn.modules.linear.Identity',
  });
  writeTensors(folder, '2_Dense/model.safetensors', projection, weights, (name) =>
    name.replace('projection.', 'linear.'),
  );
  return [...modules, { type: 'Dense', path: '2_Dense' }];
}

function poolingConfiguration(size: number, pooling: 'cls' | 'mean'): Record<string, unknown> {
  return {
    word_embedding_dimension: size,
    pooling_mode_cls_token: pooling === 'cls',
    pooling_mode_mean_tokens: pooling === 'mean',
    pooling_mode_max_tokens: false,
    pooling_mode_mean_sqrt_len_tokens: false,
    pooling_mode_weightedmean_tokens: false,
    pooling_mode_lasttoken: false,
    include_prompt: true,
  };
}

/**
 * StaticEmbedding computes the mean of the vectors of all tokens of a text, and adds no special tokens. The weight of
 * each token is multiplied into its vector. An unknown token has a vector of zeros, so it changes only the length of
 * the mean. Only tokenizer.json truncates texts.
 */
function writeStatic(folder: string, { encoder, weights, tokenizer, maxLength }: FinishedEncoder): Module[] {
  const path = '0_StaticEmbedding';
  const { parameters, values } = staticWeights(encoder, weights, tokenizer.specialIds);
  writeTensors(folder, `${path}/model.safetensors`, parameters, values);
  writeTokenizerJson(folder, `${path}/tokenizer.json`, tokenizer, maxLength - framingTokens(tokenizer, maxLength));
  return [{ type: 'StaticEmbedding', path }];
}
