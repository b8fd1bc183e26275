import { readFileSync } from 'node:fs';

/** Run and judgement files as trec_eval reads them, and its measures, written from their definitions. */

export interface TrecFiles {
  readonly run: string;
  readonly qrels: string;
}

/** Relevances of each query's documents in trec_eval's order: falling 32-bit scores, then falling ids. Ranks in the file play no part. */
export function trecMeasures({ run, qrels }: TrecFiles): Map<string, Record<string, number>> {
  const relevant = Map.groupBy(fieldsOf(qrels, 4), ([query]) => query!);
  const ranked = Map.groupBy(fieldsOf(run, 6), ([query]) => query!);
  return new Map(
    Array.from(relevant, ([query, judgements]) => {
      const wanted = new Set(
        judgements.filter(([, , , grade]) => Number(grade) >= 1).map(([, , document]) => document!),
      );
      const order = (ranked.get(query) ?? []).toSorted(
        (a, b) => Math.fround(Number(b[4])) - Math.fround(Number(a[4])) || (a[2]! < b[2]! ? 1 : -1),
      );
      return [
        query,
        measuresOf(
          order.map(([, , document]) => wanted.has(document!)),
          wanted.size,
        ),
      ];
    }),
  );
}

function fieldsOf(file: string, count: number): string[][] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const fields = line.split(/\s+/);
      if (fields.length !== count) throw new Error(`${file}: ${fields.length} fields instead of ${count} in "${line}"`);
      return fields;
    });
}

function measuresOf(hits: readonly boolean[], relevant: number): Record<string, number> {
  const within = (k: number): number => hits.slice(0, k).filter(Boolean).length;
  const gain = (k: number, isHit: (rank: number) => boolean): number =>
    Array.from({ length: k }, (_, rank) => (isHit(rank) ? 1 / Math.log2(rank + 2) : 0)).reduce((a, b) => a + b, 0);
  const first = hits.indexOf(true);
  return {
    'mrr@10': first >= 0 && first < 10 ? 1 / (first + 1) : 0,
    'ndcg@10': gain(10, (rank) => hits[rank] ?? false) / gain(10, (rank) => rank < relevant),
    'map@100':
      hits.slice(0, 100).reduce((sum, hit, rank) => sum + (hit ? within(rank + 1) / (rank + 1) : 0), 0) / relevant,
    ...Object.fromEntries(
      [1, 3, 5, 10].flatMap((k) => [
        [`accuracy@${k}`, within(k) > 0 ? 1 : 0],
        [`recall@${k}`, within(k) / relevant],
      ]),
    ),
  };
}
