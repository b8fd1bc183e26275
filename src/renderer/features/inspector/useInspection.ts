import { shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { Input } from '../../../shared/contract/contract.ts';
import type { Inspection } from '../../../shared/contract/inspector.ts';
import type { Progress } from '../../../shared/progress.ts';
import { useJob } from '../../jobs/useJob.ts';
import type { Failed } from '../../lib/useLatest.ts';
import type { JobCall } from '../../jobs/jobsStore.ts';

export type Asked = ({ readonly question: string } | { readonly text: string }) &
  Omit<Input<'inspector.question'>, 'question'>;

export interface RunningInspection {
  /** The last one there was, while another is asked for: nothing jumps while somebody types. */
  readonly inspection: Readonly<ShallowRef<Inspection | null>>;
  readonly failure: Readonly<ShallowRef<Failed | null>>;
  readonly busy: Readonly<Ref<boolean>>;
  /** Of encoding the answers; null where nobody waits for that. */
  readonly progress: ComputedRef<Progress | null>;
  readonly ask: () => Promise<void>;
  readonly cancel: () => void;
}

/** Asks the lab whenever the question changes. */
export function useInspection(asked: () => Asked | null): RunningInspection {
  const { answer, ...job } = useJob(() => callFor(asked()));
  const inspection = shallowRef<Inspection | null>(null);
  watch(
    answer,
    (found) => {
      if (found || asked() === null) inspection.value = found;
    },
    { immediate: true },
  );
  return { inspection, ...job };
}

type InspectorMethod = 'inspector.question' | 'inspector.query';

function callFor(asked: Asked | null): JobCall<InspectorMethod> | null {
  if (asked === null) return null;
  return 'question' in asked
    ? { method: 'inspector.question', input: asked }
    : { method: 'inspector.query', input: asked };
}
