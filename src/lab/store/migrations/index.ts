import { experimentsAndRuns } from './0001-experiments-and-runs.ts';
import { measurements } from './0002-measurements.ts';
import { organising } from './0003-organising.ts';
import { diagnostics } from './0004-diagnostics.ts';
import { interruptions } from './0005-interruptions.ts';
import { evaluatedSplits } from './0006-evaluated-splits.ts';
import { completeConfigurations } from './0007-complete-configurations.ts';
import { splitMethod } from './0008-split-method.ts';
import { sends } from './0009-sends.ts';

/**
 * The statements that migrate the database from one version to the next. The version of a database (`user_version`) is
 * the number of applied migrations. Released migrations never change.
 */
export const migrations: readonly string[] = [
  experimentsAndRuns,
  measurements,
  organising,
  diagnostics,
  interruptions,
  evaluatedSplits,
  completeConfigurations,
  splitMethod,
  sends,
];
