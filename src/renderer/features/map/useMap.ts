import { onScopeDispose, shallowRef, watch } from 'vue';
import type { MapProgress } from '../../../shared/contract/map.ts';
import { useLatest } from '../../lib/useLatest.ts';
import { lab } from '../../rpc/client.ts';

/** The map of one run or two, made anew when they change. Leaving the screen ends the making. */
export function useMap(runs: () => readonly string[]) {
  const progress = shallowRef<MapProgress | null>(null);
  const cancel = (): Promise<null> => lab.call('map.cancel', {});
  const { answer, failure, busy, ask } = useLatest(
    () => (runs().length > 0 ? { runs: [...runs()] } : null),
    (asked) => lab.call('map.make', asked),
  );
  watch(busy, (waiting) => {
    if (!waiting) progress.value = null;
  });
  onScopeDispose(
    lab.onNotification((notification) => {
      if (notification.type === 'mapping' && busy.value) progress.value = notification.progress;
    }),
  );
  onScopeDispose(() => {
    if (busy.value) void cancel();
  });
  return { map: answer, failure, busy, ask, progress, cancel };
}
