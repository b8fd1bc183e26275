import { ref, watch, type Ref } from 'vue';

/** As long as somebody types, nobody is asked. */
const delayMilliseconds = 200;

/** Follows a text, as soon as it has not changed for a moment. */
export function useDelayed(text: Ref<string>): Readonly<Ref<string>> {
  const delayed = ref(text.value);
  watch(text, (now, _before, onCleanup) => {
    const timer = setTimeout(() => (delayed.value = now), delayMilliseconds);
    onCleanup(() => clearTimeout(timer));
  });
  return delayed;
}
