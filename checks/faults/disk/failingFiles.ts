import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

/**
 * A disk that fails on request: the functions of node:fs in this process fail at the k-th operation below a folder.
 * This does not affect SQLite, which writes by itself.
 */

export const diskErrors = { ENOSPC: 'no space left on device', EIO: 'i/o error', EACCES: 'permission denied' } as const;
export type DiskError = keyof typeof diskErrors;

export interface Fault {
  readonly code: DiskError;
  /** The number of the operation, among those that can fail with the code: 1, 2, … */
  readonly at: number;
  /** Whether all later operations fail, too. */
  readonly lasting: boolean;
}

/** A listed operation: its name and its file. */
export interface Operation {
  readonly name: string;
  readonly file: string;
}

export interface Disk {
  readonly folder: string;
  /** Null to list operations without failing. */
  readonly fault: Fault | null;
  /** Called at every operation that can fail with the fault's code; without a fault, at all operations. */
  onOperation(operation: Operation, failed: boolean): void;
}

/** The error codes of each kind of operation. */
const kinds = {
  /** Creates a name. */
  making: ['ENOSPC', 'EIO', 'EACCES'],
  /** Bytes of an open file. */
  writing: ['ENOSPC', 'EIO'],
  removing: ['EIO', 'EACCES'],
  looking: ['EIO', 'EACCES'],
  reading: ['EIO'],
} as const satisfies Record<string, readonly DiskError[]>;
type Kind = keyof typeof kinds;

/** The code can fail this operation. */
export function canFail(operation: Operation, code: DiskError): boolean {
  const [kind] = operation.name.split(' ') as [Kind];
  return (kinds[kind] as readonly DiskError[]).includes(code);
}

const ofPaths: Readonly<Record<string, Kind>> = {
  mkdir: 'making',
  mkdtemp: 'making',
  rename: 'making',
  symlink: 'making',
  copyFile: 'making',
  writeFile: 'making',
  truncate: 'writing',
  rm: 'removing',
  unlink: 'removing',
  rmdir: 'removing',
  readFile: 'looking',
  readdir: 'looking',
  stat: 'looking',
  lstat: 'looking',
};
/** The changed file is the second argument of these functions. */
const secondPath = new Set(['rename', 'symlink', 'copyFile']);
const ofOpenFiles: Readonly<Record<string, Kind>> = {
  write: 'writing',
  writev: 'writing',
  writeFile: 'writing',
  sync: 'writing',
  fsync: 'writing',
  truncate: 'writing',
  close: 'writing',
  read: 'reading',
  readFile: 'reading',
};

let disk: Disk | null = null;
let seen = 0;
const openFiles = new Map<number, string>();
/** Open files whose last bytes may not be written yet when they are closed. */
const written = new Set<number>();

/** Files fail like this from now on; null for never. */
export function useDisk(next: Disk | null): void {
  disk = next;
  seen = 0;
}

type Anything = (...args: never[]) => unknown;

/** Some of Node's functions call others: that counts as one operation. */
function asOne<T>(action: () => T): T {
  const current = disk;
  disk = null;
  try {
    return action();
  } finally {
    disk = current;
  }
}

/** Throws if the disk must fail here; `before` happens anyway. */
function meet(kind: Kind, name: string, file: string | undefined, before?: () => void): void {
  if (disk === null || file === undefined || !file.startsWith(disk.folder)) return;
  const operation = { name: `${kind} ${name}`, file };
  const { fault } = disk;
  if (fault === null) return disk.onOperation(operation, false);
  if (!canFail(operation, fault.code)) return;
  seen++;
  const fails = fault.lasting ? seen >= fault.at : seen === fault.at;
  disk.onOperation(operation, fails);
  if (!fails) return;
  before?.();
  // Like the system's message, which does not name open files.
  const named = kind === 'reading' || kind === 'writing' ? {} : { path: file };
  throw Object.assign(new Error(`${fault.code}: ${diskErrors[fault.code]}, ${name}${named.path ? ` '${file}'` : ''}`), {
    code: fault.code,
    syscall: name,
    ...named,
  });
}

function pathOf(name: string, args: readonly unknown[]): string | undefined {
  const given = args[secondPath.has(name) ? 1 : 0];
  return typeof given === 'string' ? path.resolve(given) : undefined;
}

function opening(flags: unknown): Kind {
  return flags === undefined || flags === 'r' ? 'looking' : 'making';
}

/** A full disk accepts a part of the data. */
function half(args: readonly unknown[]): unknown[] | null {
  const [target, data, offset, length, ...rest] = args;
  if (!(data instanceof Uint8Array) || typeof length !== 'number' || length < 2) return null;
  return [target, data, offset, length >> 1, ...rest];
}

/** Replaces functions of node:fs by ones that can fail. Call this once, before modules that import them are loaded. */
export function makeFilesFail(): void {
  const functions = fs as unknown as Record<string, Anything>;
  for (const [name, kind] of Object.entries(ofPaths)) {
    const original = functions[`${name}Sync`]!;
    functions[`${name}Sync`] = (...args: never[]) => {
      meet(kind, name, pathOf(name, args));
      return asOne(() => original(...args));
    };
  }
  wrapOpenFiles(functions);
  wrapStreams(functions);
  wrapPromises();
  syncBuiltinESMExports();
}

function wrapOpenFiles(functions: Record<string, Anything>): void {
  const { openSync, writeSync, fsyncSync, closeSync, readSync } = functions as unknown as typeof fs;
  functions.openSync = (file: string, flags?: string, mode?: number) => {
    meet(opening(flags), 'open', pathOf('open', [file]));
    const handle = openSync(file, flags ?? 'r', mode);
    const opened = pathOf('open', [file]);
    if (opened !== undefined) openFiles.set(handle, opened);
    if (opening(flags) === 'making') written.add(handle);
    return handle;
  };
  functions.writeSync = (...args: unknown[]) => {
    meet(
      'writing',
      'write',
      openFiles.get(args[0] as number),
      () => void (half(args) && (writeSync as Anything)(...(half(args) as never[]))),
    );
    return (writeSync as Anything)(...(args as never[]));
  };
  functions.readSync = (...args: unknown[]) => {
    meet('reading', 'read', openFiles.get(args[0] as number));
    return (readSync as Anything)(...(args as never[]));
  };
  functions.fsyncSync = (handle: number) => {
    meet('writing', 'fsync', openFiles.get(handle));
    fsyncSync(handle);
  };
  functions.closeSync = (handle: number) => {
    const file = written.delete(handle) ? openFiles.get(handle) : undefined;
    openFiles.delete(handle);
    // The system closes a file whose last bytes it could not write.
    closeSync(handle);
    meet('writing', 'close', file);
  };
}

/** Streams use the functions with callbacks. */
function wrapStreams(functions: Record<string, Anything>): void {
  const failing = (
    kind: Kind,
    name: string,
    file: string | undefined,
    args: readonly unknown[],
    go: () => void,
  ): void => {
    try {
      meet(kind, name, file);
    } catch (error) {
      return void process.nextTick(args.at(-1) as (error: unknown) => void, error);
    }
    go();
  };
  const open = functions.open!;
  functions.open = (...args: never[]) => {
    const file = pathOf('open', args);
    failing(opening(args[1]), 'open', file, args, () => {
      const done = args.at(-1) as unknown as (error: unknown, handle: number) => void;
      const noting = (error: unknown, handle: number): void => {
        if (!error) openFiles.set(handle, file!);
        done(error, handle);
      };
      open(...args.slice(0, -1), noting as never);
    });
  };
  for (const name of ['write', 'writev', 'read', 'fsync']) {
    const original = functions[name]!;
    functions[name] = (...args: never[]) =>
      failing(
        ofOpenFiles[name]!,
        name,
        openFiles.get((args as unknown[])[0] as number),
        args,
        () => void original(...args),
      );
  }
}

function wrapPromises(): void {
  const promises = fs.promises as unknown as Record<string, Anything>;
  for (const [name, kind] of Object.entries(ofPaths)) {
    const original = promises[name]!;
    // eslint-disable-next-line @typescript-eslint/require-await -- failures must be rejections
    promises[name] = async (...args: never[]) => {
      meet(kind, name, pathOf(name, args));
      return original(...args);
    };
  }
  const handles = new WeakMap<object, string>();
  const open = promises.open!;
  promises.open = async (...args: never[]) => {
    const file = pathOf('open', args);
    meet(opening(args[1]), 'open', file);
    const handle = (await open(...args)) as object;
    if (file !== undefined) handles.set(handle, file);
    wrapHandle(handle as Record<string, Anything>, file, opening(args[1]) === 'making');
    return handle;
  };
}

function wrapHandle(handle: Record<string, Anything>, file: string | undefined, isWritten: boolean): void {
  for (const [name, kind] of Object.entries(ofOpenFiles)) {
    const original = handle[name];
    if (original === undefined) continue;
    handle[name] = async (...args: never[]) => {
      if (name !== 'close') meet(kind, name, file);
      const result = await original.apply(handle, args);
      if (name === 'close' && isWritten) meet(kind, name, file);
      return result;
    };
  }
}
