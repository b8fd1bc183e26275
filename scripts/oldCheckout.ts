import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

/** LossLab 0.1, for scripts that make fixtures from its output. */

/** The last commit of that version. */
export const oldCommit = 'bd0f5e7e0869252ebaef48a22b4fbfdfe9f6816f';

const repository = join(import.meta.dirname, '..');

export interface OldCheckout extends Disposable {
  readonly folder: string;
  /** An empty folder, removed at the end. */
  readonly work: string;
  /** Runs its command line on a home and returns the output. */
  losslab(home: string, ...args: readonly string[]): string;
  losslabJson<T>(home: string, ...args: readonly string[]): T;
  /** One of its modules. */
  module<T>(file: string): Promise<T>;
}

/** A checkout with its packages: the one of `--from FOLDER`, or a new one. */
export function openOldCheckout(): OldCheckout {
  const work = mkdtempSync(join(tmpdir(), 'losslab-0.1-'));
  const { from } = parseArgs({ options: { from: { type: 'string' } } }).values;
  const checkout = from ?? checkOut(join(work, 'checkout'));
  const losslab = (home: string, ...args: readonly string[]): string => {
    const env = { ...process.env, LOSSLAB_HOME: home, NO_COLOR: '1' };
    const command = [join(checkout, 'bin/losslab.mjs'), ...args];
    return execFileSync(process.execPath, command, { cwd: work, env, encoding: 'utf8', maxBuffer: 2 ** 28 });
  };
  return {
    folder: checkout,
    work,
    losslab,
    losslabJson: <T>(home: string, ...args: readonly string[]) => JSON.parse(losslab(home, ...args, '--json')) as T,
    module: async <T>(file: string) => (await import(join(checkout, file))) as T,
    [Symbol.dispose]: () => {
      if (!from) execFileSync('git', ['worktree', 'remove', '--force', checkout], { cwd: repository });
      rmSync(work, { recursive: true });
    },
  };
}

function checkOut(folder: string): string {
  execFileSync('git', ['worktree', 'add', '--detach', folder, oldCommit], { cwd: repository, stdio: 'inherit' });
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
  return folder;
}
