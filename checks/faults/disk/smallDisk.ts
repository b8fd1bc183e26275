import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { folderSize } from '../../../src/lab/files/folderSize.ts';
import { encoderHash, losslab } from '../../../tests/helpers/commandLine.ts';
import { lineOf, type FaultLine } from '../lines.ts';
import { damageBy, newestRun, train, whatIsLost } from './training.ts';

/**
 * Disks that are really full, which also affects SQLite: a run gets space for a part of what it writes, and then for
 * all of it.
 */
export async function smallDiskLine(folder: string, count: number): Promise<FaultLine> {
  const what = 'train, on a disk with room for a part of it';
  const place = join(folder, 'small-disk');
  mkdirSync(place);
  if (!mounts(place, 1e9)) return lineOf(what, [], 'needs permission to mount a disk');
  try {
    const home = join(place, 'home');
    const { code, stderr } = await losslab(home, ...train);
    if (code !== 0) throw new Error(`An undisturbed command ended with ${code}: ${stderr}`);
    const [undisturbed, bytes] = [encoderHash(newestRun(home)!), await folderSize(home)];
    const outcomes: (string | null)[] = [];
    for (let i = 1; i <= count; i++) {
      const room = Math.round((1.2 * bytes * i) / count);
      execFileSync('umount', [place]);
      mounts(place, room);
      const result = await losslab(home, ...train);
      // Reading the history needs space, too.
      mounts(place, 1e9, 'remount,');
      const lost = damageBy(result, home) ?? (await whatIsLost(home, undisturbed));
      outcomes.push(lost === null ? null : `train, with room for ${room} of ${bytes} bytes: ${lost}`);
    }
    return lineOf(what, outcomes, `of ${(bytes / 1e6).toFixed(1)} MB`);
  } finally {
    execFileSync('umount', ['-l', place]);
  }
}

function mounts(place: string, bytes: number, how = ''): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `${how}size=${bytes}`, 'tmpfs', place], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
