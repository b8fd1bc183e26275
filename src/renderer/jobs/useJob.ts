import { computed, watch, type ComputedRef } from 'vue';
import type { Output } from '../../shared/contract/contract.ts';
import type { JobMethod } from '../../shared/contract/jobs.ts';
import type { Progress } from '../../shared/progress.ts';
import { useJobs, type JobCall } from './jobsStore.ts';
import { useLatest, type Latest } from '../lib/useLatest.ts';

export interface FollowedJob<Answer> extends Latest<Answer> {
  /** Null where nothing is going on, or nothing is known of it yet. */
  readonly progress: ComputedRef<Progress | null>;
  /** The job then fails with that. */
  readonly cancel: () => void;
}

/** The job that a screen shows at the moment. Another call ends it; leaving the screen does not. */
export function useJob<M extends JobMethod>(call: () => JobCall<M> | null): FollowedJob<Output<M>> {
  const jobs = useJobs();
  let recalls = true;

  function end(ended: JobCall<M> | null): void {
    if (ended && jobs.isPending(ended)) void jobs.cancel(ended).catch(() => undefined);
  }

  // The text tells calls apart: a getter makes a new object each time.
  watch(
    () => JSON.stringify(call()),
    (_, before) => end(before === undefined ? null : (JSON.parse(before) as JobCall<M> | null)),
  );
  const latest = useLatest(call, async (asked: JobCall<M>) => (recalls ? jobs.recall(asked) : null) ?? jobs.run(asked));

  /** Anew, whatever was answered before. */
  async function ask(): Promise<void> {
    recalls = false;
    const asking = latest.ask();
    recalls = true;
    await asking;
  }

  const progress = computed(() => {
    const asked = call();
    return latest.busy.value && asked ? (jobs.viewOf(asked)?.progress ?? null) : null;
  });
  return { ...latest, ask, progress, cancel: () => end(call()) };
}
