import type { ExperimentSnapshot } from '../../../shared/contract/experiments.ts';
import type { Store } from '../../store/runStore.ts';
import type { Connection } from '../context.ts';
import type { ExperimentViews } from './views.ts';
import { Feed } from './feed.ts';

/** The screens that watch experiments. */
export class Watches {
  readonly #store: Store;
  readonly #views: ExperimentViews;
  readonly #feeds = new Map<string, Feed>();

  constructor(store: Store, views: ExperimentViews) {
    this.#store = store;
    this.#views = views;
  }

  /** Returns everything about an experiment; from then on, the screen gets its changes. */
  watch(experiment: string, screen: Connection): ExperimentSnapshot {
    const feed = this.#feeds.get(experiment) ?? new Feed(this.#store, this.#views, experiment);
    const snapshot = feed.join(screen);
    this.#feeds.set(experiment, feed);
    return snapshot;
  }

  unwatch(experiment: string, screen: Connection): void {
    const feed = this.#feeds.get(experiment);
    if (feed?.leave(screen)) this.#feeds.delete(experiment);
  }

  /** A screen has disconnected. */
  forget(screen: Connection): void {
    for (const experiment of [...this.#feeds.keys()]) this.unwatch(experiment, screen);
  }

  /** An experiment has changed. */
  touch(experiment: string): void {
    this.#feeds.get(experiment)?.touch();
  }

  /** Another program has written to the history; it is unknown what. */
  touchAll(): void {
    for (const feed of this.#feeds.values()) feed.touch();
  }

  close(): void {
    for (const feed of this.#feeds.values()) feed.close();
    this.#feeds.clear();
  }
}
