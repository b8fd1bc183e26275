/**
 * Measures of one ranked list, with binary relevance unless stated otherwise. The list is given as the `ranks` of its
 * relevant documents, ascending: 1 is the first place, Infinity is a relevant document that is not in the list. Every
 * measure lies in [0, 1] and is 0 if no relevant document is found (or exists).
 */

/** Ranks of the relevant documents of a list, from its relevances (1 or 0) in rank order. */
export function relevantRanks(relevances: readonly number[]): number[] {
  return relevances.flatMap((relevance, index) => (relevance > 0 ? [index + 1] : []));
}

/**
 * Reciprocal rank: 1 / rank of the first relevant document, or 0 if that is beyond `cutoff`. Its mean over queries is
 * MRR (Voorhees, The TREC-8 Question Answering Track Report, 1999); trec_eval's recip_rank has no cutoff.
 */
export function reciprocalRank(ranks: readonly number[], cutoff = Infinity): number {
  const first = ranks[0] ?? Infinity;
  return first <= cutoff ? 1 / first : 0;
}

/** 1 if a relevant document is among the first `k`, else 0; trec_eval's success_k. */
export function accuracy(ranks: readonly number[], k: number): number {
  return (ranks[0] ?? Infinity) <= k ? 1 : 0;
}

/** Share of the relevant documents that are among the first `k`; trec_eval's recall_k. */
export function recall(ranks: readonly number[], k: number): number {
  return ranks.length === 0 ? 0 : within(ranks, k).length / ranks.length;
}

/**
 * NDCG@k with gains 1 and 0: DCG / ideal DCG, DCG = Σ 1 / log2(rank + 1) over the relevant in the first k, the ideal
 * has all relevant documents on top (Järvelin and Kekäläinen, Cumulated gain-based evaluation of IR techniques, TOIS
 * 2002; discount and ideal as trec_eval's ndcg_cut_k).
 */
export function ndcg(ranks: readonly number[], k: number): number {
  return normalisedGain(within(ranks, k), Math.min(ranks.length, k));
}

/**
 * NDCG@k with degrees of relevance: DCG = Σ grade / log2(rank + 1) over the `found` documents in the first k, the ideal
 * has the highest of all `grades` on top. The gain of a document is its grade itself, as in trec_eval's ndcg_cut_k
 * (others use 2^grade − 1).
 */
export function gradedNdcg(
  found: readonly { readonly rank: number; readonly grade: number }[],
  grades: readonly number[],
  k: number,
): number {
  const gain = (sum: number, { rank, grade }: { readonly rank: number; readonly grade: number }): number =>
    sum + grade / Math.log2(rank + 1);
  const ideal = grades
    .toSorted((a, b) => b - a)
    .slice(0, k)
    .map((grade, index) => ({ rank: index + 1, grade }));
  return ideal.length === 0 ? 0 : found.filter(({ rank }) => rank <= k).reduce(gain, 0) / ideal.reduce(gain, 0);
}

/** NDCG@k whose ideal is the best order of the relevant documents in the first k, without those beyond. */
export function truncatedNdcg(ranks: readonly number[], k: number): number {
  const found = within(ranks, k);
  return normalisedGain(found, found.length);
}

/**
 * Average precision at k: the precision at each relevant document in the first k, summed and
 * divided by the number of **all** relevant documents; trec_eval's map_cut_k. (Others divide by
 * min(k, relevant), which differs for queries with more than k relevant documents.)
 */
export function averagePrecision(ranks: readonly number[], k: number): number {
  return ranks.length === 0 ? 0 : precisionSum(within(ranks, k)) / ranks.length;
}

/** Average precision at k over the relevant documents in the first k; others are ignored. */
export function truncatedAveragePrecision(ranks: readonly number[], k: number): number {
  const found = within(ranks, k);
  return found.length === 0 ? 0 : precisionSum(found) / found.length;
}

function within(ranks: readonly number[], k: number): number[] {
  return ranks.filter((rank) => rank <= k);
}

function normalisedGain(ranks: readonly number[], idealCount: number): number {
  if (ranks.length === 0) return 0;
  const ideal = Array.from({ length: idealCount }, (_, index) => index + 1);
  return discountedGain(ranks) / discountedGain(ideal);
}

function discountedGain(ranks: readonly number[]): number {
  return ranks.reduce((sum, rank) => sum + 1 / Math.log2(rank + 1), 0);
}

/** Σ precision at each of these ranks, which must be all relevant ranks down to the last one. */
function precisionSum(ranks: readonly number[]): number {
  return ranks.reduce((sum, rank, index) => sum + (index + 1) / rank, 0);
}
