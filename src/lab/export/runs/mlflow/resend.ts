import { LabError } from '../../../../shared/errors.ts';
import type { PendingSend } from '../../../store/sends.ts';
import type { Store } from '../../../store/runStore.ts';
import { patience, type Patience } from '../../../net/retry.ts';
import { MlflowClient } from './client.ts';
import { RunSender } from './sendRun.ts';
import { knownServer } from './server.ts';

/** What became of the runs that a server had not received. */
export interface Resent {
  readonly address: string;
  readonly runs: readonly string[];
  /** Why they still have not arrived; null if they have. */
  readonly failure: LabError | null;
}

const minute = 60_000;
/** Between two attempts to reach a server that did not answer. */
const betweenAttempts = minute;
/** After the end of a run, LossLab stops trying by itself. */
const longest = 7 * 24 * 60 * minute;

/** One short attempt: nobody asked for it now. */
const shortPatience: Patience = { ...patience, retries: 0, stall: 3000 };

/**
 * Sends what servers have not received of runs that have ended: the server did not answer then, or the program ended.
 * Each server is tried at most once a minute, and for a week. A server gets the credentials of the environment only
 * if MLFLOW_TRACKING_URI names it.
 */
export async function sendPending(
  store: Store,
  {
    signal,
    environment = process.env,
    now = Date.now(),
  }: { readonly signal?: AbortSignal; readonly environment?: NodeJS.ProcessEnv; readonly now?: number } = {},
): Promise<Resent[]> {
  const due = store.pendingSends().filter((pending) => isDue(pending, now));
  const groups = Map.groupBy(due, ({ address, experiment }) => JSON.stringify([address, experiment]));
  const results: Resent[] = [];
  for (const group of groups.values()) {
    const { address, experiment } = group[0]!;
    const runs = group.map(({ run }) => run);
    try {
      const client = new MlflowClient(knownServer(address, environment), shortPatience, signal);
      await new RunSender(store, client, experiment).sendCompletely(runs);
      results.push({ address, runs, failure: null });
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      for (const run of runs) store.noteFailedSend(run, { address, experiment });
      results.push({ address, runs, failure: error });
    }
  }
  return results;
}

function isDue({ failed, ended }: PendingSend, now: number): boolean {
  return now - Date.parse(ended) < longest && (failed === null || now - Date.parse(failed) >= betweenAttempts);
}
