import type { Inspection, QuestionPage } from '../../shared/contract/inspector.ts';
import { LabError } from '../../shared/errors.ts';
import type { Quiet } from '../work/task.ts';
import { TaskWorker } from '../work/taskWorker.ts';
import type { WorkerLauncher } from '../work/workers.ts';
import type { InspectorCalls, Watch } from './inspector.ts';
import { inspectorTask, type InspectorCall, type InspectorSetup } from './inspectorTask.ts';

type InspectorWorker = TaskWorker<InspectorCall, unknown, Quiet<InspectorSetup>>;

/** After so long without a question its memory is worth more than its haste. */
const idleMilliseconds = 10 * 60 * 1000;

/** An inspector in a process of its own, which the first question starts, and the next one after it has ended. */
export class RemoteInspector implements InspectorCalls {
  readonly #launcher: WorkerLauncher;
  readonly #cache: string;
  readonly #idle: number;
  #worker: InspectorWorker | null = null;
  #timer: NodeJS.Timeout | undefined;

  /** @param cache folder for what can be computed again */
  constructor(launcher: WorkerLauncher, cache: string, idle = idleMilliseconds) {
    this.#launcher = launcher;
    this.#cache = cache;
    this.#idle = idle;
  }

  questions(search: Parameters<InspectorCalls['questions']>[0]): Promise<QuestionPage> {
    return this.#call('questions', search);
  }

  titles(asked: Parameters<InspectorCalls['titles']>[0]): Promise<(string | null)[]> {
    return this.#call('titles', asked);
  }

  inspect(job: Parameters<InspectorCalls['inspect']>[0], watch?: Watch): Promise<Inspection> {
    return this.#call('inspect', job, watch);
  }

  /** Ends the process, whatever it is doing. */
  close(): void {
    clearTimeout(this.#timer);
    this.#worker?.end(new LabError('usage', 'The lab is closing.'));
  }

  async #call<Result>(method: keyof InspectorCalls, argument: unknown, watch: Watch = {}): Promise<Result> {
    watch.signal?.throwIfAborted();
    clearTimeout(this.#timer);
    const worker = this.#living();
    try {
      return (await worker.run({ method, argument }, watch)) as Result;
    } finally {
      if (worker.isIdle) this.#endWhenIdle(worker);
    }
  }

  #living(): InspectorWorker {
    if (this.#worker === null || this.#worker.isOver)
      this.#worker = new TaskWorker(this.#launcher, inspectorTask, { setup: { cache: this.#cache } });
    return this.#worker;
  }

  #endWhenIdle(worker: InspectorWorker): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => worker.end(), this.#idle);
    this.#timer.unref();
  }
}
