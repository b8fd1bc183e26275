import type { EvaluationEvent } from '../../shared/events.ts';
import type { Run, RunHashes } from '../../shared/history.ts';
import type { Store } from '../store/runStore.ts';
import type { TrainingJob } from './job.ts';

/** The evaluation of a run before training, for other runs that begin with the same encoder. */
export interface UntrainedEvaluation {
  readonly hashes: RunHashes;
  readonly evaluation: Pick<EvaluationEvent, 'metrics' | 'per_query' | 'diagnostics' | 'seconds'>;
}

/**
 * The evaluation of another run of the experiment with the same seed, encoder, settings and device; null if there is
 * none.
 */
export function knownUntrained(store: Store, job: TrainingJob): UntrainedEvaluation | null {
  const run = store.getRun(job.run);
  const settings = settingsOf(run);
  for (const other of store.listRuns({ experiment: run.experiment })) {
    if (other.id === run.id || other.start?.device !== job.device || settingsOf(other) !== settings) continue;
    const evaluation = store.evaluations(other.id).find(({ step }) => step === 0);
    const diagnostics = store.diagnosedSteps(other.id).find(({ step }) => step === 0)?.diagnostics;
    const per_query = store.allPerQuery(other.id, 0);
    // Older versions stored no diagnostics.
    if (!evaluation || !diagnostics || !per_query) continue;
    return {
      hashes: other.start.hashes,
      evaluation: { metrics: evaluation.metrics, per_query, diagnostics, seconds: evaluation.seconds },
    };
  }
  return null;
}

/** Everything but the recipe. */
function settingsOf({ configuration }: Run): string {
  const { seed, split_seed, encoder, training } = configuration;
  return JSON.stringify({ seed, split_seed, encoder, training });
}

/** Whether runs with these hashes begin with the same weights and are tested on the same texts. */
export function beginAlike(a: RunHashes, b: RunHashes): boolean {
  return (['dataset', 'split', 'weights', 'tokenizer'] as const).every((what) => a[what] === b[what]);
}
