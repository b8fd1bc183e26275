import { shallowRef, watch } from 'vue';
import { useJobs, type JobCall } from '../../jobs/jobsStore.ts';
import { describeFailure } from '../../rpc/client.ts';

/** A check of what is stored: going on, or what it found; empty where all is well. */
export type Checked = 'busy' | readonly string[];

type VerifyMethod = 'datasets.verify' | 'encoders.verify';

/** Checks of stored things, by their name, since the screen was opened; and those that were going on then. */
export function useVerification<M extends VerifyMethod>(
  method: M,
  inputOf: (name: string) => JobCall<M>['input'],
  nameOf: (input: JobCall<M>['input']) => string,
) {
  const jobs = useJobs();
  const checks = shallowRef<ReadonlyMap<string, Checked>>(new Map());

  function set(name: string, checked: Checked): void {
    checks.value = new Map([...checks.value, [name, checked]]);
  }

  async function check(name: string): Promise<void> {
    set(name, 'busy');
    try {
      set(name, (await jobs.run<VerifyMethod>({ method, input: inputOf(name) })).problems);
    } catch (error) {
      const { message, fix } = describeFailure(error);
      set(name, [`${message} ${fix}`.trim()]);
    }
  }

  watch(
    () => jobs.running,
    (running) => {
      for (const job of running) {
        if (job.method !== method) continue;
        const name = nameOf(job.input as JobCall<M>['input']);
        if (!checks.value.has(name)) void check(name);
      }
    },
    { immediate: true },
  );
  return { checks, check };
}
