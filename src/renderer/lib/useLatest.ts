import { shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { describeFailure } from '../rpc/client.ts';

export type Failed = ReturnType<typeof describeFailure>;

export interface Latest<Answer> {
  /** Of the question as it stands; null while it is being asked, where it failed, and where there is none. */
  readonly answer: Readonly<ShallowRef<Answer | null>>;
  readonly failure: Readonly<ShallowRef<Failed | null>>;
  readonly busy: Readonly<Ref<boolean>>;
  readonly ask: () => Promise<void>;
}

/** Asks whenever the question changes; an answer to an older question is dropped. A null question is not asked. */
export function useLatest<Question, Answer>(
  question: () => Question | null,
  ask: (question: Question) => Promise<Answer>,
): Latest<Answer> {
  const answer = shallowRef<Answer | null>(null);
  const failure = shallowRef<Failed | null>(null);
  const busy = shallowRef(false);
  let number = 0;

  async function askNow(): Promise<void> {
    const mine = ++number;
    const asked = question();
    answer.value = null;
    failure.value = null;
    busy.value = asked !== null;
    if (asked === null) return;
    try {
      const found = await ask(asked);
      if (mine === number) answer.value = found;
    } catch (error) {
      if (mine === number) failure.value = describeFailure(error);
    } finally {
      if (mine === number) busy.value = false;
    }
  }

  watch(() => JSON.stringify(question()), askNow, { immediate: true });
  return { answer, failure, busy, ask: askNow };
}
