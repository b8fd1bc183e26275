import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openHome } from '../../src/lab/files/home.ts';
import { openStore } from '../../src/lab/store/runStore.ts';
import { losslab } from '../../tests/helpers/commandLine.ts';
import { commitA, filesOf, hubServer } from '../../tests/helpers/hubServer.ts';
import { sentenceFiles, tinyMiniLm, writeModel } from '../../tests/helpers/tinyModels.ts';
import { makeFilesFail } from './disk/failingFiles.ts';
import { smallDiskLine } from './disk/smallDisk.ts';
import { attemptTask, trialsOfTask, type DiskTask } from './disk/task.ts';
import { downloadTask, exportTasks, importTask, reportTask } from './disk/tasks.ts';
import { trainingOnDisk, type FailingRole } from './disk/training.ts';
import { sample, type Trial } from './disk/trial.ts';
import { lineOf, type FaultLine, type FaultPart, type Scale } from './lines.ts';

/** A disk that is full, broken or read-protected at every single file operation, once and permanently. */
export const disk: FaultPart = {
  what: 'every file operation failing with ENOSPC, EIO and EACCES, once and for good',
  async run(scale, soFar) {
    makeFilesFail();
    const root = mkdtempSync(join(tmpdir(), 'losslab-disk-'));
    try {
      const lines: FaultLine[] = [];
      for await (const line of diskLines(root, scale)) {
        lines.push(line);
        soFar?.(lines);
      }
      return lines;
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
};

/**
 * How many of all faults are tried, evenly spread: each training takes seconds, and a long file needs a thousand
 * operations.
 */
const trials = {
  long: { training: 80, smallDisk: 20, task: 80 },
  short: { training: 1, smallDisk: 1, task: 4 },
} as const satisfies Record<Scale, object>;

async function* diskLines(root: string, scale: Scale): AsyncGenerator<FaultLine> {
  yield* taskLines(root, scale);
  yield await smallDiskLine(root, trials[scale].smallDisk);
  yield* trainingLines(root, scale);
}

async function* trainingLines(root: string, scale: Scale): AsyncGenerator<FaultLine> {
  for (const role of ['trainer', 'command'] as const satisfies FailingRole[]) {
    const training = await trainingOnDisk(root, role);
    yield await lineOfTrials(
      `train, in the ${role === 'trainer' ? 'training process' : "command's own process"}`,
      training.trials,
      trials[scale].training,
      (trial) => training.attempt(trial),
    );
  }
}

async function* taskLines(root: string, scale: Scale): AsyncGenerator<FaultLine> {
  await using server = await hubServer();
  const model = join(root, 'model');
  writeModel(
    model,
    tinyMiniLm(),
    {},
    {
      ...sentenceFiles(24, 'pooling_mode_mean_tokens'),
      'vocab.txt': ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', ...'abcdefghijklmnopqrstuvwxy'].join('\n'),
    },
  );
  server.add('org/tiny', commitA, filesOf(model));
  using store = openStore(openHome(await homeWithRuns(root)));
  const tasks: DiskTask[] = [
    await importTask(root),
    ...(await exportTasks(store)),
    await reportTask(store),
    downloadTask(root, server, filesOf(model)),
  ];
  for (const task of tasks)
    yield await lineOfTrials(task.what, await trialsOfTask(task), trials[scale].task, (trial) =>
      attemptTask(task, trial),
    );
}

/** Two finished runs. */
async function homeWithRuns(root: string): Promise<string> {
  const home = join(root, 'home');
  const settings = ['limit=60', 'batch_size=8', 'epochs=1', 'embed_dim=16'].flatMap((setting) => ['--set', setting]);
  const { code, stderr } = await losslab(
    home,
    'train',
    '--config',
    'infonce_standard',
    'listwise',
    '--data',
    'sample',
    '--device',
    'cpu',
    ...settings,
  );
  if (code !== 0) throw new Error(`An undisturbed command ended with ${code}: ${stderr}`);
  return home;
}

async function lineOfTrials(
  what: string,
  all: readonly Trial[],
  count: number,
  attempt: (trial: Trial) => Promise<string | null>,
): Promise<FaultLine> {
  const outcomes: (string | null)[] = [];
  for (const trial of sample(all, count)) outcomes.push(await attempt(trial));
  return lineOf(what, outcomes, `of ${all.length} faults`);
}
