import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { tryWriterLock } from '../lab/files/writerLock.ts';
import { LabError } from '../shared/errors.ts';

/** Builds the screens in a checkout. */

const project = fileURLToPath(new URL('../..', import.meta.url));
export const screensFolder = path.join(project, 'out', 'renderer');

const sources = ['src', 'electron.vite.config.ts', 'package.json'];

/**
 * Builds the screens if they are missing or older than their sources, if Vite is installed. Calls `say` when a build
 * starts.
 */
export async function requireScreens(say: (line: string) => void): Promise<void> {
  const builder = findBuilder();
  if (builder === null) return requireBuilt();
  if (whyBuild() === null) return;
  await withLock(async () => {
    // Another program may have built them meanwhile.
    const reason = whyBuild();
    if (reason === null) return;
    say(`Building the screens (${reason}) …`);
    await build(builder);
  });
}

function requireBuilt(): void {
  if (builtAt() !== null) return;
  throw new LabError(
    'usage',
    `The screens are not built (${screensFolder} is missing), and Vite, which builds them, is not installed.`,
    `Run "npm install" and "npm run build" in ${project}.`,
  );
}

function whyBuild(): string | null {
  const built = builtAt();
  if (built === null) return 'they are missing';
  return newestChange() > built ? 'they are older than their sources' : null;
}

/** When the screens were built; null if they are missing. The build writes their page last. */
function builtAt(): number | null {
  return fs.statSync(path.join(screensFolder, 'index.html'), { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/** Null without development dependencies. */
function findBuilder(): string | null {
  // An archive that was unpacked inside a checkout resolves the packages of that checkout.
  if (!fs.existsSync(path.join(project, 'electron.vite.config.ts'))) return null;
  try {
    return path.join(
      path.dirname(createRequire(import.meta.url).resolve('electron-vite/package.json')),
      'bin',
      'electron-vite.js',
    );
  } catch {
    return null;
  }
}

/** When the newest source file was changed. */
function newestChange(): number {
  const files = sources.flatMap((name) => {
    const place = path.join(project, name);
    return fs.statSync(place).isFile()
      ? [place]
      : fs.readdirSync(place, { recursive: true, encoding: 'utf8' }).map((file) => path.join(place, file));
  });
  return Math.max(...files.map((file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0));
}

const lockFile = path.join(project, 'node_modules', '.losslab-build');

/** One build at a time: two builds would delete each other's files. */
async function withLock(action: () => Promise<void>): Promise<void> {
  let unlock = tryWriterLock(lockFile);
  for (; unlock === null; unlock = tryWriterLock(lockFile)) await setTimeout(200);
  try {
    await action();
  } finally {
    unlock();
  }
}

function build(builder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [builder, 'build', '--logLevel', 'warn'], {
      cwd: project,
      env: { ...process.env, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-4000)));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0
        ? resolve()
        : reject(
            new LabError(
              'usage',
              `The screens could not be built:\n${output.trim()}`,
              `Run "npm run build" in ${project} to see the full output.`,
            ),
          ),
    );
  });
}
