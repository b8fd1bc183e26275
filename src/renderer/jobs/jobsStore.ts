import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { Input, Output } from '../../shared/contract/contract.ts';
import { jobKey } from '../../shared/contract/jobKey.ts';
import type { JobMethod, JobView } from '../../shared/contract/jobs.ts';
import { lab } from '../rpc/client.ts';
import { refreshed } from '../stores/refreshed.ts';

/** A call of a method that takes a while. */
export interface JobCall<M extends JobMethod> {
  readonly method: M;
  readonly input: Input<M>;
}

/**
 * The lab's jobs: what takes a while. They go on when a screen is left, and are here again after a reload. Of each
 * method the last answer is kept, for a screen that is entered again.
 */
export const useJobs = defineStore('jobs', () => {
  const { value } = refreshed(
    'jobs',
    () => lab.call('jobs.list', {}),
    (notification) => notification.type === 'jobs' && notification.jobs,
  );
  const running = computed(() => (value.value ?? []).filter(({ state }) => state === 'running'));
  /** By key. */
  const pending = new Map<string, Promise<unknown>>();
  const answers = new Map<JobMethod, { readonly key: string; readonly answer: unknown }>();

  /** Begins the job, or joins it where it is going on. */
  function run<M extends JobMethod>({ method, input }: JobCall<M>): Promise<Output<M>> {
    const key = jobKey(method, input);
    const known = pending.get(key);
    // A key stands for one method.
    if (known) return known as Promise<Output<M>>;
    const answered = lab.call(method, input).then((answer) => {
      answers.set(method, { key, answer });
      return answer;
    });
    const forget = (): void => void pending.delete(key);
    pending.set(key, answered);
    answered.then(forget, forget);
    return answered;
  }

  /** What the lab has answered to this very call, if it is the last one of its method. */
  function recall<M extends JobMethod>({ method, input }: JobCall<M>): Output<M> | null {
    const last = answers.get(method);
    return last?.key === jobKey(method, input) ? (last.answer as Output<M>) : null;
  }

  function viewOf<M extends JobMethod>({ method, input }: JobCall<M>): JobView | null {
    const key = jobKey(method, input);
    return running.value.find((job) => job.key === key) ?? null;
  }

  function isPending<M extends JobMethod>({ method, input }: JobCall<M>): boolean {
    return pending.has(jobKey(method, input));
  }

  async function cancel<M extends JobMethod>({ method, input }: JobCall<M>): Promise<void> {
    await lab.call('jobs.cancel', { key: jobKey(method, input) });
  }

  return { running, run, recall, viewOf, isPending, cancel };
});
