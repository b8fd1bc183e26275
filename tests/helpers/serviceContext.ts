import type { Connection, ServiceContext } from '../../src/lab/service/context.ts';
import type { WorkerLauncher } from '../../src/lab/work/workers.ts';
import type { Notification } from '../../src/shared/contract/contract.ts';
import { temporaryStore } from './syntheticStore.ts';

/** A context of the service's parts, over a fresh home folder, that remembers what it tells screens. */
export function temporaryContext(
  launcher: WorkerLauncher = noProcesses,
): ServiceContext & { readonly notifications: Notification[] } {
  const store = temporaryStore();
  const notifications: Notification[] = [];
  return {
    home: store.home,
    store,
    launcher,
    notifications,
    notify: (notification) => void notifications.push(notification),
  };
}

const noProcesses: WorkerLauncher = {
  launch: (entry) => {
    throw new Error(`This test was not meant to start the process "${entry}".`);
  },
};

/** A screen that remembers what it is told, and can go away. */
export function screen(): Connection & { readonly notifications: Notification[]; close(): void } {
  const notifications: Notification[] = [];
  const actions: (() => void)[] = [];
  return {
    notifications,
    notify: (notification) => void notifications.push(notification),
    onClose: (action) => void actions.push(action),
    close: () => actions.splice(0).forEach((action) => action()),
  };
}

export const silentConnection: Connection = { notify: () => undefined, onClose: () => undefined };
