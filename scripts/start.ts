import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { hasDisplay } from '../src/cli/browser.ts';
import { requireScreens } from '../src/cli/screens.ts';
import { describeError } from '../src/shared/errors.ts';
import { findElectron } from './electron.ts';

/** `npm start`: starts the desktop app if it can run, otherwise prints why and opens the same screens in a browser. */

const project = fileURLToPath(new URL('..', import.meta.url));
/**
 * If the app ends sooner than this, it did not open a window: a library is missing, or the system forbids its sandbox.
 */
const startMilliseconds = 4000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function start(): Promise<number> {
  await requireScreens(say);
  const problem = await runElectron();
  if (typeof problem === 'number') return problem;
  say(`${problem} Opening the screens in a browser instead:`);
  return ended(
    spawn(process.execPath, ['bin/losslab.mjs', 'serve', '--open', ...process.argv.slice(2)], {
      cwd: project,
      stdio: 'inherit',
    }),
  );
}

/** The exit code of the app, or why it did not start. */
async function runElectron(): Promise<number | string> {
  if (!hasDisplay()) return 'No display was found (neither DISPLAY nor WAYLAND_DISPLAY is set).';
  if (process.getuid?.() === 0 && process.platform === 'linux') return 'Electron does not open windows for root.';
  const electron = await findElectron(say);
  if ('problem' in electron) return electron.problem;
  const { ELECTRON_RUN_AS_NODE: _, ...environment } = process.env;
  const started = performance.now();
  const code = await ended(
    spawn(electron.binary, ['.', ...process.argv.slice(2)], { cwd: project, env: environment, stdio: 'inherit' }),
  );
  return code !== 0 && performance.now() - started < startMilliseconds
    ? `Electron ended at once (exit code ${code}).`
    : code;
}

function ended(child: ChildProcess): Promise<number> {
  // The terminal interrupts both processes; the child decides how to react.
  const forward = (): void => undefined;
  process.on('SIGINT', forward);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

try {
  process.exit(await start());
} catch (error) {
  process.stderr.write(`losslab: ${describeError(error)}\n`);
  process.exit(1);
}
