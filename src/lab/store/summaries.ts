import type Database from 'better-sqlite3';
import { verdictMetric } from '../../shared/comparison.ts';
import type { Configuration } from '../../shared/configuration.ts';
import type { ExperimentDraft } from '../../shared/contract/experiments.ts';
import type { RunState } from '../../shared/history.ts';
import type { ProcessIdentity } from '../base/processIdentity.ts';

/** The summary of an experiment from the history. */
export interface ExperimentOverview {
  readonly id: string;
  readonly name: string;
  readonly created: string;
  readonly dataset: { readonly name: string; readonly hash: string };
  readonly tags: readonly string[];
  readonly note: string;
  /** When it was deleted; null if it was not. */
  readonly deleted: string | null;
  readonly encoder: Configuration['encoder']['kind'];
  readonly device: 'cpu' | 'webgpu' | null;
  /** The state among its runs that needs most attention; `skipped` if all runs are skipped. */
  readonly status: RunState | 'skipped';
  readonly runs: { readonly total: number; readonly finished: number; readonly failed: number };
  /** The best run by the metric of the verdict, and the untrained encoder. */
  readonly best: { readonly run: string; readonly name: string; readonly value: number } | null;
  readonly baseline: number | null;
  /** Whether another process is writing one of its runs. */
  readonly foreign: boolean;
}

interface OverviewRow {
  readonly id: string;
  readonly name: string;
  readonly created: string;
  readonly dataset_name: string;
  readonly dataset_hash: string;
  readonly tags: string;
  readonly note: string;
  readonly deleted: string | null;
  readonly encoder: Configuration['encoder']['kind'];
  readonly device: 'cpu' | 'webgpu' | null;
  readonly states: string | null;
  readonly total: number;
  readonly finished: number;
  readonly failed: number;
  readonly best_run: string | null;
  readonly best_name: string;
  readonly best_value: number;
  readonly baseline: number | null;
  readonly foreign_writer: number;
}

/**
 * Experiments that meet the condition `itself`, newest first. `itsRuns` is the same condition for a row of a run, so
 * that the three passes read only the needed runs. With `max` or `min`, SQLite takes the other columns from the
 * selected row.
 */
const overviews = (itsRuns: string, itself: string): string => `
  WITH progress AS (
    SELECT experiment, count(*) AS total, sum(state = 'finished') AS finished,
      sum(state = 'failed' AND NOT skipped) AS failed, max(device) AS device,
      json_group_array(DISTINCT CASE WHEN skipped AND state <> 'running' THEN 'skipped' ELSE state END) AS states,
      sum(state = 'running' AND (owner_pid <> :pid OR owner_token <> :token)) > 0 AS foreign_writer
    FROM runs WHERE ${itsRuns} GROUP BY experiment
  ), best AS (
    SELECT experiment, runs.id AS run, runs.name, max(value) AS value
    FROM evaluation_metrics JOIN runs ON runs.key = run
    WHERE evaluation_metrics.name = :metric AND split = 'test' AND step > 0 AND ${itsRuns} GROUP BY experiment
  ), untrained AS (
    SELECT experiment, value, min(runs.key)
    FROM evaluation_metrics JOIN runs ON runs.key = run
    WHERE evaluation_metrics.name = :metric AND split = 'test' AND step = 0 AND ${itsRuns} GROUP BY experiment
  )
  SELECT experiments.id, experiments.name, created, dataset_name, dataset_hash, tags, note, deleted,
    json_extract(configuration, '$.encoder.kind') AS encoder,
    device, states, coalesce(total, 0) AS total, coalesce(finished, 0) AS finished, coalesce(failed, 0) AS failed,
    best.run AS best_run, best.name AS best_name, best.value AS best_value, untrained.value AS baseline,
    coalesce(foreign_writer, 0) AS foreign_writer
  FROM experiments
    LEFT JOIN progress ON progress.experiment = experiments.key
    LEFT JOIN best ON best.experiment = experiments.key AND best.value IS NOT NULL
    LEFT JOIN untrained ON untrained.experiment = experiments.key
  WHERE ${itself}
  ORDER BY experiments.key DESC`;

/** Three passes over whole tables for any number of experiments. */
const allOverviews = overviews('true', 'deleted IS NULL');
/** Deleted or not. Uses the index: during training, this is queried ten times a second. */
const oneOverview = overviews('experiment = (SELECT key FROM experiments WHERE id = :id)', 'experiments.id = :id');

/** All experiments that are not deleted, newest first, or the one with an id. */
export function listOverviews(
  database: Database.Database,
  reader: ProcessIdentity,
  id: string | null = null,
): ExperimentOverview[] {
  return database
    .prepare<[object], OverviewRow>(id === null ? allOverviews : oneOverview)
    .all({ pid: reader.pid, token: reader.startToken, metric: verdictMetric, ...(id !== null && { id }) })
    .map(overviewOfRow);
}

function overviewOfRow(row: OverviewRow): ExperimentOverview {
  return {
    id: row.id,
    name: row.name,
    created: row.created,
    dataset: { name: row.dataset_name, hash: row.dataset_hash },
    tags: JSON.parse(row.tags),
    note: row.note,
    deleted: row.deleted,
    encoder: row.encoder,
    device: row.device,
    status: statusOf(JSON.parse(row.states ?? '[]')),
    runs: { total: row.total, finished: row.finished, failed: row.failed },
    best: row.best_run === null ? null : { run: row.best_run, name: row.best_name, value: row.best_value },
    baseline: row.baseline,
    foreign: row.foreign_writer === 1,
  };
}

const byAttention = ['running', 'failed', 'interrupted', 'stopped', 'queued', 'finished', 'skipped'] as const;

function statusOf(states: readonly ExperimentOverview['status'][]): ExperimentOverview['status'] {
  return byAttention.find((state) => states.includes(state)) ?? 'queued';
}

/** The draft of an experiment from a screen; null for one from the command line. */
export function draftOf(database: Database.Database, id: string): ExperimentDraft | null {
  const draft = database.prepare<[string], string | null>('SELECT draft FROM experiments WHERE id = ?').pluck().get(id);
  return draft ? (JSON.parse(draft) as ExperimentDraft) : null;
}
