import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Failure, FromThread, FuzzTask } from './fuzzThread.ts';

/**
 * An input that takes longer counts as a hang: in processor time, which ignores other work of the machine, or in clock
 * time, for inputs that wait.
 */
const hangMilliseconds = { processor: 5000, clock: 60_000 };
const watchMilliseconds = 200;
/** Heap limit of a thread: inputs of a few kilobytes do not need more. */
const heapMegabytes = 512;

/** What an input did to its thread. */
export type Ending = Pick<Failure, 'kind' | 'message'>;

/** A watched thread that processes inputs. If it hangs or dies, its current input is the cause. */
export class WatchedThread implements AsyncDisposable {
  readonly #entry: URL;
  #worker: Worker | null = null;

  constructor(entry = new URL('fuzzThread.ts', import.meta.url)) {
    this.#entry = entry;
  }

  /**
   * Null if it has processed all inputs; otherwise the thread has ended, and a new one is started for the next input.
   */
  async go(task: FuzzTask, record: (failure: Failure) => void): Promise<Ending | null> {
    const worker = (this.#worker ??= new Worker(this.#entry, {
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
    }));
    const watching = new AbortController();
    try {
      const ending = await Promise.race([
        through(worker, record),
        hangs(worker, task, watching.signal),
        started(worker, task),
      ]);
      if (ending) await this[Symbol.asyncDispose]();
      return ending;
    } finally {
      watching.abort();
      for (const event of ['message', 'error', 'exit']) worker.removeAllListeners(event);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = null;
  }
}

/** Sends the task; events report the results. */
function started(worker: Worker, task: FuzzTask): Promise<never> {
  worker.postMessage(task);
  return new Promise(() => undefined);
}

function through(worker: Worker, record: (failure: Failure) => void): Promise<Ending | null> {
  return new Promise((resolve) => {
    worker.on('message', (message: FromThread) => (message === 'through' ? resolve(null) : record(message)));
    worker.on('error', (death: Error) => resolve({ kind: 'crash', message: death.stack ?? death.message }));
    worker.on('exit', () => resolve({ kind: 'crash', message: 'the thread ended' }));
  });
}

/** Resolves when one input takes too long. */
async function hangs(worker: Worker, { progress }: FuzzTask, signal: AbortSignal): Promise<Ending> {
  let last = -1;
  let since = { processor: 0, clock: 0 };
  while (!signal.aborted) {
    const now = { processor: await processorMilliseconds(worker), clock: performance.now() };
    if (progress[0] !== last) {
      last = progress[0]!;
      since = now;
    }
    if (
      now.processor - since.processor > hangMilliseconds.processor ||
      now.clock - since.clock > hangMilliseconds.clock
    ) {
      return { kind: 'hang', message: `took longer than ${hangMilliseconds.processor / 1000} s` };
    }
    await setTimeout(watchMilliseconds, undefined, { signal }).catch(() => undefined);
  }
  return await new Promise(() => undefined); // The race is over.
}

async function processorMilliseconds(worker: Worker): Promise<number> {
  // Refused once the thread has ended.
  const { user, system } = await worker.cpuUsage().catch(() => ({ user: 0, system: 0 }));
  return (user + system) / 1000;
}
