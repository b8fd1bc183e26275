import type { JudgedCollection, QueryRetrieval } from './retrieval.ts';

/** The two files that trec_eval compares, so that it can check the figures of LossLab. */

export interface Rankings {
  readonly queries: readonly Pick<QueryRetrieval, 'id' | 'ranking'>[];
}

/**
 * The rankings: `query Q0 document rank similarity run`. trec_eval reads only the similarity, as a 32-bit number, and
 * orders equal ones by descending id. So each similarity is written lower than the one before it, by at least the
 * smallest step.
 */
export function* trecRun({ queries }: Rankings, run: string): Generator<string, void> {
  for (const { id, ranking } of queries) {
    let last = Infinity;
    for (const [index, document] of ranking.entries()) {
      last = document.similarity < last ? document.similarity : nextBelow(last);
      yield `${field(id)} Q0 ${field(document.id)} ${index + 1} ${last} ${field(run)}\n`;
    }
  }
}

/** The judgements of the queries that were evaluated: `query 0 document grade`. */
export function* trecQrels(
  { queries }: { readonly queries: readonly Pick<QueryRetrieval, 'id'>[] },
  { judgements }: Pick<JudgedCollection, 'judgements'>,
): Generator<string, void> {
  for (const { id } of queries) {
    for (const [document, grade] of judgements.get(id)!) yield `${field(id)} 0 ${field(document)} ${grade}\n`;
  }
}

/** Fields end at white space, so white space and `%` are percent-encoded: different ids stay different. */
function field(text: string): string {
  return text.replace(/[\s%\p{Cc}]/gu, encodeURIComponent);
}

/** The next lower 32-bit float: of positive ones the bits count up with the value, of negative ones down. */
export function nextBelow(value: number): number {
  const float = Float32Array.of(value);
  const bits = new Int32Array(float.buffer);
  if (float[0] === 0) return -(2 ** -149);
  bits[0]! += float[0]! > 0 ? -1 : 1;
  return float[0]!;
}
