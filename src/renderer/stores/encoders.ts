import { defineStore } from 'pinia';
import { computed } from 'vue';
import { lab } from '../rpc/client.ts';
import { refreshed } from './refreshed.ts';

/** Encoders with weights that lie on the machine of the lab: from the Hub, and from finished runs. */
export const useEncoders = defineStore('encoders', () => {
  const { value, failure, refresh } = refreshed('encoders', () => lab.call('encoders.list', {}));

  return {
    loaded: computed(() => value.value !== null),
    encoders: computed(() => value.value ?? []),
    failure,
    refresh,
  };
});
