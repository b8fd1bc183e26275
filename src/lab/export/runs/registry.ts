import { join } from 'node:path';
import type { ExportedFiles, RunFileFormat } from '../../../shared/contract/runFiles.ts';
import type { Run } from '../../../shared/history.ts';
import type { Store } from '../../store/runStore.ts';
import { exportTensorboard } from './tensorboard/exportTensorboard.ts';
import { exportTrec } from './trec.ts';

/** The formats for the figures of runs. Each makes its folder completely or not at all. */
const runFiles: Record<RunFileFormat, (store: Store, runs: readonly Run[], folder: string) => Promise<ExportedFiles>> =
  {
    trec: exportTrec,
    tensorboard: exportTensorboard,
  };

/** Writes into a folder of the home, named after the experiment and the time. Throws as the format does. */
export function exportRunFiles(store: Store, ids: readonly string[], format: RunFileFormat): Promise<ExportedFiles> {
  const runs = ids.map((id) => store.getRun(id));
  const time = new Date()
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-:]/g, '')
    .replace('T', '-');
  return runFiles[format](store, runs, join(store.home.folder, 'exports', `${runs[0]!.experiment}-${format}-${time}`));
}
