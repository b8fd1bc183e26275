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
    description: `${held}This cannot be undone; the files it was imported from stay where they are.`,
    consequence:
      used === 0
        ? null
        : `${formatAmount(used, 'experiment')} used it. Their results stay, but what is not finished can no longer be continued.`,
    remove: (lab) => lab.call('datasets.delete', { name }),
  };
}

export function encoderRemoval({ encoder, origin, title, bytes }: StoredEncoder): Removal {
  return {
    title,
    description: `${formatBytes(bytes)}. ${origin === 'hub' ? 'It can be downloaded again.' : 'This cannot be undone; the results of the run stay.'}`,
    consequence:
      origin === 'hub'
        ? 'It lies in the cache that the Python tools share: they will have to fetch it again, too.'
        : null,
    remove: (lab) => lab.call('encoders.delete', { encoder }),
  };
}
