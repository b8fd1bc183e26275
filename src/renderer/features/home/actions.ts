import { useRouter } from 'vue-router';
import type { ExperimentSummary } from '../../../shared/contract/experiments.ts';
import { formatAmount } from '../../../shared/format.ts';
import { lab } from '../../rpc/client.ts';
import { useToasts } from '../../stores/toasts.ts';

/** How an experiment is taken further, by its status; null where there is nothing left to do. */
export function continuation(
  experiment: ExperimentSummary,
): { readonly label: string; readonly method: 'experiments.start' | 'experiments.unpause' } | null {
  if (experiment.foreign) return null;
  if (experiment.status === 'queued') return { label: 'Start', method: 'experiments.start' };
  if (experiment.status === 'paused') return { label: 'Resume', method: 'experiments.unpause' };
  const open = ['stopped', 'interrupted', 'failed'].includes(experiment.status);
  return open ? { label: 'Continue', method: 'experiments.start' } : null;
}

export interface ExperimentActions {
  open(experiment: ExperimentSummary): void;
  compare(experiments: readonly ExperimentSummary[]): void;
  carryOn(experiment: ExperimentSummary): void;
  duplicate(experiment: ExperimentSummary): void;
  remove(experiments: readonly ExperimentSummary[]): void;
}

/** What the list does with experiments. Failures are shown as messages. */
export function useExperimentActions(): ExperimentActions {
  const router = useRouter();
  const toasts = useToasts();
  const reported = (action: Promise<unknown>): void => void action.catch((error: unknown) => toasts.showFailure(error));
  const pathOf = ({ id }: ExperimentSummary): string => `/experiments/${encodeURIComponent(id)}`;

  async function carryOn(experiment: ExperimentSummary): Promise<void> {
    const next = continuation(experiment);
    if (next) await lab.call(next.method, { id: experiment.id });
    await router.push(pathOf(experiment));
  }

  async function compare(experiments: readonly ExperimentSummary[]): Promise<void> {
    if (experiments.length === 1) return void (await router.push(`${pathOf(experiments[0]!)}/compare`));
    const details = await Promise.all(experiments.map(({ id }) => lab.call('experiments.details', { id })));
    const runs = details.flatMap(({ runList }) => runList.map(({ id }) => id));
    await router.push({ path: '/compare', query: { runs: runs.join(',') } });
  }

  async function remove(experiments: readonly ExperimentSummary[]): Promise<void> {
    for (const { id } of experiments) await lab.call('experiments.delete', { id });
    const text =
      experiments.length === 1
        ? `Deleted “${experiments[0]!.name}”.`
        : `Deleted ${formatAmount(experiments.length, 'experiment')}.`;
    toasts.show({ text, action: { label: 'Undo', run: () => restore(experiments) } });
  }

  async function restore(experiments: readonly ExperimentSummary[]): Promise<void> {
    for (const { id } of experiments) await lab.call('experiments.restore', { id });
  }

  return {
    open: (experiment) => reported(router.push(pathOf(experiment))),
    compare: (experiments) => reported(compare(experiments)),
    carryOn: (experiment) => reported(carryOn(experiment)),
    duplicate: ({ id }) => reported(router.push({ path: '/new', query: { from: id } })),
    remove: (experiments) => reported(remove(experiments)),
  };
}
