import type { ExperimentDraft, Rehearsal } from '../../../shared/contract/experiments.ts';
import { findDataset } from '../../data/findDataset.ts';
import { chooseDevice } from '../../engine/devices.ts';
import { freeSpace } from '../../files/freeSpace.ts';
import { rehearsalTask } from '../../training/rehearsalTask.ts';
import { runTask } from '../../work/taskWorker.ts';
import type { Implementations, ServiceContext } from '../context.ts';
import { draftConfigurations } from '../drafts/drafts.ts';
import type { JobHost } from '../jobs/request.ts';
import { describeRehearsal } from './figures.ts';

/** One rehearsal at a time, in a process of its own: two would take each other's time. */
export function rehearsalMethods(context: ServiceContext): Implementations<'experiments.rehearse'> {
  return {
    'experiments.rehearse': (draft, connection) =>
      context.jobs.run(
        {
          method: 'experiments.rehearse',
          input: draft,
          title: 'The rehearsal',
          alone: true,
          work: (host) => rehearseDraft(context, draft, host),
        },
        connection,
      ),
  };
}

async function rehearseDraft(
  { home, launcher }: ServiceContext,
  draft: ExperimentDraft,
  { signal, report }: JobHost,
): Promise<Rehearsal> {
  const recipes = draftConfigurations({ ...draft, seeds: draft.seeds.slice(0, 1) });
  const [configuration] = recipes;
  const { folder: dataset } = await findDataset(home, draft.dataset);
  report({ message: 'Choosing the device', done: 0, total: 1 });
  const device = await chooseDevice(configuration!.training.device, launcher);
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
