import { createHash } from 'node:crypto';
import { ConfigurationError, type Configuration } from '../../shared/configuration.ts';
import { LabError } from '../../shared/errors.ts';
import { shuffledAsPython } from '../base/pythonRandom.ts';
import { randomStream, shuffled } from '../base/random.ts';

/** What decides which questions of a dataset a run is trained, validated and tested on. */
export interface SplitSettings {
  /** Only the first `limit` questions of the dataset are used; null for all. */
  readonly limit: number | null;
  /** Share of the questions for validation; 0 for none. */
  readonly validationSize: number;
  /** Share of the questions for testing. */
  readonly testSize: number;
  readonly seed: number;
  readonly method: SplitMethod;
}

export type SplitMethod = Configuration['split_method'];

/** Those of a run. No configuration asks for validation questions yet. */
export function splitSettings(
  configuration: Pick<Configuration, 'limit' | 'test_size' | 'split_seed' | 'split_method'>,
): SplitSettings {
  const { limit, test_size, split_seed, split_method } = configuration;
  return { limit, validationSize: 0, testSize: test_size, seed: split_seed, method: split_method };
}

/** Each question is in one of the three parts, in the order of the dataset. */
export interface Split<Item> {
  readonly train: readonly Item[];
  readonly validation: readonly Item[];
  readonly test: readonly Item[];
  /** SHA-256 over the ids of all parts: equal hashes, equal splits. */
  readonly hash: string;
}

/**
 * Draws floor(n × testSize) questions for testing and floor(n × validationSize) of the others for
 * validation; the rest is for training. Which ones depends on the seed, the method and the number of questions
 * only, and the test questions do not depend on the validation size. Every part keeps the order of the
 * dataset, so that it reads like the dataset it came from; the batch plan orders the training.
 *
 * @throws LabError where the sizes are not between 0 and 1, or a part that was asked for would be empty
 */
export function splitQuestions<Item extends { readonly id: string }>(
  questions: readonly Item[],
  settings: Omit<SplitSettings, 'limit'>,
): Split<Item> {
  const { test: testCount, validation: validationCount } = requireSplit(questions.length, settings);
  const positions = shuffledPositions(questions.length, settings);
  const isTest = new Set(positions.slice(0, testCount));
  const isValidation = new Set(positions.slice(testCount, testCount + validationCount));
  const train = questions.filter((_, position) => !isTest.has(position) && !isValidation.has(position));
  const validation = questions.filter((_, position) => isValidation.has(position));
  const test = questions.filter((_, position) => isTest.has(position));
  // Without validation the hash is that of the two parts that there were before: stored runs keep theirs.
  const hash = validationCount === 0 ? hashIds(train, test) : hashIds(train, validation, test);
  return { train, validation, test, hash };
}

function shuffledPositions(count: number, { seed, method }: Pick<SplitSettings, 'seed' | 'method'>): number[] {
  const positions = Array.from({ length: count }, (_, position) => position);
  return method === 'python' ? shuffledAsPython(positions, seed) : shuffled(positions, randomStream(seed, 'split'));
}

/** How many of some questions are for validation and testing. Throws as `splitQuestions`. */
export function requireSplit(
  questions: number,
  { testSize, validationSize }: Pick<SplitSettings, 'testSize' | 'validationSize'>,
): { readonly test: number; readonly validation: number } {
  if (!(testSize > 0 && testSize < 1)) {
    throw new ConfigurationError(['test_size'], `test_size is ${testSize}; it must lie between 0 and 1.`, 'Try 0.2.');
  }
  if (!(validationSize >= 0 && testSize + validationSize < 1)) {
    throw new LabError(
      'configuration',
      `validation_size is ${validationSize}; it must be at least 0, and below 1 together with test_size ${testSize}.`,
      'Try 0.1.',
    );
  }
  const test = Math.floor(questions * testSize);
  const validation = Math.floor(questions * validationSize);
  if (test === 0) throw tooFew(questions, 'test_size', testSize, 'test');
  if (validation === 0 && validationSize > 0) throw tooFew(questions, 'validation_size', validationSize, 'validate');
  return { test, validation };
}

function tooFew(questions: number, key: string, size: number, purpose: string): LabError {
  return new LabError(
    'data',
    `${key} ${size} of ${questions} questions leaves none to ${purpose} on.`,
    `Use at least ${Math.ceil(1 / size)} questions, or a larger ${key}.`,
  );
}

function hashIds(...parts: (readonly { readonly id: string }[])[]): string {
  return createHash('sha256')
    .update(JSON.stringify(parts.map((part) => part.map(({ id }) => id))))
    .digest('hex');
}
