import type { Run, RunState } from '../../../../shared/history.ts';
import type { Store } from '../../../store/runStore.ts';
import type { MlflowClient } from './client.ts';
import { evaluationMetrics, sentTags, stepMetrics } from './records.ts';
import { logMetrics, openExperiment, openRun, updateStatus, type RemoteRun } from './tracking.ts';

/** Sends runs to one experiment of an MLflow server, and keeps track of what was sent. */
export class RunSender {
  readonly #store: Store;
  readonly #client: MlflowClient;
  readonly #experiment: string;
  readonly #remotes = new Map<string, RemoteRun>();
  readonly #states = new Map<string, RunState>();
  #experimentId: string | null = null;

  constructor(store: Store, client: MlflowClient, experiment: string) {
    this.#store = store;
    this.#client = client;
    this.#experiment = experiment;
  }

  /**
   * Sends everything stored since the last time, by any program. Throws a `download` LabError; the server keeps what it
   * has received.
   */
  async send(id: string): Promise<RemoteRun> {
    const run = this.#store.getRun(id);
    const remote = await this.#remoteOf(run);
    const { curves, evaluations, diagnosed } = this.#store.atOneMoment(() => ({
      curves: this.#store.curves(id, this.#store.stepMetricNames(id), remote.steps),
      evaluations: this.#store.evaluations(id, remote.evaluations),
      diagnosed: this.#store.diagnosedSteps(id, remote.evaluations),
    }));
    await logMetrics(this.#client, remote.id, stepMetrics(run, curves), sentTags.steps);
    await logMetrics(this.#client, remote.id, evaluationMetrics(run, evaluations, diagnosed), sentTags.evaluations);
    if (this.#states.get(id) !== run.state) await updateStatus(this.#client, remote.id, run);
    this.#states.set(id, run.state);
    const sent = {
      id: remote.id,
      steps: curves.steps.at(-1) ?? remote.steps,
      evaluations: evaluations.at(-1)?.step ?? remote.evaluations,
    };
    this.#remotes.set(id, sent);
    return sent;
  }

  async #remoteOf(run: Run): Promise<RemoteRun> {
    const known = this.#remotes.get(run.id);
    if (known) return known;
    this.#experimentId ??= await openExperiment(this.#client, this.#experiment);
    return openRun(this.#client, this.#experimentId, run);
  }
}
