import type { z } from 'zod';
import type { Contract, Output } from '../../../shared/contract/contract.ts';
import type { JobMethod } from '../../../shared/contract/jobs.ts';
import type { Progress } from '../../../shared/progress.ts';

/** The lab, as the work of a job sees it. */
export interface JobHost {
  /** Aborted when the job is cancelled; its reason is what the work is to reject with. */
  readonly signal: AbortSignal;
  readonly report: (progress: Progress) => void;
}

/** What a method of the contract asks for that takes a while. */
export interface JobRequest<M extends JobMethod> {
  readonly method: M;
  readonly input: z.output<Contract[M]['input']>;
  /** Subject of a sentence about it. */
  readonly title: string;
  /** It ends others of its method: only one of them has the machine. */
  readonly alone?: boolean;
  readonly work: (host: JobHost) => Promise<Output<M>>;
}

/** Who waits for a job. */
export interface Waiter {
  /** Has the action called once, when it has gone. Returns what takes that back. */
  onClose(action: () => void): () => void;
}

/** Whoever has jobs done, as the methods that ask for them see it. */
export interface JobOwner {
  /** The result of a job with this method and input: of the one that there is, or of a new one. */
  run<M extends JobMethod>(request: JobRequest<M>, waiter: Waiter): Promise<Output<M>>;
}
