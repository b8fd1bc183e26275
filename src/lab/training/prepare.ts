import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from '../../shared/configuration.ts';
import { LabError } from '../../shared/errors.ts';
import type { TrainerEvent } from '../../shared/events.ts';
import { writeCacheFile } from '../files/cacheFile.ts';
import { BatchPlan } from '../batching/plan.ts';
import { minimumAnswers } from '../batching/registry.ts';
import { TextClasses } from '../batching/textClasses.ts';
import type { CorpusQuestion } from '../data/corpus.ts';
import { openRunData } from '../data/runData.ts';
import { splitSettings } from '../data/split.ts';
import { describeUsable } from '../data/statistics.ts';
import type { Encoder, TokenIds, Weights } from '../encoders/encoder.ts';
import { decideEncoder } from '../encoders/pretrained.ts';
import { bytesOf } from '../encoders/safetensors.ts';
import { inverseDocumentFrequency } from '../text/documentFrequency.ts';
import { readFolderTokenizer } from '../text/folderTokenizer.ts';
import { parseTokenizer, readTokenizer } from '../text/huggingFaceTokenizer.ts';
import { cachedTokenizeCorpus } from '../text/tokenCache.ts';
import type { Tokenizer } from '../text/tokenizer.ts';
import { trainWordPiece } from '../text/trainWordPiece.ts';
import type { TrainingJob } from './job.ts';
import { createEncoder } from '../encoders/createEncoder.ts';

/** A run ready to train: data split and tokenised, encoder built, plan fixed. */
export interface PreparedRun {
  readonly job: TrainingJob;
  readonly train: readonly CorpusQuestion[];
  readonly validation: readonly CorpusQuestion[];
  readonly test: readonly CorpusQuestion[];
  /** Token ids of a corpus text. */
  readonly idsOf: (text: number) => TokenIds;
  readonly tokenizer: Tokenizer;
  /** Maximum tokens of a text, including special tokens. */
  readonly maxLength: number;
  readonly encoder: Encoder;
  readonly weights: Weights;
  readonly plan: BatchPlan;
  readonly steps: number;
  readonly hashes: Extract<TrainerEvent, { type: 'started' }>['hashes'];
}

/** Progress reports of the preparation. */
export interface PreparationReport {
  phase(phase: string, done: number, total: number): void;
  notice(message: string): void;
}

/**
 * Throws a LabError if data, encoder and recipe do not fit together, and the reason of `signal` if it is aborted before
 * all texts are tokenised.
 */
export async function prepareRun(
  job: TrainingJob,
  report: PreparationReport,
  signal?: AbortSignal,
): Promise<PreparedRun> {
  const { configuration } = job;
  const { training, seed } = configuration;
  const encoderConfiguration = decideEncoder(configuration.encoder);
  report.phase('Reading the dataset', 0, 1);
  const data = await openRunData({ folder: job.dataset, split: splitSettings(configuration) });
  const { train, validation, test, texts } = data;
  requireTrainable(train, configuration);

  const trainTexts = textsOf(train);
  const dataset = data.dataset.manifest.content.sha256;
  report.phase('Preparing the tokenizer', 0, 1);
  const tokenizer = openTokenizer(job, `${dataset}/${data.hash}`, () => trainTexts.map((text) => texts[text]!));
  const { store: tokens, notes } = await cachedTokenizeCorpus(
    texts,
    tokenizer,
    encoderConfiguration.max_length,
    join(job.cache, 'tokens'),
    {
      onProgress: (done, total) => report.phase('Tokenising', done, total),
      signal,
    },
  );
  for (const note of notes) report.notice(note);
  report.phase('Building the encoder', 0, 1);
  const { encoder, weights } = createEncoder(
    encoderConfiguration,
    {
      size: tokenizer.vocabularySize,
      padId: tokenizer.padId,
      specialIds: tokenizer.specialIds,
      tokenWeights: () => inverseDocumentFrequency(tokens, trainTexts, tokenizer),
    },
    seed,
  );
  report.phase('Finding texts with the same content', 0, 1);
  const rule = {
    classes: TextClasses.among(trainTexts, (text) => texts[text]!),
    policy: training.false_negatives,
  };
  const plan = new BatchPlan(train, { batchSize: training.batch_size, seed, rule });
  return {
    job,
    train,
    validation,
    test,
    idsOf: (text) => tokens.ids(text),
    tokenizer,
    maxLength: encoderConfiguration.max_length,
    encoder,
    weights,
    plan,
    steps: plan.stepsPerEpoch * training.epochs,
    hashes: {
      dataset,
      split: data.hash,
      plan: plan.hash(training.epochs),
      weights: hashWeights(weights),
      tokenizer: tokenizer.hash,
    },
  };
}

/** Distinct corpus texts of questions and their answers. */
function textsOf(questions: readonly CorpusQuestion[]): number[] {
  return [...new Set(questions.flatMap(({ text, answers }) => [text, ...answers.map((answer) => answer.text)]))];
}

/** A loss that compares questions needs two of them, with enough answers for its strategy. Throws a `data` LabError. */
export function requireTrainable(train: readonly CorpusQuestion[], { recipe }: Configuration): void {
  const needed = minimumAnswers(recipe.strategy);
  const usable = describeUsable(train);
  const fitting = usable.withAtLeast(needed);
  if (fitting >= 2) return;
  const counts = usable.byAnswers
    .flatMap((count, answers) =>
      count > 0 ? [`${count} with ${answers} ${answers === 1 ? 'answer' : 'answers'}`] : [],
    )
    .join(', ');
  throw new LabError(
    'data',
    `batch_transform "${recipe.strategy.name}" needs at least two training questions with ${needed} or more answers each; ${fitting} of ${usable.questions} have them (${counts || 'no questions'}).`,
    needed === 2
      ? 'Use data with several answers per question, or batch_transform "infonce", which needs one.'
      : 'Use more data.',
  );
}

function openTokenizer(job: TrainingJob, trainedOn: string, texts: () => string[]): Tokenizer {
  const { tokenizer, folder, vocabulary_size } = job.configuration.encoder;
  if (tokenizer !== null) return readTokenizer(tokenizer);
  if (folder !== null) return readFolderTokenizer(folder);
  return trainedTokenizer(join(job.cache, 'tokenizers'), `${trainedOn}/${vocabulary_size}`, () =>
    trainWordPiece(texts(), { vocabularySize: vocabulary_size }),
  );
}

/** The runs of an experiment share a vocabulary: it is trained once and cached under a hash of its input. */
function trainedTokenizer(folder: string, key: string, train: () => string): Tokenizer {
  const file = join(folder, `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
  if (existsSync(file)) {
    try {
      return parseTokenizer(readFileSync(file, 'utf8'), file);
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      // Damaged: a cache can be computed again.
    }
  }
  const json = train();
  writeCacheFile(file, [json]);
  return parseTokenizer(json, file);
}

function hashWeights(weights: Weights): string {
  const hash = createHash('sha256');
  for (const [name, values] of weights) hash.update(`${name}\n`).update(bytesOf(values));
  return hash.digest('hex');
}
