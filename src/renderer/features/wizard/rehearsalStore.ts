import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { ExperimentDraft, Rehearsal } from '../../../shared/contract/experiments.ts';
import { describeFailure } from '../../rpc/client.ts';
import { useJobs, type JobCall } from '../../jobs/jobsStore.ts';
import { rehearsalKey, withSeeds } from './model/draft.ts';
import type { Failed } from '../../lib/useLatest.ts';

const storageKey = 'losslab.rehearsals.2';
const remembered = 12;

/**
 * What was measured, with one seed, by the draft it was measured for: a change of the draft makes it count no
 * more, and a change back makes it count again.
 */
export const useRehearsalStore = defineStore('rehearsal', () => {
  const done = shallowRef<ReadonlyMap<string, Rehearsal>>(
    new Map(JSON.parse(sessionStorage.getItem(storageKey) ?? '[]') as [string, Rehearsal][]),
  );
  const jobs = useJobs();
  const failures = shallowRef<ReadonlyMap<string, Failed>>(new Map());
  /** The draft that is being measured. */
  const measuring = shallowRef<ExperimentDraft | null>(null);
  const progress = computed(() => measuring.value && (jobs.viewOf(callFor(measuring.value))?.progress ?? null));

  async function measure(draft: ExperimentDraft): Promise<void> {
    measuring.value = draft;
    failures.value = new Map();
    try {
      remember(rehearsalKey(draft), withSeeds(await jobs.run(callFor(draft)), 1, draft.seeds.length));
    } catch (error) {
      // One that was cancelled, by a person or by a newer one, has nothing to tell.
      if (measuring.value === draft) failures.value = new Map([[rehearsalKey(draft), describeFailure(error)]]);
    } finally {
      if (measuring.value === draft) measuring.value = null;
    }
  }

  async function cancel(): Promise<void> {
    const draft = measuring.value;
    measuring.value = null;
    if (draft) await jobs.cancel(callFor(draft));
  }

  function remember(key: string, rehearsal: Rehearsal): void {
    const others = [...done.value].filter(([other]) => other !== key);
    done.value = new Map([...others, [key, rehearsal] as const].slice(-remembered));
    sessionStorage.setItem(storageKey, JSON.stringify([...done.value]));
  }

  /** What it comes to with the seeds of this draft. */
  function of(draft: ExperimentDraft | null): Rehearsal | null {
    const found = draft === null ? undefined : done.value.get(rehearsalKey(draft));
    return found === undefined ? null : withSeeds(found, draft!.seeds.length);
  }

  function failureFor(draft: ExperimentDraft | null): Failed | null {
    return draft === null ? null : (failures.value.get(rehearsalKey(draft)) ?? null);
  }

  function isMeasuring(draft: ExperimentDraft | null): boolean {
    return draft !== null && measuring.value !== null && rehearsalKey(measuring.value) === rehearsalKey(draft);
  }

  return { progress, measure, cancel, of, failureFor, isMeasuring };
});

function callFor(draft: ExperimentDraft): JobCall<'experiments.rehearse'> {
  return { method: 'experiments.rehearse', input: draft };
}
