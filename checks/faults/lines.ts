import type { Part } from '../harness/runPart.ts';

/** The result of a part of `npm run faults`: how often something was tried, survived and lost. */
export interface FaultLine {
  readonly what: string;
  readonly tried: number;
  readonly survived: number;
  /** A text for each loss, with the seed or moment that reproduces it. The goal is an empty list. */
  readonly losses: readonly string[];
  /** Figures about the tries, such as moments or bytes written; empty if there are none. */
  readonly remarks: string;
}

/** How much a part tries: everything, or an amount for the tests. */
export type Scale = 'long' | 'short';

export type FaultPart = Part<Scale, FaultLine>;

/** A line from tries, each of which returns what was lost, or null. */
export function lineOf(what: string, outcomes: readonly (string | null)[], remarks = ''): FaultLine {
  const losses = outcomes.filter((outcome) => outcome !== null);
  return { what, tried: outcomes.length, survived: outcomes.length - losses.length, losses, remarks };
}
