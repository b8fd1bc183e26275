import { defineStore } from 'pinia';
import { computed, shallowRef, triggerRef } from 'vue';
import type { ExperimentChange } from '../../../shared/contract/experiments.ts';
import { lab } from '../../rpc/client.ts';
import { applyChange, fromSnapshot, type LiveExperiment } from './liveExperiment.ts';

/**
 * The experiment that a screen follows: a snapshot from its beginning on, then change after change.
 * What was missed, and every lost connection, means to ask for everything again. Screens hear of
 * news once a frame at most.
 */
export const useLive = defineStore('live', () => {
  const live = shallowRef<LiveExperiment | null>(null);
  const failure = shallowRef<unknown>(null);
  let followed: string | null = null;
  /** Changes that arrive while a snapshot is on its way; null when none is. */
  let early: ExperimentChange[] | null = null;
  let frame = 0;

  lab.onNotification((notification) => {
    if (notification.type === 'changed' && notification.change.experiment === followed) take(notification.change);
    if (notification.type === 'experiments' && followed) void refreshDetails(followed);
  });
  lab.onReconnect(() => {
    if (followed) void load(followed);
  });

  async function follow(id: string): Promise<void> {
    if (followed === id) return;
    leave();
    followed = id;
    await load(id);
  }

  function leave(): void {
    if (followed) void lab.call('experiments.unwatch', { id: followed }).catch(() => undefined);
    cancelAnimationFrame(frame);
    frame = 0;
    followed = null;
    early = null;
    live.value = null;
    failure.value = null;
  }

  async function load(id: string): Promise<void> {
    const changes: ExperimentChange[] = [];
    early = changes;
    try {
      const snapshot = await lab.call('experiments.watch', { id });
      // Another load, or another experiment, has begun meanwhile.
      if (early !== changes) return;
      live.value = fromSnapshot(snapshot);
      failure.value = null;
      early = null;
      for (const change of changes) take(change);
    } catch (error) {
      if (early !== changes) return;
      early = null;
      failure.value = error;
    }
  }

  function take(change: ExperimentChange): void {
    if (early) {
      early.push(change);
      return;
    }
    if (!live.value) return;
    const outcome = applyChange(live.value, change);
    if (outcome === 'gap') void load(change.experiment);
    else if (outcome === 'applied') announce();
  }

  function announce(): void {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      triggerRef(live);
    });
  }

  /** Name, note, tags and the rest that changes do not carry. */
  async function refreshDetails(id: string): Promise<void> {
    const details = await lab.call('experiments.details', { id }).catch(() => null);
    if (!details || followed !== id || !live.value) return;
    live.value.experiment = {
      ...details,
      status: live.value.experiment.status,
      runList: live.value.experiment.runList,
    };
    announce();
  }

  /** Changes with every announcement: what is computed from a followed experiment begins with reading it. */
  const experiment = computed(() => live.value?.experiment ?? null);

  return { live, experiment, failure, follow, leave, reload: () => followed && load(followed) };
});
