import fs from 'node:fs';
import path from 'node:path';
import envPaths from 'env-paths';
import { LabError } from '../../shared/errors.ts';
import { restoreReplaced } from './replaceFolder.ts';

/** The folder in which LossLab keeps everything: its history, datasets, runs and caches. */
export interface Home {
  readonly folder: string;
  /** The SQLite file. */
  readonly database: string;
  /** One folder per dataset. */
  readonly datasets: string;
  /** One folder per run: checkpoints and the finished encoder. */
  readonly runs: string;
  /** What is being downloaded, or was interrupted. */
  readonly downloads: string;
  /** Whatever can be computed again. */
  readonly cache: string;
}

/** `--home`, else LOSSLAB_HOME, else the system's folder for application data. */
export function locateHome(explicit?: string, environment: NodeJS.ProcessEnv = process.env): Home {
  return homeAt(explicit ?? (environment.LOSSLAB_HOME || envPaths('losslab', { suffix: '' }).data));
}

function homeAt(location: string): Home {
  const folder = path.resolve(location);
  return {
    folder,
    database: path.join(folder, 'losslab.db'),
    datasets: path.join(folder, 'datasets'),
    runs: path.join(folder, 'runs'),
    downloads: path.join(folder, 'downloads'),
    cache: path.join(folder, 'cache'),
  };
}

/**
 * Finds the home folder and creates what is missing of it. Throws a `storage` LabError where it
 * cannot be created or written to.
 */
export function openHome(explicit?: string, environment: NodeJS.ProcessEnv = process.env): Home {
  const home = locateHome(explicit, environment);
  try {
    for (const folder of [home.folder, home.datasets, home.runs, home.downloads, home.cache]) {
      makeFolder(folder);
      fs.accessSync(folder, fs.constants.W_OK | fs.constants.X_OK);
    }
    restoreReplaced(home.datasets);
  } catch (error) {
    throw homeError(home, error);
  }
  return home;
}

/** Node's own recursive mkdir never returns where a file system refuses a folder with ENOENT, as /proc does. */
function makeFolder(folder: string): void {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    // Another program may have made it meanwhile.
    if (!fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

function homeError(home: Home, error: unknown): LabError {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(home.folder, error);
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    EEXIST: 'a file stands in its place',
    ENOTDIR: 'a file stands in its place',
    ENOENT: 'no folder can be made there',
  };
  const reason = (code && reasons[code]) ?? (error as Error).message;
  return new LabError(
    'storage',
    `The home folder ${home.folder} cannot be written to: ${reason}.`,
    'Choose a folder of your own with --home or LOSSLAB_HOME, or change its permissions.',
    { cause: error },
  );
}

export function diskFull(folder: string, cause?: unknown): LabError {
  return new LabError(
    'storage',
    `The disk that holds ${folder} is full.`,
    'Free some space, or choose a folder on another disk with --home or LOSSLAB_HOME; nothing stored so far is lost.',
    { cause },
  );
}
