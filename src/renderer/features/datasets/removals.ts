import type { LabClient } from '../../../shared/contract/contract.ts';
import type { DamagedDataset, DatasetSummary } from '../../../shared/contract/datasets.ts';
import type { StoredEncoder } from '../../../shared/contract/encoders.ts';
import { formatAmount, formatBytes } from '../../../shared/format.ts';

/** Something stored that somebody wants to delete, as the question about it says. */
export interface Removal {
  readonly title: string;
  readonly description: string;
  /** What else it touches; null where it touches nothing. */
  readonly consequence: string | null;
  readonly remove: (lab: LabClient) => Promise<null>;
}

/** Of a damaged dataset, what it held cannot be told. */
export function datasetRemoval(dataset: DatasetSummary | DamagedDataset): Removal {
  const { name } = dataset;
  const held =
    'manifest' in dataset
      ? `${formatAmount(dataset.manifest.counts.questions, 'question')}, ${formatBytes(dataset.bytes)}. `
      : '';
  const used = 'manifest' in dataset ? dataset.experiments : 0;
  return {
    title: name,
    description: `${held}This cannot be undone. The files that it was imported from stay.`,
    consequence:
      used === 0
        ? null
        : `${formatAmount(used, 'experiment')} used it. Their results stay, but their unfinished runs can no longer be resumed.`,
    remove: (lab) => lab.call('datasets.delete', { name }),
  };
}

export function encoderRemoval({ encoder, origin, title, bytes }: StoredEncoder): Removal {
  return {
    title,
    description: `${formatBytes(bytes)}. ${origin === 'hub' ? 'It can be downloaded again.' : 'This cannot be undone. The results of the run stay.'}`,
    consequence:
      origin === 'hub' ? 'It is in the cache that Python tools also use. They must then download it again, too.' : null,
    remove: (lab) => lab.call('encoders.delete', { encoder }),
  };
}
