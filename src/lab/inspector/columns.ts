import type { InspectedColumn, InspectorCorpus } from '../../shared/contract/inspector.ts';
import type { EncoderSource } from '../training/openEncoder.ts';
import type { RunDataReference } from '../data/runData.ts';

export type ColumnSource = Pick<InspectedColumn, 'key' | 'name' | 'kind' | 'seed'> &
  (
    | { readonly encoder: EncoderSource }
    | { readonly bm25: true }
    | { readonly problem: NonNullable<InspectedColumn['problem']> }
  );

/** Everything that an inspection needs to know, so that a process without the history can do it. */
export interface InspectionJob {
  readonly data: RunDataReference;
  readonly columns: readonly ColumnSource[];
  readonly corpus: InspectorCorpus;
  readonly top: number;
  /** The id of a test question, or a text of one's own. */
  readonly asked: { readonly question: string } | { readonly text: string };
}
