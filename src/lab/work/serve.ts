import { isMainThread } from 'node:worker_threads';
import type { Progress } from '../../shared/progress.ts';
import { packFailure } from './failure.ts';
import { ownerChannel } from './ownerChannel.ts';
import type { FromWorker, ToWorker } from './protocol.ts';
import type { AnyTask, Run, Talk, TaskHost } from './task.ts';
import { throttled } from './throttle.ts';

type Send = (message: FromWorker) => void;

const memoryMilliseconds = 1000;

/** Makes this process or thread the worker of whoever started it, until that ends it or is gone. */
export function serve(load: (task: string) => Promise<AnyTask>): void {
  const owner = ownerChannel();
  const send: Send = (message) => owner.send(message);
  const jobs = new Map<number, ServedJob>();
  let opened: Promise<Run<unknown, unknown, Talk>>;
  owner.onClose(() => process.exit(0));
  owner.onMessage((received) => {
    const message = received as ToWorker;
    switch (message.type) {
      case 'open':
        opened = load(message.task).then((task) => task.open(message.setup));
        // Its failure is that of every job.
        opened.catch(() => undefined);
        return;
      case 'run': {
        const job = new ServedJob(message.job, send);
        jobs.set(message.job, job);
        return void job.run(opened, message.input).finally(() => jobs.delete(message.job));
      }
      case 'order':
        return jobs.get(message.job)?.order(message.order);
      case 'cancel':
        return jobs.get(message.job)?.cancel();
      case 'confirmed':
        return jobs.get(message.job)?.confirm(message.number);
    }
  });
  if (isMainThread) serveProcess(send);
}

function serveProcess(send: Send): void {
  // A terminal sends interrupts to every process in the foreground; the owner decides.
  process.on('SIGINT', () => undefined);
  setInterval(() => send({ type: 'memory', bytes: process.memoryUsage.rss() }), memoryMilliseconds).unref();
}

class ServedJob implements TaskHost<unknown, unknown> {
  readonly report: (progress: Progress) => void;
  readonly #number: number;
  readonly #send: Send;
  readonly #cancelling = new AbortController();
  readonly #unconfirmed = new Map<number, () => void>();
  readonly #early: unknown[] = [];
  #listener: ((order: unknown) => void) | null = null;
  #confirmations = 0;

  constructor(number: number, send: Send) {
    this.#number = number;
    this.#send = send;
    this.report = throttled((progress) => send({ type: 'progress', job: number, progress }));
  }

  async run(opened: Promise<Run<unknown, unknown, Talk>>, input: unknown): Promise<void> {
    try {
      const run = await opened;
      this.#send({ type: 'result', job: this.#number, result: await run(input, this) });
    } catch (error) {
      this.#send({ type: 'failed', job: this.#number, failure: packFailure(error) });
    }
  }

  // --- As the task sees it ------------------------------------------------------------------------

  get signal(): AbortSignal {
    return this.#cancelling.signal;
  }

  readonly emit = (event: unknown): void => this.#send({ type: 'event', job: this.#number, event });

  readonly confirmed = (): Promise<void> => {
    const number = ++this.#confirmations;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#unconfirmed.set(number, resolve);
    this.#send({ type: 'confirm', job: this.#number, number });
    return promise;
  };

  readonly onOrder = (listener: (order: unknown) => void): void => {
    this.#listener = listener;
    for (const order of this.#early.splice(0)) listener(order);
  };

  // --- As the owner sees it -----------------------------------------------------------------------

  order(order: unknown): void {
    if (this.#listener) this.#listener(order);
    else this.#early.push(order);
  }

  cancel(): void {
    this.#cancelling.abort();
  }

  confirm(number: number): void {
    this.#unconfirmed.get(number)?.();
    this.#unconfirmed.delete(number);
  }
}
