import { fileURLToPath } from 'node:url';
import type { App, UtilityProcess, utilityProcess } from 'electron';
import { workerEntry } from '../lab/work/location.ts';
import type { LaunchedWorker, WorkerLauncher } from '../lab/work/workers.ts';

/** Starts processes with Electron's `utilityProcess`. */
export function electronLauncher(electron: Pick<typeof utilityProcess, 'fork'>, app: Pick<App, 'on'>): WorkerLauncher {
  const gone = new Map<string, string>();
  app.on('child-process-gone', (_event, { name, reason }) => void (name !== undefined && gone.set(name, reason)));
  let started = 0;
  return {
    launch(task, { environment } = {}) {
      const name = `LossLab ${task} ${++started}`;
      const child = electron.fork(fileURLToPath(workerEntry), [task], {
        serviceName: name,
        stdio: ['ignore', 'inherit', 'pipe'],
        env: { ...process.env, ...environment },
      });
      return launched(child, () => take(gone, name));
    },
  };
}

/** Electron's reason why a process is gone, once. */
function take(gone: Map<string, string>, name: string): string | undefined {
  const reason = gone.get(name);
  gone.delete(name);
  return reason;
}

function launched(child: UtilityProcess, whyGone: () => string | undefined): LaunchedWorker {
  let killed = false;
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    onErrorOutput(listener) {
      child.stderr?.setEncoding('utf8').on('data', (text: string) => listener(text));
      child.on('error', (type, location) => listener(`${type} at ${location}\n`));
    },
    onExit(listener) {
      // `child-process-gone` says whether a process was killed or ended by itself, and may come second.
      child.on('exit', (code) =>
        setImmediate(() =>
          listener({
            code,
            killed: killed || ['killed', 'crashed', 'oom', 'memory-eviction'].includes(whyGone() ?? ''),
          }),
        ),
      );
    },
    kill() {
      killed = true;
      child.kill();
    },
    get pid() {
      return child.pid;
    },
  };
}
