import type { Run, RunState } from '../../../../shared/history.ts';
import type { SendTarget } from '../../../store/sends.ts';
import type { Store } from '../../../store/runStore.ts';
import { baselinesOf } from '../baselines.ts';
import { ArtifactMaker } from './artifacts.ts';
import type { MlflowClient } from './client.ts';
import {
  baselineMetrics,
  describeBaseline,
  describeRun,
  evaluationMetrics,
  sentTags,
  stepMetrics,
  type RunDescription,
} from './records.ts';
import { logArtifact, logMetrics, openExperiment, openRun, updateStatus, type RemoteRun } from './tracking.ts';

/** Sends runs to one experiment of an MLflow server, and keeps track of what was sent. */
export class RunSender {
  readonly #store: Store;
  readonly #client: MlflowClient;
  readonly #target: SendTarget;
  readonly #remotes = new Map<string, RemoteRun>();
  readonly #states = new Map<string, RunState>();
  #experimentId: string | null = null;

  constructor(store: Store, client: MlflowClient, experiment: string) {
    this.#store = store;
    this.#client = client;
    this.#target = { address: client.address, experiment };
  }

  /** Name of the server in messages. */
  get name(): string {
    return this.#client.name;
  }

  /** How often the server has answered. */
  get answers(): number {
    return this.#client.answers;
  }

  /** Remembers that a run is sent to this server: if it does not arrive, it is sent later. */
  remember(id: string): void {
    this.#store.rememberSend(id, this.#target);
  }

  /**
   * Sends everything stored since the last time, by any program. Throws a `download` LabError; the server keeps what it
   * has received.
   */
  async send(id: string): Promise<RemoteRun> {
    const run = this.#store.getRun(id);
    const remote = await this.#remoteOf(describeRun(run));
    const { curves, evaluations, diagnosed } = this.#store.atOneMoment(() => ({
      curves: this.#store.curves(id, this.#store.stepMetricNames(id), remote.steps),
      evaluations: this.#store.evaluations(id, remote.evaluations),
      diagnosed: this.#store.diagnosedSteps(id, remote.evaluations),
    }));
    await logMetrics(this.#client, remote.id, stepMetrics(run, curves), sentTags.steps);
    await logMetrics(this.#client, remote.id, evaluationMetrics(run, evaluations, diagnosed), sentTags.evaluations);
    if (this.#states.get(id) !== run.state) await updateStatus(this.#client, remote.id, run.state, run.ended);
    this.#states.set(id, run.state);
    const sent = {
      ...remote,
      steps: curves.steps.at(-1) ?? remote.steps,
      evaluations: evaluations.at(-1)?.step ?? remote.evaluations,
    };
    this.#remotes.set(id, sent);
    return sent;
  }

  /**
   * Sends runs that have ended, completely: their figures, their files, and what they are compared with. Returns what
   * could not be sent to such a server, in sentences. Throws a `download` LabError, and the runs are then sent later.
   */
  async sendCompletely(ids: readonly string[], onRun?: (id: string) => void): Promise<string[]> {
    for (const id of ids) this.remember(id);
    for (const id of ids) {
      onRun?.(id);
      await this.send(id);
    }
    const runs = ids.map((id) => this.#store.getRun(id));
    const leftOut = [...(await this.#sendBaselines(runs)), ...(await this.#sendArtifacts(runs))];
    for (const id of ids) this.#store.confirmSend(id, this.#target, this.#states.get(id)!);
    return [...new Set(leftOut)];
  }

  /** The id on the server of a run that was sent. */
  remoteId(id: string): string {
    return this.#remotes.get(id)!.id;
  }

  async #sendBaselines(runs: readonly Run[]): Promise<readonly string[]> {
    const { found, missing } = await baselinesOf(this.#store, runs);
    for (const baseline of found) {
      const remote = await this.#remoteOf(describeBaseline(baseline));
      await logMetrics(this.#client, remote.id, baselineMetrics(baseline), sentTags.evaluations);
      await updateStatus(this.#client, remote.id, 'finished', baseline.runs[0]!.ended);
    }
    return missing;
  }

  async #sendArtifacts(runs: readonly Run[]): Promise<string[]> {
    const maker = new ArtifactMaker(this.#store);
    const leftOut: string[] = [];
    for (const run of runs) {
      for (const file of await maker.filesOf(run)) {
        const reason =
          'missing' in file ? file.missing : await logArtifact(this.#client, this.#remotes.get(run.id)!, file);
        if (reason !== null) leftOut.push(reason);
      }
    }
    return leftOut;
  }

  async #remoteOf(description: RunDescription): Promise<RemoteRun> {
    const known = this.#remotes.get(description.id);
    if (known) return known;
    this.#experimentId ??= await openExperiment(this.#client, this.#target.experiment);
    const remote = await openRun(this.#client, this.#experimentId, description);
    this.#remotes.set(description.id, remote);
    return remote;
  }
}
