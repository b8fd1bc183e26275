import { Worker } from 'node:worker_threads';
import { workerEntry } from './location.ts';
import type { LaunchedWorker, WorkerLauncher } from './workers.ts';

/** Threads of this process: they start sooner than a process, and end with it. */
export const threads: WorkerLauncher = {
  launch(name, { memoryBytes } = {}) {
    const limits = memoryBytes === undefined ? {} : { maxOldGenerationSizeMb: memoryBytes / 2 ** 20 };
    return launched(new Worker(workerEntry, { name, stderr: true, resourceLimits: limits }));
  },
};

function launched(thread: Worker): LaunchedWorker {
  let killed = false;
  thread.on('error', (error: NodeJS.ErrnoException) => (killed ||= error.code === 'ERR_WORKER_OUT_OF_MEMORY'));
  return {
    send: (message) => thread.postMessage(message),
    onMessage: (listener) => void thread.on('message', listener),
    onErrorOutput(listener) {
      thread.stderr.setEncoding('utf8').on('data', listener);
      thread.on('error', ({ message, stack }) => listener(`${stack ?? message}\n`));
    },
    onExit: (listener) => void thread.on('exit', (code) => listener({ code, killed })),
    kill() {
      killed = true;
      void thread.terminate();
    },
    pid: undefined,
  };
}
