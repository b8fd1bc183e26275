/** The cost of training up to a moment, in the units of budgets. */

/** Seconds of training, questions and answers seen, tokens seen. */
export const computeUnits = ['seconds', 'documents', 'tokens'] as const;
export type ComputeUnit = (typeof computeUnits)[number];

export type Compute = Readonly<Record<ComputeUnit, number>>;

/** An evaluation with the cost of training until then. */
interface Spent {
  readonly step: number;
  readonly compute: Compute;
}

/** The last evaluation after training began within a budget; null if there is none. */
export function lastWithin<E extends Spent>(evaluations: readonly E[], unit: ComputeUnit, limit: number): E | null {
  return evaluations.findLast(({ step, compute }) => step > 0 && compute[unit] <= limit) ?? null;
}

/**
 * The smallest cost of any run at its last evaluation: all runs can be compared there. Null if no run was evaluated
 * after training began.
 */
export function equalLimit(runs: readonly (readonly Spent[])[], unit: ComputeUnit): number | null {
  const spent = runs.flatMap((evaluations) => {
    const last = evaluations.at(-1);
    return last && last.step > 0 ? [last.compute[unit]] : [];
  });
  return spent.length > 0 ? Math.min(...spent) : null;
}
