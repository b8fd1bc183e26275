import { sendPending } from '../export/runs/mlflow/resend.ts';
import type { Store } from '../store/runStore.ts';

const milliseconds = 60_000;

/**
 * Sends what MLflow servers have not received of runs of the command line, at once and every minute. Returns a function
 * that ends it, and resolves when nothing is being sent any more.
 */
export function sendUnsentRuns(store: Store): () => Promise<void> {
  const ending = new AbortController();
  let sending: Promise<void> | null = null;
  const send = (): void => {
    sending ??= sendPending(store, { signal: ending.signal })
      // What a server does not take now stays stored, and is tried again.
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => (sending = null));
  };
  send();
  const timer = setInterval(send, milliseconds);
  timer.unref();
  return async () => {
    clearInterval(timer);
    ending.abort();
    await sending;
  };
}
