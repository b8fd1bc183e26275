import type { ExperimentDraft, ExperimentSummary } from '../../../shared/contract/experiments.ts';
import type { MethodName } from '../../../shared/contract/contract.ts';
import { LabError } from '../../../shared/errors.ts';
import { findDataset } from '../../data/findDataset.ts';
import type { Implementations, ServiceContext } from '../context.ts';
import { storedConfiguration } from '../../experiments/storedConfiguration.ts';
import { draftConfigurations } from '../drafts/drafts.ts';
import { draftProblems } from '../drafts/check.ts';
import type { ExperimentViews } from './views.ts';
import type { Scheduler } from './scheduler.ts';
import type { Watches } from '../watch/watch.ts';

type DraftMethod =
  'experiments.check' | 'experiments.asCommand' | 'experiments.rehearse' | 'experiments.cancelRehearsal';
type ExperimentMethod = Exclude<Extract<MethodName, `experiments.${string}`>, DraftMethod>;

/** What trains experiments and shows how they go: one each, for all screens. */
export interface ExperimentServices {
  readonly scheduler: Scheduler;
  readonly views: ExperimentViews;
  readonly watches: Watches;
}

export function experimentMethods(
  context: ServiceContext,
  { scheduler, views, watches }: ExperimentServices,
): Implementations<ExperimentMethod> {
  const { store } = context;
  /** What people note is shown in lists, and by screens that watch. */
  const change = (action: () => void): null => {
    action();
    context.notify({ type: 'experiments' });
    return null;
  };
  const done = (action: () => void): null => {
    action();
    return null;
  };
  return {
    'experiments.list': () => views.list(),
    'experiments.details': ({ id }) => views.detailsOf(id),
    'experiments.create': async ({ draft, start }) => {
      const id = await create(context, draft);
      if (start) scheduler.start(id);
      context.notify({ type: 'experiments' });
      return views.summaryOf(id);
    },
    'experiments.start': ({ id }) => done(() => scheduler.start(id)),
    'experiments.pause': ({ id }) => done(() => scheduler.pause(id)),
    'experiments.unpause': ({ id }) => done(() => scheduler.unpause(id)),
    'experiments.cancel': ({ id }) => done(() => scheduler.cancel(id)),
    'experiments.skipRun': ({ run }) => done(() => scheduler.skip(run)),
    'experiments.rename': ({ id, name }) => change(() => store.rename(id, name)),
    'experiments.setTags': ({ id, tags }) => change(() => store.setTags(id, [...new Set(tags)])),
    'experiments.setNote': ({ id, note }) => change(() => store.setNote(id, note)),
    'experiments.delete': ({ id }) =>
      change(() => {
        requireIdle(views.summaryOf(id));
        store.deleteExperiment(id);
      }),
    'experiments.restore': ({ id }) => change(() => store.restoreExperiment(id)),
    'experiments.watch': ({ id }, connection) => watches.watch(id, connection),
    'experiments.unwatch': ({ id }, connection) => done(() => watches.unwatch(id, connection)),
  };
}

/** Throws a `configuration` LabError for the first thing that is wrong with the draft. */
async function create({ home, store }: ServiceContext, draft: ExperimentDraft): Promise<string> {
  const [problem] = await draftProblems(home, draft);
  if (problem) throw new LabError('configuration', problem.message, problem.fix);
  const configurations = draftConfigurations(draft).map(storedConfiguration);
  const { manifest } = await findDataset(home, draft.dataset);
  const { data_path, limit, test_size, encoder, training } = configurations[0]!;
  return store.atomically(() => {
    const { id } = store.createExperiment(
      {
        name: draft.name,
        dataset: { name: manifest.name, hash: manifest.content.sha256 },
        configuration: { data_path, limit, test_size, encoder, training },
      },
      draft,
    );
    for (const configuration of configurations) store.createRun({ experiment: id, configuration });
    return id;
  });
}

function requireIdle({ status, foreign }: ExperimentSummary): void {
  if (foreign)
    throw new LabError(
      'usage',
      'Another program is training this experiment.',
      'Stop it where it was started, then delete it.',
    );
  if (status === 'running' || status === 'paused' || status === 'waiting')
    throw new LabError('usage', 'This experiment is being trained.', 'Cancel it first, then delete it.');
}
