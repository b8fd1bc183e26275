import { onScopeDispose } from 'vue';

/** A function that asks for `work` in the next frame; asked several times before that, it is done once. */
export function useFrame(work: () => void): () => void {
  let pending = 0;
  onScopeDispose(() => cancelAnimationFrame(pending));
  return () => {
    pending ||= requestAnimationFrame(() => {
      pending = 0;
      work();
    });
  };
}
