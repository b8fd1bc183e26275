import { differingCondition } from '../../shared/configuration/comparability.ts';
import type { Configuration } from '../../shared/configuration.ts';
import type { ExperimentDraft } from '../../shared/contract/experiments.ts';
import { LabError } from '../../shared/errors.ts';
import type { Run } from '../../shared/history.ts';
import type { FoundDataset } from '../data/findDataset.ts';
import type { Store } from '../store/runStore.ts';
import { storedConfiguration } from './storedConfiguration.ts';

declare const planned: unique symbol;
/**
 * Configurations of one experiment, one per run: at least one, under the same conditions, each with a decided encoder.
 */
export type PlannedRuns = readonly [Configuration, ...Configuration[]] & { readonly [planned]: true };

export interface NewExperiment {
  readonly name: string;
  readonly dataset: FoundDataset;
  readonly runs: PlannedRuns;
  /** The draft from a screen. */
  readonly draft?: ExperimentDraft;
}

/**
 * Checks runs before there is a dataset. Throws a `configuration` LabError for runs that differ in more than the runs
 * of one experiment may, and what `storedConfiguration` throws.
 */
export function planRuns(configurations: readonly Configuration[]): PlannedRuns {
  const [first, ...others] = configurations.map(storedConfiguration);
  if (!first)
    throw new LabError('configuration', 'The experiment has no runs.', 'Give at least one configuration and one seed.');
  for (const other of others) requireSameConditions(first, other);
  return [first, ...others] as unknown as PlannedRuns;
}

/** Stores an experiment with its queued runs, or nothing. */
export function createExperiment(store: Store, { name, dataset, runs, draft }: NewExperiment): Run[] {
  const { data_path, limit, test_size, encoder, training } = runs[0];
  const { manifest } = dataset;
  return store.atomically(() => {
    const { id: experiment } = store.createExperiment(
      {
        name,
        dataset: { name: manifest.name, hash: manifest.content.sha256 },
        configuration: { data_path, limit, test_size, encoder, training },
      },
      draft,
    );
    return runs.map((configuration) => store.createRun({ experiment, configuration }));
  });
}

function requireSameConditions(first: Configuration, other: Configuration): void {
  const key = differingCondition(first, other);
  if (key === null) return;
  throw new LabError(
    'configuration',
    `"${first.name}" and "${other.name}" differ in ${key}: the runs of one experiment share data, encoder and budget.`,
    `Set the same value for both with --set ${key}=…, or train them as separate experiments.`,
  );
}
