import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDataset } from '../../../src/lab/data/datasetFolder.ts';
import { importDataset } from '../../../src/lab/data/importDataset.ts';
import { downloadEncoder } from '../../../src/lab/encoders/hub/downloadEncoder.ts';
import { CachedRepository } from '../../../src/lab/net/hub/hubCache.ts';
import { missingFiles } from '../../../src/lab/encoders/hub/hubFiles.ts';
import { exportTensorboard } from '../../../src/lab/export/runs/tensorboard/exportTensorboard.ts';
import { exportTrec } from '../../../src/lab/export/runs/trec.ts';
import { exportRun } from '../../../src/lab/export/encoders/exportRun.ts';
import { reportText } from '../../../src/lab/reports/reportText.ts';
import { writeReport } from '../../../src/lab/reports/writeReport.ts';
import { openHome } from '../../../src/lab/files/home.ts';
import type { Store } from '../../../src/lab/store/runStore.ts';
import { commitA, filesOf, sha256Of, type HubServer } from '../../../tests/helpers/hubServer.ts';
import { tinyQuestions, writeCsvPair } from '../../../tests/helpers/tinyData.ts';
import type { DiskTask } from './task.ts';

/** A dataset that replaces another one. */
export async function importTask(root: string): Promise<DiskTask> {
  const home = join(root, 'importing');
  const files = join(home, 'files');
  mkdirSync(files, { recursive: true });
  const { questions, answers } = writeCsvPair(files);
  const old = writeCsvPair(root, tinyQuestions(9));
  const place = join(home, 'datasets', 'tiny');
  const importFiles = (source: { questions: string; answers: string }): Promise<unknown> =>
    importDataset({ home, name: 'tiny', source: { kind: 'csv', ...source }, replace: true });
  const stored = async (): Promise<string> => (await readDataset(place)).manifest.content.sha256;
  await importFiles(old);
  const before = await stored();
  await importFiles({ questions, answers });
  const after = await stored();
  return {
    what: 'import',
    folder: home,
    prepare: async () => {
      rmSync(join(home, 'datasets'), { recursive: true, force: true });
      await importFiles(old);
    },
    run: async () => void (await importFiles({ questions, answers })),
    halfDone: async () => {
      // As the next start of a program does.
      openHome(home);
      const found = await stored().catch((error: unknown) => (error as Error).message);
      return [before, after].includes(found) ? null : `neither the old dataset nor the new one is there: ${found}`;
    },
    isDone: async () => (await stored()) === after,
  };
}

/** Exports of a home with finished runs, each into a folder that is complete or missing. */
export async function exportTasks(store: Store): Promise<DiskTask[]> {
  const home = store.home.folder;
  const runs = store.listRuns();
  return Promise.all([
    folderTask('export of an encoder', home, (folder) => exportRun(store, runs[0]!, 'onnx', folder)),
    folderTask('export for trec_eval', home, (folder) => exportTrec(store, runs, folder)),
    folderTask('export for TensorBoard', home, (folder) => exportTensorboard(store, runs, folder)),
  ]);
}

async function folderTask(what: string, home: string, write: (folder: string) => Promise<unknown>): Promise<DiskTask> {
  const folder = join(home, 'written', what.replaceAll(' ', '-'));
  const content = (): string => (existsSync(folder) ? contentOf(folder) : '');
  await write(folder);
  const whole = content();
  return {
    what,
    folder: home,
    prepare: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
    run: async () => void (await write(folder)),
    halfDone: () => Promise.resolve(content() === '' || content() === whole ? null : 'a part of it is there'),
    isDone: () => Promise.resolve(content() === whole),
  };
}

function contentOf(folder: string): string {
  return JSON.stringify(
    Object.entries(filesOf(folder))
      .map(([name, bytes]) => [name, sha256Of(bytes)])
      .sort(),
  );
}

/** The three files of a report over earlier ones. */
export async function reportTask(store: Store): Promise<DiskTask> {
  const home = store.home.folder;
  const folder = join(home, 'reports');
  mkdirSync(folder, { recursive: true });
  const runs = store.listRuns().map(({ id }) => id);
  const formats = ['html', 'latex', 'per_query'] as const;
  const fileOf = (format: string): string => join(folder, `report.${format}`);
  const run = async (): Promise<void> => {
    for (const format of formats)
      await writeReport(fileOf(format), await reportText(store, { runs, format, metric: 'mrr@10', band: 'ci95' }));
  };
  /** Without the time of creation. */
  const read = (format: string): string =>
    readFileSync(fileOf(format), 'utf8').replaceAll(/\d{4}-\d\d-\d\d[T ][\d:.]+Z?/g, '');
  await run();
  const whole = new Map(formats.map((format) => [format, read(format)]));
  return {
    what: 'report',
    folder: home,
    prepare: () => {
      for (const format of formats) writeFileSync(fileOf(format), 'earlier');
      rmSync(join(store.home.cache, 'bm25'), { recursive: true, force: true });
      return Promise.resolve();
    },
    run,
    halfDone: () => {
      const torn = formats.find((format) => ![whole.get(format), 'earlier'].includes(read(format)));
      return Promise.resolve(torn === undefined ? null : `report.${torn} is neither the earlier one nor the new one`);
    },
    isDone: () => Promise.resolve(formats.every((format) => read(format) === whole.get(format))),
  };
}

/** The download of an encoder into the cache that it shares with Python tools. `server` has `files` as org/tiny. */
export function downloadTask(root: string, server: HubServer, files: Readonly<Record<string, Buffer>>): DiskTask {
  const cache = join(root, 'cache');
  const cached = new CachedRepository(cache, 'org/tiny');
  const settings = { endpoint: server.endpoint, cache, offline: false, token: null };
  const wrongFile = (): string | undefined =>
    Object.keys(files).find(
      (file) =>
        cached.stateOf(commitA, file) === 'present' &&
        sha256Of(readFileSync(join(cached.snapshot(commitA), file))) !== sha256Of(files[file]!),
    );
  return {
    what: 'download',
    folder: cache,
    prepare: () => {
      rmSync(cache, { recursive: true, force: true });
      mkdirSync(cache);
      return Promise.resolve();
    },
    run: async () => void (await downloadEncoder('hf:org/tiny', { settings })),
    halfDone: () => {
      const wrong = wrongFile();
      if (wrong !== undefined) return Promise.resolve(`${wrong} is there and is not what the server has`);
      const missing = cached.commitOf('main') === null ? [] : missingFiles(cached, commitA);
      return Promise.resolve(missing.length > 0 ? `main leads to a snapshot without ${missing.join(', ')}` : null);
    },
    isDone: () =>
      Promise.resolve(
        wrongFile() === undefined && cached.commitOf('main') === commitA && missingFiles(cached, commitA).length === 0,
      ),
  };
}
