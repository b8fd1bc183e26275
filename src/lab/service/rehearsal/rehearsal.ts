import type { ExperimentDraft, Rehearsal } from '../../../shared/contract/experiments.ts';
import { LabError } from '../../../shared/errors.ts';
import type { Progress } from '../../../shared/progress.ts';
import { findDataset } from '../../data/findDataset.ts';
import { chooseDevice } from '../../engine/devices.ts';
import { freeSpace } from '../../files/freeSpace.ts';
import type { Implementations, ServiceContext } from '../context.ts';
import { draftConfigurations } from '../drafts/drafts.ts';
import { describeRehearsal } from './figures.ts';
import { rehearsalTask } from '../../training/rehearsalTask.ts';
import { runTask } from '../../work/taskWorker.ts';

/** One rehearsal at a time, in a process of its own; it ends with its screen, or when another begins. */
export function rehearsalMethods(
  context: ServiceContext,
): Implementations<'experiments.rehearse' | 'experiments.cancelRehearsal'> {
  let current: AbortController | null = null;
  const cancel = (): void => current?.abort(new LabError('usage', 'The rehearsal was cancelled.'));
  return {
    'experiments.rehearse': async (draft, connection) => {
      cancel();
      const controller = new AbortController();
      current = controller;
      connection.onClose(() =>
        controller.abort(new LabError('usage', 'The screen that asked for the rehearsal has gone.')),
      );
      return rehearseDraft(context, draft, controller.signal, (progress) =>
        connection.notify({ type: 'rehearsing', progress }),
      );
    },

    'experiments.cancelRehearsal': () => {
      cancel();
      return null;
    },
  };
}

async function rehearseDraft(
  { home, launcher }: ServiceContext,
  draft: ExperimentDraft,
  signal: AbortSignal,
  report: (progress: Progress) => void,
): Promise<Rehearsal> {
  const recipes = draftConfigurations({ ...draft, seeds: draft.seeds.slice(0, 1) });
  const [configuration] = recipes;
  const { folder: dataset } = await findDataset(home, draft.dataset);
  report({ message: 'Choosing the device', done: 0, total: 1 });
  const device = await chooseDevice(configuration!.training.device, launcher);
  signal.throwIfAborted();
  const job = {
    run: 'rehearsal',
    configuration: configuration!,
    dataset,
    folder: home.cache,
    cache: home.cache,
    device: device.device,
    deviceReason: device.reason,
  };
  const figures = await runTask(launcher, rehearsalTask, { job, recipes }, { signal, onProgress: report });
  return describeRehearsal(figures, recipes, draft.seeds.length, device, freeSpace(home.folder));
}
