import fs from 'node:fs';
import path from 'node:path';
import envPaths from 'env-paths';
import { LabError } from '../../shared/errors.ts';
import { restoreReplaced } from './replaceFolder.ts';

/** The folder in which LossLab stores everything: its history, datasets, runs and caches. */
export interface Home {
  readonly folder: string;
  /** The SQLite file. */
  readonly database: string;
  /** One folder per dataset. */
  readonly datasets: string;
  /** One folder per run: checkpoints and the finished encoder. */
  readonly runs: string;
  /** Running and interrupted downloads. */
  readonly downloads: string;
  /** Files that can be computed again. */
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

/** Finds the home folder and creates missing parts. Throws a `storage` LabError if it cannot be created or written. */
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

/** Node's recursive mkdir never returns if a file system refuses a folder with ENOENT, as /proc does. */
function makeFolder(folder: string): void {
  if (fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolder(parent);
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    // Another program may have created it meanwhile.
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
    EEXIST: 'a file has its name',
    ENOTDIR: 'a file has its name',
    ENOENT: 'a folder cannot be created there',
  };
  const reason = (code && reasons[code]) ?? (error as Error).message;
  return new LabError(
    'storage',
    `Cannot write to the home folder ${home.folder}: ${reason}.`,
    'Choose another folder with --home or LOSSLAB_HOME, or change the permissions.',
    { cause: error },
  );
}

export function diskFull(folder: string, cause?: unknown): LabError {
  return new LabError(
    'storage',
    `The disk that holds ${folder} is full.`,
    'Free some space, or choose a folder on another disk with --home or LOSSLAB_HOME; all data stored so far is kept.',
    { cause },
  );
}
