import type { RunDiagnostics } from '../../shared/contract/diagnostics.ts';
import type { HealthFinding } from '../../shared/health.ts';
import type { Store } from '../store/runStore.ts';

/** The diagnostics of some runs, in their order. */
export function diagnosticsOf(store: Store, ids: readonly string[]): RunDiagnostics[] {
  const runs = ids.map((id) => store.getRun(id));
  return runs.map(({ id, name, seed }) => {
    const { steps, columns } = store.curves(id, ['zero_loss']);
    return {
      run: id,
      name: runs.filter((other) => other.name === name).length > 1 ? `${name}, seed ${seed}` : name,
      evaluations: store.diagnosedSteps(id),
      zeroLoss: columns.zero_loss ? { steps, values: columns.zero_loss } : null,
      findings: findingsOf(store, id),
    };
  });
}

/** The findings of the health guard in a run, ordered by step. */
export function findingsOf(store: Store, run: string): HealthFinding[] {
  return store
    .events(run)
    .flatMap(({ event }) =>
      event.type === 'health' ? [{ kind: event.kind, step: event.step, message: event.message, fix: event.fix }] : [],
    );
}
