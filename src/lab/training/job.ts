import { join } from 'node:path';
import type { Configuration } from '../../shared/configuration.ts';
import type { ChosenDevice, DeviceName } from '../../shared/device.ts';
import type { Run } from '../../shared/history.ts';
import type { Home } from '../files/home.ts';

/** The job of a training process: one run, and its folders. */
export interface TrainingJob {
  readonly run: string;
  readonly configuration: Configuration;
  /** Folder of the dataset. */
  readonly dataset: string;
  /** Folder of the run: checkpoints, and the finished encoder. */
  readonly folder: string;
  /** Folder for files that can be computed again. */
  readonly cache: string;
  readonly device: DeviceName;
  /** Why this device was chosen, as text. */
  readonly deviceReason: string;
}

/** `dataset` is the folder of the run's dataset. */
export function trainingJob(home: Home, run: Run, dataset: string, device: ChosenDevice): TrainingJob {
  return {
    run: run.id,
    configuration: run.configuration,
    dataset,
    folder: runFolder(home, run.id),
    cache: home.cache,
    device: device.device,
    deviceReason: device.reason,
  };
}

export function runFolder(home: Home, run: string): string {
  return join(home.runs, run);
}
