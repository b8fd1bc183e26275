import { shallowRef, type ShallowRef } from 'vue';

/** What the system asks for, now and later. */
export function followSystemTheme(): Readonly<ShallowRef<'light' | 'dark'>> {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const theme = shallowRef<'light' | 'dark'>(query.matches ? 'dark' : 'light');
  query.addEventListener('change', () => {
    theme.value = query.matches ? 'dark' : 'light';
  });
  return theme;
}
