import type { Input, Notification, Output } from '../../../shared/contract/contract.ts';
import { jobKey } from '../../../shared/contract/jobKey.ts';
import type { JobMethod, JobView } from '../../../shared/contract/jobs.ts';
import { LabError } from '../../../shared/errors.ts';
import { Paced } from '../../work/throttle.ts';
import type { Implementations } from '../context.ts';
import { Job } from './job.ts';
import type { JobOwner, JobRequest, Waiter } from './request.ts';

const tellMilliseconds = 100;
/** Results that no screen has asked for again. */
const mostUnseen = 8;

/**
 * What takes a while, whichever screen asked for it: it goes on when the screen is left or loaded again, is found by what
 * was asked, and ends when a person cancels it or the lab closes. One that ends while no screen waits is kept until one asks.
 */
export class Jobs implements JobOwner {
  readonly methods: Implementations<'jobs.list' | 'jobs.cancel'>;
  /** Those that a call with the same key joins. */
  readonly #jobs = new Map<string, Job>();
  /** Those that are cancelled, and have not come to their end yet, among them. */
  readonly #going = new Set<Job>();
  readonly #telling: Paced;

  constructor(notify: (notification: Notification) => void) {
    this.#telling = new Paced(tellMilliseconds, () => notify({ type: 'jobs', jobs: this.#views() }));
    this.methods = {
      'jobs.list': () => this.#views(),
      'jobs.cancel': ({ key }) => {
        const job = this.#jobs.get(key);
        if (job) this.#cancel(job, `${job.description.title} was cancelled.`);
        return null;
      },
    };
  }

  async run<M extends JobMethod>(request: JobRequest<M>, waiter: Waiter): Promise<Output<M>> {
    // The contract reads what it has read before as it is.
    const key = jobKey(request.method, request.input as Input<M>);
    const job = this.#jobs.get(key) ?? this.#start(key, request);
    // A key stands for one method.
    return (await this.#resultFor(waiter, job)) as Output<M>;
  }

  /** Ends all of them; resolves when they have ended. */
  async close(): Promise<void> {
    for (const job of this.#going) this.#cancel(job, 'The lab is closing.');
    await Promise.allSettled([...this.#going].map(({ result }) => result));
    this.#telling.stop();
  }

  #start<M extends JobMethod>(key: string, { method, input, title, alone, work }: JobRequest<M>): Job {
    if (alone)
      for (const other of this.#jobs.values())
        if (other.description.method === method)
          this.#cancel(other, `${title} was cancelled: another one was asked for.`);
    const job = new Job({ key, method, input, title }, work, () => this.#telling.soon());
    this.#jobs.set(key, job);
    this.#going.add(job);
    void job.result.then(
      () => this.#ended(job),
      () => this.#ended(job),
    );
    this.#telling.soon();
    return job;
  }

  async #resultFor(waiter: Waiter, job: Job): Promise<unknown> {
    let waits = true;
    const leave = (): void => {
      if (waits) job.waiting--;
      waits = false;
    };
    job.waiting++;
    const stopListening = waiter.onClose(leave);
    try {
      return await job.result;
    } finally {
      stopListening();
      // A screen that has gone has not seen it.
      if (waits && !this.#going.has(job)) this.#forget(job);
      leave();
    }
  }

  #ended(job: Job): void {
    this.#going.delete(job);
    if (job.waiting > 0) this.#forget(job);
    const unseen = [...this.#jobs.values()].filter((each) => !this.#going.has(each));
    for (const old of unseen.slice(0, -mostUnseen)) this.#forget(old);
    this.#telling.soon();
  }

  #cancel(job: Job, why: string): void {
    job.cancel(new LabError('usage', why));
    this.#forget(job);
  }

  #forget(job: Job): void {
    if (this.#jobs.get(job.description.key) === job) this.#jobs.delete(job.description.key);
    this.#telling.soon();
  }

  #views(): JobView[] {
    return [...this.#jobs.values()].map(({ view }) => view);
  }
}
