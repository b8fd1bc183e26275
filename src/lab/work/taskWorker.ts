import type { Progress } from '../../shared/progress.ts';
import { exceededMemory, exceededTime, lostWorker } from './ending.ts';
import { unpackFailure } from './failure.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import type { Quiet, Talk, Task } from './task.ts';
import type { LaunchedWorker, WorkerLauncher } from './workers.ts';

export interface JobListener<Event = never> {
  /** Aborting rejects with the signal's reason at once; the worker drops the job when it comes to it. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onEvent?: (event: Event) => void;
  /** The job waits until all events so far are taken in: they are when this returns. */
  readonly onConfirm?: () => void;
  /** Resident memory of the process, once a second. */
  readonly onMemory?: (bytes: number) => void;
}

export interface StartedJob<Result, Order = never> {
  /** Rejects with what the task throws, with why the worker is gone, or with the reason of `signal` or `end`. */
  readonly result: Promise<Result>;
  order(order: Order): void;
}

interface Waiting {
  readonly listener: JobListener<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Does jobs of one task in a worker of its own, and knows why they have no result where they have none. */
export class TaskWorker<Job, Result, T extends Talk = Quiet> {
  /** Resolves when the worker is gone. */
  readonly gone: Promise<void>;
  readonly #task: Task<Job, Result, T>;
  readonly #worker: LaunchedWorker;
  readonly #waiting = new Map<number, Waiting>();
  #jobs = 0;
  /** Why there are no more results. */
  #over: Error | null = null;
  #errorOutput = '';

  constructor(
    launcher: WorkerLauncher,
    task: Task<Job, Result, T>,
    { setup, onErrorOutput }: { readonly setup: T['setup']; readonly onErrorOutput?: (text: string) => void },
  ) {
    this.#task = task;
    this.#worker = launcher.launch(task.name, {
      environment: task.environment,
      memoryBytes: task.limits?.memoryBytes,
    });
    this.#worker.onErrorOutput((text) => {
      this.#errorOutput = (this.#errorOutput + text).slice(-4000);
      onErrorOutput?.(text);
    });
    this.#worker.onMessage((message) => this.#attempt(() => this.#receive(message as FromWorker)));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.gone = promise;
    this.#worker.onExit((exit) => {
      this.#fail(lostWorker(task, exit, this.#errorOutput.trim()));
      resolve();
    });
    this.#send({ type: 'open', task: task.name, setup });
  }

  get isOver(): boolean {
    return this.#over !== null;
  }

  get isIdle(): boolean {
    return this.#waiting.size === 0;
  }

  start(job: Job, listener: JobListener<T['event']> = {}): StartedJob<Result, T['order']> {
    const number = ++this.#jobs;
    const result = this.#wait(number, listener);
    // Results can be awaited in an order of their own: one that fails early is no unhandled rejection until its turn.
    result.catch(() => undefined);
    if (!this.#over && !listener.signal?.aborted)
      this.#attempt(() => this.#send({ type: 'run', job: number, input: job }));
    return { result, order: (order) => this.#send({ type: 'order', job: number, order }) };
  }

  run(job: Job, listener?: JobListener<T['event']>): Promise<Result> {
    return this.start(job, listener).result;
  }

  /** Ends the worker, whatever it is doing; jobs that wait for it reject with the reason. */
  end(reason = new Error('The owner of this worker has ended it.')): void {
    this.#fail(reason);
    this.#worker.kill();
  }

  async #wait(number: number, listener: JobListener<unknown>): Promise<Result> {
    const { signal } = listener;
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const { seconds } = this.#task.limits ?? {};
    const timer =
      seconds === undefined ? undefined : setTimeout(() => this.end(exceededTime(this.#task)), seconds * 1000);
    const cancel = (): void => {
      reject(signal!.reason as Error);
      this.#send({ type: 'cancel', job: number });
    };
    signal?.addEventListener('abort', cancel);
    this.#waiting.set(number, { listener, resolve, reject });
    if (this.#over) reject(this.#over);
    try {
      // The task's worker gives results of the task.
      return (await promise) as Result;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      this.#waiting.delete(number);
    }
  }

  #receive(message: FromWorker): void {
    if (message.type === 'memory') return this.#memory(message.bytes);
    // What is told of a job that nobody waits for is dropped.
    const job = this.#waiting.get(message.job);
    switch (message.type) {
      case 'progress':
        return job?.listener.onProgress?.(message.progress);
      case 'event':
        return job?.listener.onEvent?.(message.event);
      case 'confirm':
        job?.listener.onConfirm?.();
        return this.#send({ type: 'confirmed', job: message.job, number: message.number });
      case 'result':
        return job?.resolve(message.result);
      case 'failed':
        return job?.reject(unpackFailure(message.failure));
    }
  }

  #memory(bytes: number): void {
    if (bytes > (this.#task.limits?.memoryBytes ?? Infinity)) return this.end(exceededMemory(this.#task, bytes));
    for (const { listener } of this.#waiting.values()) listener.onMemory?.(bytes);
  }

  #send(message: ToWorker): void {
    this.#worker.send(message);
  }

  /** An owner that cannot take in what its worker says, or say what it should do, has no use for it. */
  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.end(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #fail(reason: Error): void {
    this.#over ??= reason;
    for (const { reject } of this.#waiting.values()) reject(this.#over);
  }
}

/** One job in a worker of its own, which is ended with it. */
export async function runTask<Job, Result, T extends Talk & { setup: undefined }>(
  launcher: WorkerLauncher,
  task: Task<Job, Result, T>,
  job: Job,
  listener: JobListener<T['event']> = {},
): Promise<Result> {
  listener.signal?.throwIfAborted();
  const worker = new TaskWorker(launcher, task, { setup: undefined });
  try {
    return await worker.run(job, listener);
  } finally {
    worker.end();
  }
}
