import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { Input } from '../../../shared/contract/contract.ts';
import type { Inspection, InspectorProgress } from '../../../shared/contract/inspector.ts';
import { useLatest, type Failed } from '../../lib/useLatest.ts';
import { lab } from '../../rpc/client.ts';

export type Asked = ({ readonly question: string } | { readonly text: string }) &
  Omit<Input<'inspector.question'>, 'question'>;

export interface RunningInspection {
  /** The last one there was, while another is asked for: nothing jumps while somebody types. */
  readonly inspection: Readonly<ShallowRef<Inspection | null>>;
  readonly failure: Readonly<ShallowRef<Failed | null>>;
  readonly busy: Readonly<Ref<boolean>>;
  /** Of encoding the answers; null where nobody waits for that. */
  readonly progress: Readonly<ShallowRef<InspectorProgress | null>>;
  readonly ask: () => Promise<void>;
  readonly cancel: () => Promise<null>;
}

/** Asks the lab whenever the question changes. */
export function useInspection(asked: () => Asked | null): RunningInspection {
  const { answer, failure, busy, ask } = useLatest(asked, (question) =>
    'question' in question ? lab.call('inspector.question', question) : lab.call('inspector.query', question),
  );
  const inspection = shallowRef<Inspection | null>(null);
  const progress = shallowRef<InspectorProgress | null>(null);
  watch(
    answer,
    (found) => {
      if (found || asked() === null) inspection.value = found;
    },
    { immediate: true },
  );
  watch(busy, (waiting) => {
    if (!waiting) progress.value = null;
  });
  onScopeDispose(
    lab.onNotification((notification) => {
      if (notification.type === 'inspecting' && busy.value) progress.value = notification.progress;
    }),
  );
  return { inspection, failure, busy, progress, ask, cancel: () => lab.call('inspector.cancel', {}) };
}
