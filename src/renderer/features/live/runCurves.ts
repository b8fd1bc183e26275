import type { StepSeries } from '../../../shared/contract/experiments.ts';
import { lastAtOrBefore } from '../../../shared/charts/axes.ts';
import { GrowingColumn } from './growingColumn.ts';

/** The curves of a run as they grow. */
export class RunCurves {
  readonly #steps = new GrowingColumn();
  readonly #columns = new Map<string, GrowingColumn>();
  #version = 0;

  /** Another one after each change. */
  get version(): number {
    return this.#version;
  }

  /** Takes new steps. What it already has from the first of them on is replaced: the run was taken back to a checkpoint. */
  append({ steps, columns }: Pick<StepSeries, 'steps' | 'columns'>): void {
    if (steps.length === 0) return;
    this.#version++;
    const kept = lastAtOrBefore(this.#steps.view(), steps[0]! - 0.5) + 1;
    this.#steps.resize(kept);
    this.#steps.append(steps);
    for (const name of Object.keys(columns)) if (!this.#columns.has(name)) this.#columns.set(name, new GrowingColumn());
    for (const [name, column] of this.#columns) {
      column.resize(kept);
      column.append(columns[name] ?? new Float64Array(steps.length).fill(NaN));
    }
  }

  get steps(): Float64Array {
    return this.#steps.view();
  }

  get names(): string[] {
    return [...this.#columns.keys()];
  }

  /** Empty for a name that no step had. */
  column(name: string): Float64Array {
    return this.#columns.get(name)?.view() ?? new Float64Array();
  }

  /** The first of the steps from which on the loss has not been a finite number; null while it is one. */
  get brokenSince(): number | null {
    const loss = this.column('loss');
    let first = loss.length;
    while (first > 0 && !Number.isFinite(loss[first - 1])) first--;
    return first === loss.length ? null : this.steps[first]!;
  }
}
