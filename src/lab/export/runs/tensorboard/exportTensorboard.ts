import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../../../shared/history.ts';
import { writeAtomically } from '../../../files/atomicFile.ts';
import { writeNewFolder } from '../../encoders/newFolder.ts';
import type { Store } from '../../../store/runStore.ts';
import { readHistory, type RunHistory } from '../runHistory.ts';
import { baselinesOf } from '../baselines.ts';
import { fileNames, runTitle } from '../names.ts';
import { baselineFile, eventFile } from './eventFile.ts';

export interface TensorboardExport {
  readonly folder: string;
  /** Paths of its files, relative to the folder: one per run, and one each for BM25 and untrained encoders. */
  readonly files: readonly string[];
  /** By run: the name of its sub-folder, which TensorBoard shows. */
  readonly names: Readonly<Record<string, string>>;
  /** Why BM25 is missing, in sentences. */
  readonly missing: readonly string[];
}

/** Approximate bytes of a figure in a file, with its tag. */
const figureBytes = 40;

/**
 * Writes the figures of runs for TensorBoard: a folder with a sub-folder per run, and for BM25 and the untrained
 * encoders. Throws a LabError if a run has no records, or if the folder is not empty or cannot be written.
 */
export async function exportTensorboard(
  store: Store,
  runs: readonly Run[],
  folder: string,
): Promise<TensorboardExport> {
  const histories = runs.map(({ id }) => readHistory(store, id));
  const { found: baselines, missing } = await baselinesOf(store, runs);
  const names = fileNames([...runs.map(runTitle), ...baselines.map(({ title }) => title)]);
  const contents = [
    ...histories.map((history) => ({ run: history.run, content: eventFile(history) })),
    ...baselines.map((baseline) => ({ run: baseline.runs[0]!, content: baselineFile(baseline) })),
  ];
  const files = contents.map(({ run }, i) => join(names[i]!, eventFileName(run)));
  await writeNewFolder(
    folder,
    histories.reduce((sum, history) => sum + figuresOf(history), 0) * figureBytes,
    (written) => {
      for (const [i, { content }] of contents.entries()) {
        mkdirSync(join(written, names[i]!));
        writeAtomically(join(written, files[i]!), content);
      }
    },
  );
  return { folder, files, names: Object.fromEntries(runs.map(({ id }, i) => [id, names[i]!])), missing };
}

/** TensorBoard reads the time in seconds from the name, and orders files by it. */
export function eventFileName(run: Run, begun = Date.parse(run.started ?? run.created)): string {
  return `events.out.tfevents.${Math.floor(begun / 1000)}.losslab`;
}

function figuresOf({ curves, evaluations }: RunHistory): number {
  return (
    curves.steps.length * Object.keys(curves.columns).length +
    evaluations.reduce((sum, { metrics }) => sum + Object.keys(metrics).length, 0)
  );
}
