/**
 * While the action runs, any number of further calls become one more run of it afterwards: what they
 * ask for may have changed since it began. Each call resolves, or rejects, with the run that serves it.
 */
export function coalesced(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  function start(): Promise<void> {
    next = null;
    running = action().finally(() => {
      if (next === null) running = null;
    });
    return running;
  }

  return () => {
    if (!running) return start();
    next ??= running.then(start, start);
    return next;
  };
}
