import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../../../shared/history.ts';
import { writeAtomically } from '../../../files/atomicFile.ts';
import { writeNewFolder } from '../../encoders/newFolder.ts';
import type { Store } from '../../../store/runStore.ts';
import { readHistory, type RunHistory } from '../runHistory.ts';
import { eventFile } from './eventFile.ts';

export interface TensorboardExport {
  readonly folder: string;
  /** Paths of its files, relative to the folder: one per run. */
  readonly files: readonly string[];
}

/** Approximate bytes of a figure in a file, with its tag. */
const figureBytes = 40;

/**
 * Writes the figures of runs for TensorBoard: a folder with a sub-folder per run. Throws a LabError if a run has no
 * records, or if the folder is not empty or cannot be written.
 */
export async function exportTensorboard(
  store: Store,
  runs: readonly Run[],
  folder: string,
): Promise<TensorboardExport> {
  const histories = runs.map(({ id }) => readHistory(store, id));
  const files = histories.map(({ run }) =>
    join(run.id, `events.out.tfevents.${Math.floor(Date.parse(run.started ?? run.created) / 1000)}.losslab`),
  );
  await writeNewFolder(
    folder,
    histories.reduce((sum, history) => sum + figuresOf(history), 0) * figureBytes,
    (written) => {
      for (const [i, history] of histories.entries()) {
        mkdirSync(join(written, history.run.id));
        writeAtomically(join(written, files[i]!), eventFile(history));
      }
    },
  );
  return { folder, files };
}

function figuresOf({ curves, evaluations }: RunHistory): number {
  return (
    curves.steps.length * Object.keys(curves.columns).length +
    evaluations.reduce((sum, { metrics }) => sum + Object.keys(metrics).length, 0)
  );
}
