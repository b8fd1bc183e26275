import type { Manifest } from '../../../shared/manifest.ts';

const sourceTitles: Record<Manifest['source']['kind'], string> = { csv: 'CSV tables', json: 'JSON file', made: 'Comes with LossLab' };

/** Where a dataset comes from, in a word or two. */
export function sourceTitle({ source }: Manifest): string {
  return sourceTitles[source.kind];
}
