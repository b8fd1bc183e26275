import { retrievalMetricNames, type Retrieval } from '../evaluation/retrieval.ts';
import { toCsv } from '../../shared/csv.ts';

/** The values of every query as CSV (RFC 4180, UTF-8). */
export function retrievalToCsv({ queries }: Retrieval): string {
  const rows = queries.map(({ id, values }) => [id, ...retrievalMetricNames.map((name) => values[name])]);
  return toCsv([['query', ...retrievalMetricNames], ...rows]);
}
