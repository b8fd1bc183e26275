import type { Progress } from '../../shared/progress.ts';
import { moduleNamed, nameOfModule } from './location.ts';

/** What passes between a task and its owner besides job, progress and result. */
export interface Talk {
  /** What a worker is given once, before its jobs. */
  readonly setup: unknown;
  /** What a job tells its owner: every one arrives, in order. */
  readonly event: unknown;
  /** What the owner tells a job. */
  readonly order: unknown;
}

/** Neither events nor orders. */
export interface Quiet<Setup = undefined> extends Talk {
  readonly setup: Setup;
  readonly event: never;
  readonly order: never;
}

/**
 * Work for a worker. Jobs, results, events and orders are data that can be copied, NaN and typed arrays among it: a
 * worker shares no memory with its owner, no open files, and no paths but those in the job.
 */
export interface Task<Job, Result, T extends Talk = Quiet> extends TaskTraits {
  /** Its module's: see `location.ts`. */
  readonly name: string;
  /** In the worker, once: gives what does its jobs, and may keep something between them. */
  open(setup: T['setup']): Run<Job, Result, T> | Promise<Run<Job, Result, T>>;
}

export interface TaskTraits {
  /** Subject of the sentences about its end. */
  readonly what: string;
  /** What a person can do when the worker crashes or exceeds a limit. */
  readonly fix: string;
  readonly limits?: { readonly seconds?: number; readonly memoryBytes?: number };
  /** Added to the environment of a process. */
  readonly environment?: Readonly<Record<string, string>>;
}

export type Run<Job, Result, T extends Talk = Quiet> = (
  job: Job,
  host: TaskHost<T['event'], T['order']>,
) => Result | Promise<Result>;

/** The owner, as a job sees it. */
export interface TaskHost<Event = never, Order = never> {
  /** Aborted when nobody waits for the result any longer. */
  readonly signal: AbortSignal;
  /** For eyes: most are dropped where there are many. */
  readonly report: (progress: Progress) => void;
  readonly emit: (event: Event) => void;
  /** Resolves when the owner has taken in all events so far. */
  readonly confirmed: () => Promise<void>;
  /** Orders that came before are given to the listener at once. */
  readonly onOrder: (listener: (order: Order) => void) => void;
}

/** `module`: the `import.meta.url` of the module that exports the task. What takes time to load, `run` imports itself. */
export function defineTask<Job, Result, T extends Talk & { setup: undefined } = Quiet>({
  module,
  run,
  ...traits
}: TaskTraits & { readonly module: string; readonly run: Run<Job, Result, T> }): Task<Job, Result, T> {
  return { ...traits, name: nameOfModule(module), open: () => run };
}

/** A task whose worker does many jobs, with what `open` has prepared for all of them. */
export function defineService<Setup, Job, Result>({
  module,
  ...task
}: TaskTraits & { readonly module: string } & Pick<Service<Setup, Job, Result>, 'open'>): Service<Setup, Job, Result> {
  return { ...task, name: nameOfModule(module) };
}

export type Service<Setup, Job, Result> = Task<Job, Result, Quiet<Setup>>;

/** A task of which nothing is known but that it is one. */
export type AnyTask = Task<unknown, unknown, Talk>;

/** The task of that name, from its module. */
export async function loadTask(name: string): Promise<AnyTask> {
  const exported = (await import(moduleNamed(name).href)) as Readonly<Record<string, unknown>>;
  const task = Object.values(exported).find((value) => (value as Partial<AnyTask> | null)?.name === name);
  if (task === undefined) throw new Error(`The module ${name} exports no task.`);
  return task as AnyTask;
}
