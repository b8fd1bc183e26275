import { randomStream } from '../../src/lab/base/random.ts';
import { byteMutators, insertWord, splice } from './mutators/bytes.ts';
import { oneOf, type FuzzTarget, type Mutator } from './target.ts';

/** The inputs of a target by number, each a function of target, seed and number: first the seeds of all others. */
export function fuzzInputs(name: string, target: FuzzTarget, seed: number): (index: number) => Buffer {
  const seeds = target.seeds();
  const plain = [...byteMutators, splice(seeds), ...(target.words ? [insertWord(target.words)] : [])];
  const knowing = target.mutators ?? [];
  return (index) => {
    if (index < seeds.length) return Buffer.from(seeds[index]!);
    const random = randomStream(seed, 'resampling', 'fuzz', name, index);
    let input = Buffer.from(oneOf(seeds, random));
    // Usually one change: most parsers refuse after the first.
    for (let more = true; more; more = random.integer(2) === 0) {
      const kind: readonly Mutator[] =
        target.knowingOnly || (knowing.length > 0 && random.integer(2) === 0) ? knowing : plain;
      input = Buffer.from(oneOf(kind, random)(input, random));
      if (input.length > largestInput) return input.subarray(0, largestInput);
    }
    return input;
  };
}

/** Maximum bytes: many short inputs are better than few long ones. */
const largestInput = 2 ** 18;
