import { defineStore } from 'pinia';
import { computed } from 'vue';
import { lab } from '../rpc/client.ts';
import { refreshed } from './refreshed.ts';

/** All experiments, newest first. Details of one are asked for by the screens that show them. */
export const useExperiments = defineStore('experiments', () => {
  const { value, failure, refresh } = refreshed('experiments', () => lab.call('experiments.list', {}));

  return {
    loaded: computed(() => value.value !== null),
    experiments: computed(() => [...(value.value ?? [])].sort((a, b) => b.created.localeCompare(a.created))),
    failure,
    refresh,
  };
});
