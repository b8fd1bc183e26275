import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { workerEntry } from './location.ts';
import type { LaunchedWorker, WorkerLauncher } from './workers.ts';

/** Processes by Node's `fork`. */
export function nodeLauncher(entry: URL = workerEntry): WorkerLauncher {
  const file = fileURLToPath(entry);
  return {
    launch: (name, { environment } = {}) => launch(file, name, { ...process.env, ...environment }),
  };
}

function launch(file: string, name: string, env: NodeJS.ProcessEnv): LaunchedWorker {
  // Advanced serialisation keeps NaN, infinities and typed arrays.
  const child = fork(file, [name], { serialization: 'advanced', stdio: ['ignore', 'inherit', 'pipe', 'ipc'], env });
  child.stderr!.setEncoding('utf8');
  return {
    // A process that is ending may close the channel while a message is on its way: its exit says so.
    send: (message) => void (child.connected && child.send(message as object, () => undefined)),
    onMessage: (listener) => void child.on('message', listener),
    onErrorOutput: (listener) => {
      child.stderr!.on('data', listener);
      child.on('error', ({ message }) => listener(`${message}\n`));
    },
    // `close`, not `exit`: what the process wrote has then been read.
    onExit: (listener) => void child.on('close', (code, signal) => listener({ code, killed: signal !== null })),
    kill: () => void child.kill('SIGKILL'),
    get pid() {
      return child.pid;
    },
  };
}
