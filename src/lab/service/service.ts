import { rmSync } from 'node:fs';
import type { Notification } from '../../shared/contract/contract.ts';
import { ExperimentQueue } from '../experiments/queue.ts';
import { memorySecrets, type SecretStore } from '../net/secretStore.ts';
import type { Home } from '../files/home.ts';
import { openStore, type Store } from '../store/runStore.ts';
import { runFolder } from '../training/job.ts';
import type { WorkerLauncher } from '../work/workers.ts';
import { callMethod } from './callMethod.ts';
import { catalogueMethods } from './catalogue/catalogue.ts';
import type { Connection, Implementations, ServiceContext } from './context.ts';
import { credentialMethods } from './settings/credentials.ts';
import { datasetMethods } from './datasets/datasets.ts';
import { descriptionMethods } from './about/description.ts';
import { diagnosticMethods } from './inspection/diagnostics.ts';
import { Downloads } from './downloads/downloads.ts';
import { encoderMethods } from './encoders/encoders.ts';
import { experimentMethods } from './experiments/experiments.ts';
import { LiveRuns } from './experiments/liveRuns.ts';
import { ExperimentViews } from './experiments/views.ts';
import { Inspections } from './inspection/inspector.ts';
import { mapMethods } from './inspection/map.ts';
import { Jobs } from './jobs/jobs.ts';
import { rehearsalMethods } from './rehearsal/rehearsal.ts';
import { sendUnsentRuns } from './unsentRuns.ts';
import { runMethods } from './runs/runs.ts';
import { settingsMethods } from './settings/settings.ts';
import { Watches } from './experiments/watches.ts';

/** The lab for its carriers (server, desktop app): one for any number of screens. */
export interface LabService {
  /** Connects a new screen; `notify` receives notifications of the lab. */
  connect(notify: (notification: Notification) => void): ServiceConnection;
  /** Whether an experiment is being trained. */
  busy(): boolean;
  /** Stops training after a checkpoint, stops downloads, and closes the history. */
  close(): Promise<void>;
}

export interface ServiceConnection {
  /** Checks the input. Throws a LabError for problems that users can fix. */
  call(method: string, input: unknown): Promise<unknown>;
  close(): void;
}

export interface LabOptions {
  readonly home: Home;
  readonly launcher: WorkerLauncher;
  /** Store for credentials from screens; by default in memory. */
  readonly secrets?: SecretStore;
}

/** Opens the history of a home folder (see `openHome`), and removes what was deleted more than a day ago. */
export function createLabService({ home, launcher, secrets = memorySecrets() }: LabOptions): LabService {
  const store = openStore(home);
  removeDeleted(home, store);
  const screens = new Set<Screen>();
  const notify = (notification: Notification): void => {
    for (const screen of screens) screen.notify(notification);
  };
  const jobs = new Jobs(notify);
  const context: ServiceContext = { home, store, launcher, jobs, notify };
  const liveRuns = new LiveRuns(notify, (experiment) => watches.touch(experiment));
  const queue = new ExperimentQueue(store, launcher, liveRuns);
  const views = new ExperimentViews(store, queue, liveRuns);
  const watches = new Watches(store, views);
  const downloads = new Downloads(context, secrets);
  const inspections = new Inspections(context);
  const methods: Implementations = {
    ...catalogueMethods(),
    ...credentialMethods(secrets),
    ...datasetMethods(context, queue),
    ...descriptionMethods(context),
    ...diagnosticMethods(context),
    ...downloads.methods,
    ...encoderMethods(context, queue),
    ...experimentMethods(context, { queue, views, watches }),
    ...inspections.methods,
    ...jobs.methods,
    ...mapMethods(context),
    ...rehearsalMethods(context),
    ...runMethods(context),
    ...settingsMethods(context),
  };
  const stopNoticing = noticeOtherPrograms(store, () => {
    notify({ type: 'experiments' });
    watches.touchAll();
  });
  const stopSending = sendUnsentRuns(store);
  return {
    connect(notifyScreen) {
      const screen = new Screen(notifyScreen);
      screens.add(screen);
      screen.onClose(() => {
        screens.delete(screen);
        watches.forget(screen);
      });
      return { call: (method, input) => callMethod(methods, method, input, screen), close: () => screen.close() };
    },
    busy: () => queue.busy,
    async close() {
      // Screens stay connected and show the progress.
      await Promise.all([jobs.close(), queue.close(), downloads.close(), stopSending()]);
      inspections.close();
      stopNoticing();
      for (const screen of screens) screen.close();
      watches.close();
      store.close();
    },
  };
}

class Screen implements Connection {
  readonly notify: (notification: Notification) => void;
  readonly #closeActions = new Set<() => void>();

  constructor(notify: (notification: Notification) => void) {
    this.notify = notify;
  }

  onClose(action: () => void): () => void {
    this.#closeActions.add(action);
    return () => this.#closeActions.delete(action);
  }

  close(): void {
    for (const action of this.#closeActions) action();
    this.#closeActions.clear();
  }
}

// --- Housekeeping -------------------------------------------------------------------------------

const keptDeletedMilliseconds = 24 * 60 * 60 * 1000;

/** Folders first: if one is in use, the next start tries again. */
function removeDeleted(home: Home, store: Store): void {
  const before = new Date(Date.now() - keptDeletedMilliseconds);
  const folders = store.runsDeletedBefore(before).map((run) => runFolder(home, run));
  if (folders.every(isRemoved)) store.purgeDeleted(before);
}

function isRemoved(folder: string): boolean {
  try {
    rmSync(folder, { recursive: true, force: true });
    return true;
  } catch {
    return false;
  }
}

const noticeMilliseconds = 1000;

/**
 * Calls `changed` when another program has written to the history, or has ended during a run. SQLite counts commits of
 * other programs but does not notify, so this polls.
 */
function noticeOtherPrograms(store: Store, changed: () => void): () => void {
  let version = store.foreignChanges();
  const look = (): void => {
    const interrupted = store.markInterrupted();
    const now = store.foreignChanges();
    if (now !== version || interrupted.length > 0) changed();
    version = now;
  };
  const timer = setInterval(() => {
    try {
      look();
    } catch {
      // A history that cannot be read now is read again later; methods called meanwhile report the error.
    }
  }, noticeMilliseconds);
  timer.unref();
  return () => clearInterval(timer);
}
