import type {
  ExperimentDetails,
  ExperimentDraft,
  ExperimentSummary,
  RunStatus,
  RunView,
} from '../../../shared/contract/experiments.ts';
import type { Run } from '../../../shared/history.ts';
import type { ExperimentQueue } from '../../experiments/queue.ts';
import type { Pace } from '../../store/pace.ts';
import type { Store } from '../../store/runStore.ts';
import type { ExperimentOverview } from '../../store/summaries.ts';
import { draftFromRuns } from '../drafts/drafts.ts';
import type { LiveRuns } from './liveRuns.ts';
import { secondsLeft, type Reference } from './secondsLeft.ts';

/** Experiments and runs for screens: their history and their current state. */
export class ExperimentViews {
  readonly #store: Store;
  readonly #queue: ExperimentQueue;
  readonly #liveRuns: LiveRuns;
  /** The last pace of each run, valid while its last step is the same. */
  readonly #paces = new Map<string, { step: number; pace: Pace | null }>();

  constructor(store: Store, queue: ExperimentQueue, liveRuns: LiveRuns) {
    this.#store = store;
    this.#queue = queue;
    this.#liveRuns = liveRuns;
  }

  list(): ExperimentSummary[] {
    return this.#store.listOverviews().map((overview) => this.#summarise(overview));
  }

  summary(experiment: string): ExperimentSummary {
    return this.#summarise(this.#store.overviewOf(experiment));
  }

  details(experiment: string): ExperimentDetails {
    const summary = this.summary(experiment);
    return {
      ...summary,
      draft: this.#store.draftOf(experiment) ?? this.#draftLike(summary),
      runList: this.runs(experiment),
    };
  }

  /** For an experiment of the command line, which always has runs. */
  #draftLike({ id, name, dataset }: ExperimentSummary): ExperimentDraft | null {
    const configurations = this.#store.listRuns({ experiment: id }).map(({ configuration }) => configuration);
    return configurations.length > 0 ? draftFromRuns(name, dataset.name, configurations) : null;
  }

  /** In the order in which they are trained. */
  runs(experiment: string): RunView[] {
    const runs = this.#store.listRuns({ experiment });
    const paces = new Map(runs.map((run) => [run.id, this.#pace(run)]));
    const measured = runs.find((run) => run.start && paces.get(run.id));
    const like: Reference | null = measured ? { start: measured.start!, pace: paces.get(measured.id)! } : null;
    return runs.map((run) => this.#runView(run, paces.get(run.id)!, like));
  }

  #summarise({ deleted: _, ...overview }: ExperimentOverview): ExperimentSummary {
    const own = this.#queue.status(overview.id);
    // No program trains this run, although the history says that it is running: its end could not be written.
    const stored = overview.status === 'running' && !overview.foreign ? 'failed' : overview.status;
    return { ...overview, status: own ?? stored };
  }

  #runView(run: Run, pace: Pace | null, like: Reference | null): RunView {
    const { state: _, skipped: __, ...known } = run;
    const live = this.#liveRuns.live(run.id);
    const status = this.#status(run);
    return {
      ...known,
      failure: this.#liveRuns.unrecordedFailure(run.id) ?? run.failure,
      status,
      phase: live?.phase ?? null,
      documentsPerSecond: pace?.documentsPerSecond ?? null,
      tokensPerSecond: pace?.tokensPerSecond ?? null,
      secondsLeft: secondsLeft(run, status, pace, like),
      memoryBytes: live?.memoryBytes ?? null,
    };
  }

  #status(run: Run): RunStatus {
    if (this.#liveRuns.unrecordedFailure(run.id)) return 'failed';
    if (run.state === 'running')
      return this.#liveRuns.live(run.id) && this.#queue.status(run.experiment) === 'paused' ? 'paused' : 'running';
    return run.skipped ? 'skipped' : run.state;
  }

  #pace({ id, steps_done }: Run): Pace | null {
    const known = this.#paces.get(id);
    if (known?.step === steps_done) return known.pace;
    const pace = steps_done > 0 ? this.#store.pace(id) : null;
    this.#paces.set(id, { step: steps_done, pace });
    return pace;
  }
}
