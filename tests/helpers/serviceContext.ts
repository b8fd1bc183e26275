import { onTestFinished } from 'vitest';
import { Jobs } from '../../src/lab/service/jobs/jobs.ts';
import type { Connection, ServiceContext } from '../../src/lab/service/context.ts';
import type { WorkerLauncher } from '../../src/lab/work/workers.ts';
import type { Notification } from '../../src/shared/contract/contract.ts';
import { temporaryStore } from './syntheticStore.ts';

/** A context of the service's parts, over a fresh home folder, that remembers what it tells screens. */
export function temporaryContext(
  launcher: WorkerLauncher = noProcesses,
): ServiceContext & { readonly jobs: Jobs; readonly notifications: Notification[] } {
  const store = temporaryStore();
  const notifications: Notification[] = [];
  const notify = (notification: Notification): void => void notifications.push(notification);
  const jobs = new Jobs(notify);
  onTestFinished(() => jobs.close());
  return { home: store.home, store, launcher, jobs, notifications, notify };
}

const noProcesses: WorkerLauncher = {
  launch: (entry) => {
    throw new Error(`This test was not meant to start the process "${entry}".`);
  },
};

/** A screen that remembers what it is told, and can go away. */
export function screen(): Connection & {
  readonly notifications: Notification[];
  readonly listeners: number;
  close(): void;
} {
  const notifications: Notification[] = [];
  const actions = new Set<() => void>();
  return {
    notifications,
    notify: (notification) => void notifications.push(notification),
    onClose(action) {
      actions.add(action);
      return () => actions.delete(action);
    },
    get listeners() {
      return actions.size;
    },
    close: () => actions.forEach((action) => action()),
  };
}

export const silentConnection: Connection = { notify: () => undefined, onClose: () => () => undefined };

/** What the jobs said that they were doing, in order. */
export function messagesOf(notifications: readonly Notification[]): string[] {
  return notifications.flatMap((notification) =>
    notification.type === 'jobs' ? notification.jobs.flatMap(({ progress }) => progress?.message ?? []) : [],
  );
}

/** Cancels the only job there is. */
export async function cancelJob({ jobs }: { readonly jobs: Jobs }): Promise<void> {
  const [job] = await jobs.methods['jobs.list']({}, silentConnection);
  await jobs.methods['jobs.cancel']({ key: job!.key }, silentConnection);
}
