import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A root folder with nothing in it but what an archive of LossLab asks of a server: the C library, a shell and what its launcher uses. */

const programs = ['/bin/sh', '/bin/readlink', '/bin/cat'];
/** The archive brings them. */
const notThere = /lib(stdc\+\+|gcc_s)\.so/;

/** Why none can be made here; null where it can. */
export function whyNoEmptyRoot(): string | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return 'the archive is for Linux on x86-64';
  if (process.getuid!() !== 0) return 'only root can change the root folder of a process';
  try {
    execFileSync('unshare', ['--net', '--mount', '--pid', '--fork', 'true'], { stdio: 'ignore' });
    return null;
  } catch {
    return 'this system gives no namespaces of its own to processes (unshare)';
  }
}

/** Makes one in a folder, with the parts of the C library that these programs and libraries are linked to. */
export function makeEmptyRoot(root: string, natives: readonly string[]): void {
  for (const folder of ['proc', 'dev', 'tmp', 'bin']) mkdirSync(join(root, folder), { recursive: true });
  execFileSync('mknod', ['-m', '666', join(root, 'dev/null'), 'c', '1', '3']);
  for (const program of programs) copyFileSync(program, join(root, program));
  for (const library of new Set([...programs, ...natives].flatMap(linkedTo))) {
    mkdirSync(dirname(join(root, library)), { recursive: true });
    copyFileSync(library, join(root, library));
  }
  chmodSync(join(root, 'tmp'), 0o777);
}

/** Libraries of the system, where its loader finds them. */
function linkedTo(file: string): string[] {
  const output = execFileSync('ldd', [file], { encoding: 'utf8' });
  return [...output.matchAll(/(?:=> |^\t)(\/lib\S+)/gm)]
    .map(([, library]) => library!)
    .filter((library) => !notThere.test(library));
}

/** Starts a program within, in its /tmp and with no other environment; without a network where none is asked for. */
export function startInRoot(root: string, command: readonly string[], { network = false } = {}): ChildProcess {
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', ...(network ? [] : ['--net'])];
  return spawn('/usr/bin/unshare', [...namespaces, `--root=${root}`, '--wd=/tmp', '--mount-proc', ...command], {
    env: { HOME: '/tmp', LOSSLAB_HOME: '/tmp/home', PATH: '/bin' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
