import type { Configuration } from '../../shared/configuration.ts';
import type { DeviceName } from '../../shared/device.ts';

/** Everything a training process is told: one run, and where to find and put things. */
export interface TrainingJob {
  readonly run: string;
  readonly configuration: Configuration;
  /** Folder of the dataset. */
  readonly dataset: string;
  /** Folder of the run: checkpoints, and the finished encoder. */
  readonly folder: string;
  /** Folder for what can be computed again. */
  readonly cache: string;
  readonly device: DeviceName;
  /** Why this device, in words. */
  readonly deviceReason: string;
}
