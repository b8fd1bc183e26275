import type { MapLayout } from '../../shared/contract/map.ts';
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
