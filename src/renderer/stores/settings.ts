import { defineStore } from 'pinia';
import { computed, watchEffect } from 'vue';
import { defaultSettings, type Settings } from '../../shared/contract/contract.ts';
import { lab } from '../rpc/client.ts';
import { refreshed } from './refreshed.ts';
import { followSystemTheme } from '../lib/theme.ts';

/** The settings of the lab, which all its screens share. */
export const useSettings = defineStore('settings', () => {
  const { value, failure, refresh } = refreshed('settings', () => lab.call('settings.get', {}));
  const settings = computed(() => value.value ?? defaultSettings);
  const systemTheme = followSystemTheme();

  watchEffect(() => {
    const { theme } = settings.value;
    document.documentElement.dataset.theme = theme === 'system' ? systemTheme.value : theme;
  });

  async function change(changes: Partial<Settings>): Promise<void> {
    value.value = await lab.call('settings.set', changes);
  }

  return { settings, failure, refresh, change };
});
