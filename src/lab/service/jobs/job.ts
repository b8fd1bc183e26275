import type { JobMethod, JobView } from '../../../shared/contract/jobs.ts';
import type { Progress } from '../../../shared/progress.ts';
import { toFailure } from '../../work/failure.ts';
import type { JobHost } from './request.ts';

/** What a job is asked to do, and how it is talked about. */
export interface JobDescription extends Pick<JobView, 'key' | 'input' | 'title'> {
  readonly method: JobMethod;
}

/** Something that takes a while, and can be cancelled. */
export class Job {
  readonly description: JobDescription;
  readonly result: Promise<unknown>;
  /** Screens that wait for the result. */
  waiting = 0;
  readonly #controller = new AbortController();
  #state: Pick<JobView, 'state' | 'progress' | 'failure'> = {
    state: 'running',
    progress: null,
    failure: null,
  };

  /** @param changed called when there is more to tell; not for the end */
  constructor(description: JobDescription, work: (host: JobHost) => Promise<unknown>, changed: () => void) {
    this.description = description;
    const report = (progress: Progress): void => {
      this.#state = { ...this.#state, progress };
      changed();
    };
    this.result = this.#follow(work({ signal: this.#controller.signal, report }));
    // It may be that no screen waits any longer.
    this.result.catch(() => undefined);
  }

  get view(): JobView {
    return { ...this.description, ...this.#state };
  }

  cancel(reason: Error): void {
    this.#controller.abort(reason);
  }

  async #follow(working: Promise<unknown>): Promise<unknown> {
    try {
      const result = await working;
      this.#state = { ...this.#state, state: 'done' };
      return result;
    } catch (error) {
      this.#state = { ...this.#state, state: 'failed', failure: toFailure(error) };
      throw error;
    }
  }
}
