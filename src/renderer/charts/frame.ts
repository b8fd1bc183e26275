import { onScopeDispose } from 'vue';

/** Work that waits for a frame, in the order in which it was asked for. */
const waiting = new Set<() => void>();
let asked = false;

/** Milliseconds of a frame that may be spent: the browser has to paint what was drawn, and to answer the person. */
const budget = 6;

/**
 * A function that asks for `work` in the next frame; asked several times before that, it is done
 * once. Where many ask at once, what does not fit into a frame is done in those that follow.
 */
export function useFrame(work: () => void): () => void {
  onScopeDispose(() => waiting.delete(work));
  return () => {
    waiting.add(work);
    ask();
  };
}

function ask(): void {
  if (asked) return;
  asked = true;
  requestAnimationFrame(work);
}

function work(): void {
  asked = false;
  const end = performance.now() + budget;
  for (const next of waiting) {
    waiting.delete(next);
    next();
    if (performance.now() >= end) break;
  }
  if (waiting.size > 0) ask();
}
