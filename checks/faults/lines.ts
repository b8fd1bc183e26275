import type { Part } from '../harness/runPart.ts';

/** What a part of `npm run faults` comes to: how often something was tried, survived and lost. */
export interface FaultLine {
  readonly what: string;
  readonly tried: number;
  readonly survived: number;
  /** What was lost each time it was, in words: with the seed or the moment that shows it again. Empty is the aim. */
  readonly losses: readonly string[];
  /** Figures that say what the tries were: moments met, bytes written. Empty where there are none. */
  readonly remarks: string;
}

/** How much a part tries: everything, or what fits into the tests. */
export type Scale = 'long' | 'short';

export type FaultPart = Part<Scale, FaultLine>;

/** A line of tries that each give null where nothing was lost, and else what. */
export function lineOf(what: string, outcomes: readonly (string | null)[], remarks = ''): FaultLine {
  const losses = outcomes.filter((outcome) => outcome !== null);
  return { what, tried: outcomes.length, survived: outcomes.length - losses.length, losses, remarks };
}
