import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { importDataset } from '../../../src/lab/data/importDataset.ts';
import type { ImportSource } from '../../../src/shared/sourceRequest.ts';

export interface ImportFigures {
  readonly questions: number;
  readonly answers: number;
  readonly seconds: number;
  /** Peak resident memory of the importing process, including Node. */
  readonly peakMegabytes: number;
}

/** Imports into an empty home folder, in a separate process, to measure only its memory. */
export async function importInProcess(source: ImportSource, home: string): Promise<ImportFigures> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify({ source, home })]);
  const figures = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`The importing process ended early with code ${code}.`);
    }),
  ]);
  return figures[0] as ImportFigures;
}

async function measureImport(options: { source: ImportSource; home: string }): Promise<ImportFigures> {
  const start = performance.now();
  const { manifest } = await importDataset({ ...options, name: 'bench' });
  return {
    questions: manifest.counts.questions,
    answers: manifest.counts.answers,
    seconds: (performance.now() - start) / 1000,
    peakMegabytes: (process.resourceUsage().maxRSS * 1024) / 1e6,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.send!(await measureImport(JSON.parse(process.argv[2]!) as { source: ImportSource; home: string }));
}
