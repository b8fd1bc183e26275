import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { applicationVersion } from '../../src/lab/base/applicationFiles.ts';
import { LabError } from '../../src/shared/errors.ts';
import { stage } from './stage.ts';

export interface Archive {
  readonly file: string;
  readonly bytes: number;
  /** Requirements for a server. */
  readonly needs: string;
}

/** Options of xz: a filter for machine code, a large dictionary, and blocks that processors share. */
export const smallest = ['--threads=0', '--block-size=64MiB', '--x86', '--lzma2=preset=9'];

/** For tests. */
export const quickest = ['--threads=0', '-0'];

/** Packs LossLab into `losslab-VERSION-linux-x64.tar.xz`, which unpacks to a folder of that name. */
export async function makeArchive(folder: string, compression: readonly string[]): Promise<Archive> {
  requireLinux();
  const name = `losslab-${applicationVersion()}-linux-x64`;
  mkdirSync(folder, { recursive: true });
  const work = mkdtempSync(join(folder, '.bundle-'));
  try {
    const needs = stage(join(work, name));
    const packed = join(work, `${name}.tar.xz`);
    await promisify(execFile)('tar', [
      '--create',
      `--file=${packed}`,
      `--use-compress-program=xz ${compression.join(' ')}`,
      `--directory=${work}`,
      '--sort=name',
      '--owner=0',
      '--group=0',
      '--numeric-owner',
      name,
    ]);
    const file = join(folder, `${name}.tar.xz`);
    renameSync(packed, file);
    return { file, bytes: statSync(file).size, needs };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function requireLinux(): void {
  if (process.platform === 'linux' && process.arch === 'x64') return;
  throw new LabError(
    'usage',
    `The archive is for Linux on x86-64 and must be built there; this is ${process.platform} on ${process.arch}.`,
    'Run "npm run bundle" on such a machine.',
  );
}
