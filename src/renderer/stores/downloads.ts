import { defineStore } from 'pinia';
import { computed } from 'vue';
import type { DownloadRequest, DownloadView } from '../../shared/contract/downloads.ts';
import { lab } from '../rpc/client.ts';
import { refreshed } from './refreshed.ts';

/** The lab's downloads, newest first. They go on without a screen, and are here again after a reload. */
export const useDownloads = defineStore('downloads', () => {
  // What changes comes with the notification: there is nothing to ask for.
  const { value, failure, refresh } = refreshed(
    'downloads',
    () => lab.call('downloads.list', {}),
    (notification) => notification.type === 'downloads' && notification.downloads,
  );

  async function start(request: DownloadRequest): Promise<DownloadView> {
    const started = await lab.call('downloads.start', request);
    await refresh();
    return started;
  }

  async function resume(id: string): Promise<void> {
    await lab.call('downloads.resume', { id });
    await refresh();
  }

  async function cancel(id: string): Promise<void> {
    await lab.call('downloads.cancel', { id });
    await refresh();
  }

  async function discard(id: string): Promise<void> {
    await lab.call('downloads.discard', { id });
    await refresh();
  }

  return { downloads: computed(() => value.value ?? []), failure, refresh, start, resume, cancel, discard };
});
