import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { ExperimentDraft, Rehearsal } from '../../../shared/contract/experiments.ts';
import { describeFailure, lab } from '../../rpc/client.ts';
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
  const failures = shallowRef<ReadonlyMap<string, Failed>>(new Map());
  /** Key of the draft that is being measured. */
  const measuring = ref<string | null>(null);
  const message = ref('');
  let number = 0;

  lab.onNotification((notification) => {
    if (notification.type === 'rehearsing') message.value = notification.message;
  });

  async function measure(draft: ExperimentDraft): Promise<void> {
    const key = rehearsalKey(draft);
    const mine = ++number;
    measuring.value = key;
    message.value = '';
    failures.value = new Map();
    try {
      const rehearsal = await lab.call('experiments.rehearse', draft);
      remember(key, withSeeds(rehearsal, 1, draft.seeds.length));
    } catch (error) {
      // One that was cancelled, by a person or by a newer one, has nothing to tell.
      if (mine === number) failures.value = new Map([[key, describeFailure(error)]]);
    } finally {
      if (mine === number) measuring.value = null;
    }
  }

  async function cancel(): Promise<void> {
    number++;
    measuring.value = null;
    await lab.call('experiments.cancelRehearsal', {});
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
    return draft !== null && measuring.value === rehearsalKey(draft);
  }

  return { measuring, message, measure, cancel, of, failureFor, isMeasuring };
});
