import { verdictMetric } from '../../shared/comparison.ts';
import type { HealthEvent, TrainerEvent } from '../../shared/events.ts';
import type { HealthFinding } from '../../shared/health.ts';
import type { Run } from '../../shared/history.ts';
import type { Store } from '../store/runStore.ts';
import { HealthGuard } from './healthGuard.ts';

/** Watches a run during training. A resumed run is also judged by its earlier steps. */
export class HealthWatch {
  readonly #store: Store;
  readonly #run: Run;
  #guard: HealthGuard;

  constructor(store: Store, run: Run) {
    this.#store = store;
    this.#run = run;
    this.#guard = new HealthGuard(run.recipe.loss);
  }

  /** The findings after an event, for the history. */
  observe(event: TrainerEvent): HealthEvent[] {
    switch (event.type) {
      case 'started':
        this.#guard = new HealthGuard(this.#run.recipe.loss);
        if (event.resumed_at > 0) replayHealth(this.#store, this.#run, this.#guard, event.resumed_at);
        return [];
      case 'step':
        return this.#guard.onStep(event).map(this.#asEvent);
      case 'evaluation':
        return this.#guard.onEvaluation(event).map(this.#asEvent);
      default:
        return [];
    }
  }

  readonly #asEvent = (finding: HealthFinding): HealthEvent => ({
    run: this.#run.id,
    type: 'health',
    ...finding,
  });
}

const stepFigures = ['loss', 'gradient_norm', 'avg_pos_sim', 'avg_neg_sim'] as const;

/** Gives a guard the stored events of a run up to a step, in their order. */
export function replayHealth(store: Store, { id }: Run, guard: HealthGuard, upTo = Infinity): HealthFinding[] {
  const { steps, columns } = store.curves(id, stepFigures);
  const figure = (name: (typeof stepFigures)[number], row: number): number => columns[name]?.[row] ?? NaN;
  const diagnosed = new Map(store.diagnosedSteps(id).map(({ step, diagnostics }) => [step, diagnostics]));
  const findings: HealthFinding[] = [];
  let row = 0;
  const stepsUpTo = (last: number): void => {
    for (; row < steps.length && steps[row]! <= last; row++) {
      const metrics = { avg_pos_sim: figure('avg_pos_sim', row), avg_neg_sim: figure('avg_neg_sim', row) };
      findings.push(
        ...guard.onStep({
          step: steps[row]!,
          loss: figure('loss', row),
          gradient_norm: figure('gradient_norm', row),
          metrics,
        }),
      );
    }
  };
  for (const { step, metrics } of store.evaluations(id)) {
    if (step > upTo) break;
    stepsUpTo(step);
    const { question_ids, values } = store.perQuery(id, step, verdictMetric);
    findings.push(
      ...guard.onEvaluation({
        step,
        metrics,
        per_query: { question_ids: [...question_ids], values: { [verdictMetric]: values } },
        diagnostics: diagnosed.get(step),
      }),
    );
  }
  stepsUpTo(upTo);
  return findings;
}
