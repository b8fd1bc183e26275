import { defineStore } from 'pinia';
import { computed } from 'vue';
import { lab } from '../rpc/client.ts';
import { refreshed } from './refreshed.ts';

/** The datasets that the lab holds, and those whose folder cannot be read. */
export const useDatasets = defineStore('datasets', () => {
  const { value, failure, refresh } = refreshed('datasets', () => lab.call('datasets.list', {}));

  return {
    loaded: computed(() => value.value !== null),
    datasets: computed(() => value.value?.datasets ?? []),
    damaged: computed(() => value.value?.damaged ?? []),
    failure,
    refresh,
  };
});
