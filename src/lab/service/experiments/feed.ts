import type {
  ExperimentChange,
  ExperimentSnapshot,
  ExperimentSummary,
  RunView,
  WatchedEvaluation,
} from '../../../shared/contract/experiments.ts';
import type { Store } from '../../store/runStore.ts';
import type { Connection } from '../context.ts';
import type { ExperimentViews } from './views.ts';
import { beginning, readRunHistory, type Cursor, type RunHistory } from './runHistory.ts';

const changeMilliseconds = 100;
/** Pause before the next try if the history could not be read. */
const retryMilliseconds = 1000;

/**
 * The changes of one experiment, for the screens that watch it. They are read from the history, from where the last
 * change ended. So screens show exactly what is stored, whichever program trains the experiment, and the snapshot of a
 * new screen ends exactly where its first change begins.
 */
export class Feed {
  readonly #store: Store;
  readonly #views: ExperimentViews;
  readonly #experiment: string;
  readonly #screens = new Set<Connection>();
  readonly #cursors = new Map<string, Cursor>();
  /** The runs as last sent, as JSON. */
  readonly #sent = new Map<string, string>();
  #sentStatus: ExperimentSummary['status'] | null = null;
  #seq = 0;
  /** Whether a part of a change was read but never sent: screens must then ask for everything again. */
  #incomplete = false;
  #timer: NodeJS.Timeout | undefined;
  #lastChange = -Infinity;

  constructor(store: Store, views: ExperimentViews, experiment: string) {
    this.#store = store;
    this.#views = views;
    this.#experiment = experiment;
  }

  join(screen: Connection): ExperimentSnapshot {
    return this.#store.atOneMoment(() => {
      // The snapshot reads new records first: watching screens must get them, too.
      if (this.#screens.size > 0) this.#publish();
      const experiment = this.#views.details(this.#experiment);
      const histories = experiment.runList.map(({ id }) => this.#read(id, beginning));
      this.#markSent(experiment.status, experiment.runList);
      this.#screens.add(screen);
      return { seq: this.#seq, experiment, ...gather(experiment.runList, histories) };
    });
  }

  /** Whether no screen watches any more. */
  leave(screen: Connection): boolean {
    this.#screens.delete(screen);
    if (this.#screens.size > 0) return false;
    this.close();
    return true;
  }

  /** Sends what has changed: at once, or a tenth of a second after the last change. */
  touch(): void {
    this.#publishIn(Math.max(0, this.#lastChange + changeMilliseconds - performance.now()));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #publishIn(milliseconds: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#publishOrRetry();
    }, milliseconds);
  }

  #publishOrRetry(): void {
    try {
      this.#store.atOneMoment(() => this.#publish());
    } catch {
      // Try again later. A screen that asks for everything meanwhile gets the error.
      this.#publishIn(retryMilliseconds);
    }
  }

  #publish(): void {
    const begun = performance.now();
    const missed = this.#incomplete;
    // Stays true if reading throws.
    this.#incomplete = true;
    const { status } = this.#views.summary(this.#experiment);
    const runs = this.#views.runs(this.#experiment);
    const changed = runs.filter((run) => this.#sent.get(run.id) !== JSON.stringify(run));
    // A run in training may have records that its view does not show, such as a notice.
    const looked = runs.filter((run) => changed.includes(run) || run.status === 'running' || run.status === 'paused');
    const news = gather(
      looked,
      looked.map(({ id }) => this.#read(id, this.#cursors.get(id) ?? beginning)),
    );
    this.#incomplete = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const isNews =
      missed ||
      status !== this.#sentStatus ||
      changed.length > 0 ||
      news.series.length > 0 ||
      news.log.length > 0 ||
      Object.keys(news.evaluations).length > 0;
    if (!isNews) return;
    this.#markSent(status, changed);
    // Not the end, which would delay changes more and more.
    this.#lastChange = begun;
    // Skips a number: a screen that misses it asks for everything again.
    if (missed) this.#seq++;
    const change: ExperimentChange = { experiment: this.#experiment, seq: ++this.#seq, status, runs: changed, ...news };
    for (const screen of this.#screens) screen.notify({ type: 'changed', change });
  }

  #read(run: string, from: Cursor): RunHistory {
    const history = readRunHistory(this.#store, run, from);
    this.#cursors.set(run, history.cursor);
    return history;
  }

  #markSent(status: ExperimentSummary['status'], runs: readonly RunView[]): void {
    this.#sentStatus = status;
    for (const run of runs) this.#sent.set(run.id, JSON.stringify(run));
  }
}

function gather(
  runs: readonly RunView[],
  histories: readonly RunHistory[],
): Pick<ExperimentChange, 'series' | 'evaluations' | 'log'> {
  const evaluations: Record<string, readonly WatchedEvaluation[]> = {};
  runs.forEach(({ id }, index) => {
    if (histories[index]!.evaluations.length > 0) evaluations[id] = histories[index]!.evaluations;
  });
  return {
    series: histories.flatMap(({ series }) => (series ? [series] : [])),
    evaluations,
    log: histories.flatMap(({ log }) => log),
  };
}
