import type { ChosenDevice } from '../../shared/device.ts';
import { findDatasetOfRun } from '../data/findDataset.ts';
import { chooseDevice } from '../engine/devices.ts';
import type { Store } from '../store/runStore.ts';
import type { WorkerLauncher } from '../work/workers.ts';

/** The data and device that all runs of an experiment share. */
export interface Conditions {
  /** Folder of the dataset. */
  readonly dataset: string;
  readonly device: ChosenDevice;
}

/**
 * Finds the dataset of an experiment that has runs, and tests its device. Throws a `data` LabError for a dataset that
 * is missing or has changed, and a `device` LabError for a device that cannot be used.
 */
export async function findConditions(store: Store, launcher: WorkerLauncher, experiment: string): Promise<Conditions> {
  const runs = store.listRuns({ experiment });
  const [first] = runs;
  const { folder: dataset } = await findDatasetOfRun(store.home, first!);
  // If some runs were trained, the others use the same device: another device would give other figures.
  const before = runs.find(({ start }) => start)?.start;
  if (!before) return { dataset, device: await chooseDevice(first!.configuration.training.device, launcher) };
  const { device } = await chooseDevice(before.device, launcher);
  return { dataset, device: { device, reason: before.device_reason } };
}
