import { fork } from 'node:child_process';
import type { LaunchedProcess, ProcessEntry, ProcessLauncher } from './processes.ts';

/** Processes by Node's `fork`; `entries` are the paths of what they run. */
export function nodeLauncher(entries: Readonly<Record<ProcessEntry, string>>): ProcessLauncher {
  return {
    launch: (entry, { environment } = {}) => launch(entries[entry], { ...process.env, ...environment }),
  };
}

function launch(file: string, env: NodeJS.ProcessEnv): LaunchedProcess {
  // Advanced serialisation keeps NaN, infinities and typed arrays.
  const child = fork(file, [], { serialization: 'advanced', stdio: ['ignore', 'inherit', 'pipe', 'ipc'], env });
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
