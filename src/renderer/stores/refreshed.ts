import { shallowRef, type ShallowRef } from 'vue';
import { coalesced } from '../lib/coalesced.ts';
import { lab } from '../rpc/client.ts';
import type { Notification } from '../../shared/contract/contract.ts';

export interface Refreshed<T> {
  /** Null until it has arrived. */
  readonly value: ShallowRef<T | null>;
  /** Why the last attempt to get it failed. */
  readonly failure: ShallowRef<unknown>;
  readonly refresh: () => Promise<void>;
}

/**
 * Something of the lab's that is fetched now, whenever the lab says that it has changed, and after a
 * lost connection. `carried` takes it out of a notification that brings it along.
 */
export function refreshed<T>(
  type: Notification['type'],
  load: () => Promise<T>,
  carried?: (notification: Notification) => T | false,
): Refreshed<T> {
  const value = shallowRef<T | null>(null);
  const failure = shallowRef<unknown>(null);
  const refresh = coalesced(async () => {
    try {
      value.value = await load();
      failure.value = null;
    } catch (error) {
      failure.value = error;
    }
  });
  lab.onNotification((notification) => {
    if (notification.type !== type) return;
    const brought = carried?.(notification) ?? false;
    if (brought === false) void refresh();
    else value.value = brought;
  });
  lab.onReconnect(() => void refresh());
  void refresh();
  return { value, failure, refresh };
}
