import type Database from 'better-sqlite3';

/** The speed of a run over its last steps. */
export interface Pace {
  readonly secondsPerStep: number;
  /** Questions and answers, duplicates counted. */
  readonly documentsPerSecond: number;
  readonly tokensPerSecond: number;
  /** The last evaluation; null before the first. */
  readonly evaluationSeconds: number | null;
}

/** Enough to average over batches of different lengths, few enough to follow changes. */
const stepsLookedAt = 20;

interface PaceRow {
  readonly steps: number;
  readonly seconds: number;
  readonly documents: number;
  readonly tokens: number;
  readonly evaluation_seconds: number | null;
}

/** Null before the first step. */
export function readPace(database: Database.Database, run: number): Pace | null {
  const { steps, seconds, documents, tokens, evaluation_seconds } = database
    .prepare<[object], PaceRow>(
      `
      WITH latest AS (
        SELECT step, value FROM step_metrics WHERE run = :run AND name = 'step_seconds' ORDER BY step DESC LIMIT :steps
      ), documents AS (
        SELECT step, value FROM step_metrics WHERE run = :run AND name = 'documents'
      )
      SELECT count(*) AS steps, sum(value) AS seconds,
        (SELECT value FROM documents ORDER BY step DESC LIMIT 1)
          - coalesce((SELECT value FROM documents WHERE step < (SELECT min(step) FROM latest) ORDER BY step DESC LIMIT 1), 0) AS documents,
        (SELECT sum(value) FROM step_metrics WHERE run = :run AND name = 'tokens' AND step >= (SELECT min(step) FROM latest)) AS tokens,
        (SELECT seconds FROM evaluations WHERE run = :run AND split = 'test' ORDER BY step DESC LIMIT 1) AS evaluation_seconds
      FROM latest`,
    )
    .get({ run, steps: stepsLookedAt })!;
  if (steps === 0) return null;
  return {
    secondsPerStep: seconds / steps,
    documentsPerSecond: documents / seconds,
    tokensPerSecond: tokens / seconds,
    evaluationSeconds: evaluation_seconds,
  };
}
