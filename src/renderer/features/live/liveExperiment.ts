import type {
  ExperimentChange,
  ExperimentDetails,
  ExperimentSnapshot,
  LogEntry,
  WatchedEvaluation,
} from '../../../shared/contract/experiments.ts';
import { RunCurves } from './runCurves.ts';

/** An experiment as a screen follows it: a snapshot, and every change since. */
export interface LiveExperiment {
  /** Of the last change that is in it. */
  seq: number;
  experiment: ExperimentDetails;
  readonly curves: Map<string, RunCurves>;
  /** By run, in the order of their steps; another map after each change. */
  evaluations: ReadonlyMap<string, readonly WatchedEvaluation[]>;
  readonly log: LogEntry[];
}

export function fromSnapshot({ seq, experiment, series, evaluations, log }: ExperimentSnapshot): LiveExperiment {
  const live: LiveExperiment = {
    seq,
    experiment,
    curves: new Map(),
    evaluations: new Map(Object.entries(evaluations)),
    log: [...log],
  };
  for (const each of series) curvesOf(live, each.run).append(each);
  return live;
}

/**
 * Takes in a change where it is the next one. `old`: it is in already, nothing was done. `gap`:
 * changes before it never came, nothing was done, and everything has to be asked for again.
 */
export function applyChange(live: LiveExperiment, change: ExperimentChange): 'applied' | 'old' | 'gap' {
  if (change.seq <= live.seq) return 'old';
  if (change.seq !== live.seq + 1) return 'gap';
  live.seq = change.seq;
  const changed = new Map(change.runs.map((run) => [run.id, run]));
  live.experiment = {
    ...live.experiment,
    status: change.status,
    runList: live.experiment.runList.map((run) => changed.get(run.id) ?? run),
  };
  for (const series of change.series) {
    if (series.steps.length === 0) continue;
    curvesOf(live, series.run).append(series);
    forgetEvaluations(live, series.run, series.steps[0]!);
  }
  for (const [run, evaluations] of Object.entries(change.evaluations)) mergeEvaluations(live, run, evaluations);
  for (const entry of change.log) if (isNew(live.log, entry)) live.log.push(entry);
  return 'applied';
}

function curvesOf(live: LiveExperiment, run: string): RunCurves {
  const known = live.curves.get(run);
  if (known) return known;
  const curves = new RunCurves();
  live.curves.set(run, curves);
  return curves;
}

/** Those from `step` on belong to steps that were replaced. */
function forgetEvaluations(live: LiveExperiment, run: string, step: number): void {
  const known = live.evaluations.get(run);
  if (known?.some((evaluation) => evaluation.step >= step)) {
    setEvaluations(
      live,
      run,
      known.filter((evaluation) => evaluation.step < step),
    );
  }
}

function mergeEvaluations(live: LiveExperiment, run: string, evaluations: readonly WatchedEvaluation[]): void {
  const byStep = new Map(
    [...(live.evaluations.get(run) ?? []), ...evaluations].map((evaluation) => [evaluation.step, evaluation]),
  );
  setEvaluations(
    live,
    run,
    [...byStep.values()].sort((a, b) => a.step - b.step),
  );
}

function setEvaluations(live: LiveExperiment, run: string, evaluations: readonly WatchedEvaluation[]): void {
  live.evaluations = new Map(live.evaluations).set(run, evaluations);
}

/** Entries of a run come in order, so the last one of it tells. */
function isNew(log: readonly LogEntry[], entry: LogEntry): boolean {
  const last = log.findLast(({ run }) => run === entry.run);
  return !last || entry.seq > last.seq;
}
