import type { InspectedColumn, InspectorCorpus } from '../../shared/contract/inspector.ts';
import type { Configuration, EncoderConfiguration } from '../../shared/configuration.ts';
import type { SplitReference } from './inspectedSplit.ts';

/** Where the encoder of a column comes from: what a finished run has left, or what a run began from, made again. */
export type EncoderSource =
  | { readonly kind: 'finished'; readonly folder: string; readonly configuration: EncoderConfiguration }
  /** `weights` is the hash that the run has stored of them. */
  | { readonly kind: 'untrained'; readonly configuration: Configuration; readonly weights: string | null };

export type ColumnSource = Pick<InspectedColumn, 'key' | 'name' | 'kind' | 'seed'> &
  (
    | { readonly encoder: EncoderSource }
    | { readonly bm25: true }
    | { readonly problem: NonNullable<InspectedColumn['problem']> }
  );

/** Everything that an inspection needs to know, so that a process without the history can do it. */
export interface InspectionJob {
  readonly split: SplitReference;
  readonly columns: readonly ColumnSource[];
  readonly corpus: InspectorCorpus;
  readonly top: number;
  /** The id of a test question, or a text of one's own. */
  readonly asked: { readonly question: string } | { readonly text: string };
}
