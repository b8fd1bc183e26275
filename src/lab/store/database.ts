import path from 'node:path';
import Database from 'better-sqlite3';
import { LabError } from '../../shared/errors.ts';
import { diskFull, type Home } from '../files/home.ts';
import { migrations } from './migrations/index.ts';

/** How long a writer waits for another one. */
const busyMilliseconds = 15_000;

/**
 * Opens the database of a home folder and migrates it to the current version. Throws a `storage` LabError if it is
 * damaged, comes from a newer LossLab, or cannot be written. Deletes nothing.
 */
export function openDatabase(home: Home): Database.Database {
  return explainingErrors(home.database, () => {
    const database = new Database(home.database, { timeout: busyMilliseconds });
    try {
      useWriteAheadLog(database);
      // Safe if the process is killed. A power failure can lose the last moments, but not the file.
      database.pragma('synchronous = NORMAL');
      database.pragma('foreign_keys = ON');
      migrate(database, home.database);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** SQLite does not wait if two programs switch a new database to WAL at the same time. */
function useWriteAheadLog(database: Database.Database): void {
  const deadline = performance.now() + busyMilliseconds;
  for (;;) {
    try {
      database.pragma('journal_mode = WAL');
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== 'SQLITE_BUSY' || performance.now() > deadline) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** Applies the missing migrations, each in its own transaction. */
export function migrate(database: Database.Database, file: string, steps: readonly string[] = migrations): void {
  const version = (): number => database.pragma('user_version', { simple: true }) as number;
  if (version() > steps.length) {
    throw new LabError(
      'storage',
      `${file} was written by a newer LossLab: it has version ${version()}; this LossLab supports versions up to ${steps.length}.`,
      'Update LossLab, or use another home folder with --home or LOSSLAB_HOME.',
    );
  }
  steps.forEach((statements, index) => {
    if (version() > index) return;
    database
      .transaction(() => {
        // Another process may have applied it while this one waited.
        if (version() > index) return;
        database.exec(statements);
        database.pragma(`user_version = ${index + 1}`);
      })
      .immediate();
  });
}

/** Runs `action` and turns SQLite's errors about files and disks into `storage` LabErrors. */
export function explainingErrors<T>(file: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof Database.SqliteError ? explain(file, error) : error;
  }
}

function explain(file: string, error: InstanceType<typeof Database.SqliteError>): Error {
  const folder = path.dirname(file);
  const storage = (message: string, fix: string): LabError => new LabError('storage', message, fix, { cause: error });
  const chooseAnother = 'Choose another home folder with --home or LOSSLAB_HOME';
  if (error.code === 'SQLITE_FULL') return diskFull(folder, error);
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(error.code)) {
    return storage(
      `${file} is damaged or is not a LossLab database: ${error.message}.`,
      'Replace it with a backup, or rename it to start a new history. Nothing was deleted; the encoders are still in the runs folder beside it.',
    );
  }
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(error.code)) {
    return storage(
      `Cannot write to ${file}: ${error.message}.`,
      `${chooseAnother}, or change the permissions of ${folder}.`,
    );
  }
  if (/^SQLITE_(BUSY|LOCKED)/.test(error.code)) {
    return storage(
      `Another program has used ${file} for more than ${busyMilliseconds / 1000} seconds.`,
      'Close that program and try again.',
    );
  }
  if (error.code.startsWith('SQLITE_IOERR')) {
    return storage(
      `${file} cannot be read or written: ${error.message}.`,
      `Check the disk that holds ${folder}, and that it has free space.`,
    );
  }
  return error;
}
