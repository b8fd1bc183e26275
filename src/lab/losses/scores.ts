import { pairsByGroup } from './contrastive.ts';
import type { Pair } from '../batching/pair.ts';

/** Votes scaled to [0, 1] by the question's lowest and highest; 1 if all are equal. By pair. */
export function scaledScores(pairs: readonly Pair[]): number[] {
  const result = pairs.map(() => 1);
  for (const members of pairsByGroup(pairs)) {
    const scores = members.map((i) => pairs[i]!.score);
    const [lowest, highest] = [Math.min(...scores), Math.max(...scores)];
    if (highest > lowest) members.forEach((i, k) => (result[i] = (scores[k]! - lowest) / (highest - lowest)));
  }
  return result;
}
