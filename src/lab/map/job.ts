import type { EmbeddingMap, MapLayout, MapProgress } from '../../shared/contract/map.ts';
import type { Failure } from '../../shared/contract/messages.ts';
import type { RunDataReference } from '../data/runData.ts';
import type { EncoderSource } from '../training/openEncoder.ts';

/** Everything that a map is made from, so that a process without the history can do it. */
export interface MapJob {
  readonly data: RunDataReference;
  /** One or two. */
  readonly runs: readonly (Omit<MapLayout, 'positions'> & { readonly encoder: EncoderSource })[];
  /** Folder for what can be computed again. */
  readonly cache: string;
}

/** What a process that makes a map tells its owner, over a channel that keeps typed arrays. It is sent one job. */
export type MessageFromMap =
  | { readonly type: 'progress'; readonly progress: MapProgress }
  | { readonly type: 'made'; readonly map: EmbeddingMap }
  | { readonly type: 'failed'; readonly failure: Failure };
