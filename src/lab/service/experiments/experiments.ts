import type { ExperimentDraft, ExperimentSummary } from '../../../shared/contract/experiments.ts';
import type { MethodName } from '../../../shared/contract/contract.ts';
import { LabError } from '../../../shared/errors.ts';
import { findDataset } from '../../data/findDataset.ts';
import { createExperiment, planRuns } from '../../experiments/create.ts';
import type { ExperimentQueue } from '../../experiments/queue.ts';
import type { Implementations, ServiceContext } from '../context.ts';
import { draftProblems } from '../drafts/check.ts';
import { draftCommand } from '../drafts/command.ts';
import { draftConfigurations } from '../drafts/drafts.ts';
import type { ExperimentViews } from './views.ts';
import type { Watches } from './watches.ts';

type RehearsalMethod = 'experiments.rehearse' | 'experiments.cancelRehearsal';
type ExperimentMethod = Exclude<Extract<MethodName, `experiments.${string}`>, RehearsalMethod>;

/** The queue and what observes it: one of each for all screens. */
export interface ExperimentServices {
  readonly queue: ExperimentQueue;
  readonly views: ExperimentViews;
  readonly watches: Watches;
}

export function experimentMethods(
  context: ServiceContext,
  { queue, views, watches }: ExperimentServices,
): Implementations<ExperimentMethod> {
  const { store } = context;
  /** Lists and watching screens show tags and notes. */
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
    'experiments.details': ({ id }) => views.details(id),
    'experiments.check': (draft) => draftProblems(context.home, draft),
    'experiments.asCommand': draftCommand,
    'experiments.create': async ({ draft, start }) => {
      const id = await create(context, draft);
      if (start) queue.start(id);
      context.notify({ type: 'experiments' });
      return views.summary(id);
    },
    'experiments.start': ({ id }) => done(() => queue.start(id)),
    'experiments.pause': ({ id }) => done(() => queue.pause(id)),
    'experiments.unpause': ({ id }) => done(() => queue.unpause(id)),
    'experiments.cancel': ({ id }) => done(() => queue.stop(id)),
    'experiments.skipRun': ({ run }) => done(() => queue.skip(run)),
    'experiments.rename': ({ id, name }) => change(() => store.rename(id, name)),
    'experiments.setTags': ({ id, tags }) => change(() => store.setTags(id, [...new Set(tags)])),
    'experiments.setNote': ({ id, note }) => change(() => store.setNote(id, note)),
    'experiments.delete': ({ id }) =>
      change(() => {
        requireIdle(views.summary(id));
        store.deleteExperiment(id);
      }),
    'experiments.restore': ({ id }) => change(() => store.restoreExperiment(id)),
    'experiments.watch': ({ id }, connection) => watches.watch(id, connection),
    'experiments.unwatch': ({ id }, connection) => done(() => watches.unwatch(id, connection)),
  };
}

/** Throws a `configuration` LabError for the first problem of the draft. */
async function create({ home, store }: ServiceContext, draft: ExperimentDraft): Promise<string> {
  const [problem] = await draftProblems(home, draft);
  if (problem) throw new LabError('configuration', problem.message, problem.fix);
  const runs = planRuns(draftConfigurations(draft));
  const dataset = await findDataset(home, draft.dataset);
  const [first] = createExperiment(store, { name: draft.name, dataset, runs, draft });
  return first!.experiment;
}

function requireIdle({ status, foreign }: ExperimentSummary): void {
  if (foreign)
    throw new LabError(
      'usage',
      'Another program is training this experiment.',
      'Stop it in the program that started it, then delete it.',
    );
  if (status === 'running' || status === 'paused' || status === 'waiting')
    throw new LabError('usage', 'This experiment is being trained.', 'Cancel it first, then delete it.');
}
