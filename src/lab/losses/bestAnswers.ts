import type { PairBatch } from '../batching/batch.ts';
import { pairsByGroup, type Anchor } from './contrastive.ts';

/** Anchors of the losses in which each question aims only at its best answer. */
export function bestAnswers({ pairs }: PairBatch): Anchor[] {
  const groups = pairsByGroup(pairs);
  return groups.map((members) => {
    const best = members.reduce((found, i) => (pairs[i]!.rank < pairs[found]!.rank ? i : found));
    return { pair: pairs[best]!, weight: 1 / groups.length, target: new Map([[best, 1]]), correct: [best] };
  });
}
