import { fuzzAll, type FuzzResult } from '../fuzz/fuzzAll.ts';
import { targets } from '../fuzz/targets.ts';
import type { FaultLine, FaultPart } from './lines.ts';

const seed = 1;
/** Each round goes through all targets, so that every target gets inputs even if time runs out. */
const rounds = { long: { rounds: 20, inputs: 10_000 }, short: { rounds: 1, inputs: 200 } };

export const fuzz: FaultPart = {
  what: 'every parser and every message of the contract, given changed inputs: no crash, no hang, no wrong accept',
  async run(scale, soFar) {
    const results = new Map<string, FuzzResult>();
    const linesOfAll = (): FaultLine[] => [...results].map(([name, result]) => lineOfTarget(name, result));
    const { inputs } = rounds[scale];
    for (let round = 0; round < rounds[scale].rounds; round++) {
      await fuzzAll(Object.keys(targets), { seed, from: round * inputs, count: inputs }, (name, result) => {
        results.set(name, sumOf(results.get(name), result));
        soFar?.(linesOfAll());
      });
    }
    return linesOfAll();
  },
};

function sumOf(before: FuzzResult | undefined, result: FuzzResult): FuzzResult {
  if (!before) return result;
  const sum = (of: 'tried' | 'accepted' | 'refused' | 'seconds'): number => before[of] + result[of];
  return {
    tried: sum('tried'),
    accepted: sum('accepted'),
    refused: sum('refused'),
    seconds: sum('seconds'),
    failures: [...before.failures, ...result.failures],
  };
}

function lineOfTarget(name: string, { tried, accepted, refused, failures }: FuzzResult): FaultLine {
  return {
    what: name,
    tried,
    survived: tried - failures.length,
    losses: failures.map(({ kind, index, message }) => `${name}, seed ${seed}, input ${index}: ${kind}: ${message}`),
    remarks: `${accepted.toLocaleString('en')} accepted, ${refused.toLocaleString('en')} refused`,
  };
}
