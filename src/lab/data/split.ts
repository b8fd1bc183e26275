import { createHash } from 'node:crypto';
import { LabError } from '../../shared/errors.ts';
import { randomStream, shuffled } from '../base/random.ts';

export interface Split<Item> {
  readonly train: readonly Item[];
  readonly test: readonly Item[];
  /** SHA-256 over the ids of both sides: equal hashes, equal splits. */
  readonly hash: string;
}

/**
 * Draws floor(n × testSize) questions for testing; the rest is for training. Which ones depends on
 * the seed and the number of questions only. Both sides keep the order of the dataset, so that one
 * side reads like the dataset it came from; the order of training is the batch plan's affair.
 *
 * @throws LabError where `testSize` is not between 0 and 1, or one side would be empty
 */
export function splitQuestions<Item extends { readonly id: string }>(
  questions: readonly Item[],
  { testSize, seed }: { readonly testSize: number; readonly seed: number },
): Split<Item> {
  if (!(testSize > 0 && testSize < 1)) {
    throw new LabError('configuration', `test_size is ${testSize}; it must lie between 0 and 1.`, 'Try 0.2.');
  }
  const testCount = Math.floor(questions.length * testSize);
  if (testCount === 0) throw tooFew(questions.length, testSize);
  const positions = shuffled([...questions.keys()], randomStream(seed, 'split'));
  const isTest = new Set(positions.slice(0, testCount));
  const train = questions.filter((_, position) => !isTest.has(position));
  const test = questions.filter((_, position) => isTest.has(position));
  return { train, test, hash: hashIds(train, test) };
}

function tooFew(questions: number, testSize: number): LabError {
  const needed = Math.ceil(1 / testSize);
  return new LabError(
    'data',
    `test_size ${testSize} of ${questions} questions leaves none to test on.`,
    `Use at least ${needed} questions, or a larger test_size.`,
  );
}

function hashIds(...sides: (readonly { readonly id: string }[])[]): string {
  return createHash('sha256')
    .update(JSON.stringify(sides.map((side) => side.map(({ id }) => id))))
    .digest('hex');
}
