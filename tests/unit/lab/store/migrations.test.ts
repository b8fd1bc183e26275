import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { migrate } from '../../../../src/lab/store/database.ts';
import { completeConfigurations } from '../../../../src/lab/store/migrations/0007-complete-configurations.ts';
import { migrations } from '../../../../src/lab/store/migrations/index.ts';
import { resolveConfiguration } from '../../../../src/shared/configuration/resolve.ts';
import { toRawConfiguration } from '../../../../src/shared/configuration/write.ts';

/** A database that has been through the first `count` migrations. */
function databaseAt(count: number): Database.Database {
  const database = new Database(':memory:');
  database.pragma('foreign_keys = ON');
  migrate(database, 'losslab.db', migrations.slice(0, count));
  return database;
}

function tables(database: Database.Database): { name: string; strict: number }[] {
  return (database.pragma('table_list') as { name: string; strict: number }[]).filter(
    ({ name }) => !name.startsWith('sqlite_'),
  );
}

const insertExperiment = "INSERT INTO experiments VALUES (1, 'e', 'name', '2025-01-01', 'sample', 'hash', '{}')";
const insertRun =
  "INSERT INTO runs (key, id, experiment, name, recipe, seed, configuration, state, created) VALUES (1, 'r', 1, 'name', '{}', 1, '{}', 'queued', '2025-01-01')";

describe('migration 1, experiments and runs', () => {
  it('makes their tables', () => {
    expect(
      tables(databaseAt(1))
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['experiments', 'runs']);
  });

  it('lets only a running run have an owner, and only a failed one a failure', () => {
    const database = databaseAt(1);
    database.exec(insertExperiment);
    database.exec(insertRun);
    expect(() => database.exec("UPDATE runs SET state = 'running'")).toThrow(/CHECK/);
    expect(() => database.exec('UPDATE runs SET owner_pid = 1')).toThrow(/CHECK/);
    expect(() => database.exec("UPDATE runs SET state = 'failed'")).toThrow(/CHECK/);
    expect(() => database.exec("UPDATE runs SET state = 'lost'")).toThrow(/CHECK/);
  });
});

describe('migration 2, measurements', () => {
  it('keeps the experiments and runs that were there', () => {
    const database = databaseAt(1);
    database.exec(insertExperiment);
    database.exec(insertRun);
    migrate(database, 'losslab.db', migrations.slice(0, 2));
    expect(database.prepare('SELECT id FROM runs').pluck().all()).toEqual(['r']);
  });

  it('ties measurements to their run', () => {
    const database = databaseAt(2);
    expect(() => database.exec("INSERT INTO step_metrics VALUES (7, 1, 'loss', 0.5)")).toThrow(/FOREIGN KEY/);
    database.exec(insertExperiment);
    database.exec(insertRun);
    database.exec("INSERT INTO step_metrics VALUES (1, 1, 'loss', 0.5)");
    database.exec('DELETE FROM experiments');
    expect(database.prepare('SELECT count(*) FROM step_metrics').pluck().get()).toBe(0);
  });
});

describe('migration 3, organising', () => {
  it('keeps everything that was measured, figures that are no numbers included', () => {
    const database = databaseAt(2);
    database.exec(insertExperiment);
    database.exec(insertRun);
    database.exec(
      "INSERT INTO step_metrics VALUES (1, 2, 'loss', NULL), (1, 1, 'loss', 0.5), (1, 1, 'acc', 9e999), (1, 2, 'acc', 1)",
    );
    migrate(database, 'losslab.db', migrations.slice(0, 3));
    expect(database.prepare('SELECT name, step, value FROM step_metrics ORDER BY name, step').raw().all()).toEqual([
      ['acc', 1, Infinity],
      ['acc', 2, 1],
      ['loss', 1, 0.5],
      ['loss', 2, null],
    ]);
    expect(database.prepare('SELECT tags, note, deleted, draft FROM experiments').get()).toEqual({
      tags: '[]',
      note: '',
      deleted: null,
      draft: null,
    });
    expect(database.prepare('SELECT skipped FROM runs').pluck().all()).toEqual([0]);
    database.exec('DELETE FROM experiments');
    expect(database.prepare('SELECT count(*) FROM step_metrics').pluck().get()).toBe(0);
  });

  it('reads a curve, and the last step of a run, without looking at other curves', () => {
    const database = databaseAt(3);
    const plan = (query: string): string =>
      (database.prepare(`EXPLAIN QUERY PLAN ${query}`).all() as { detail: string }[])
        .map(({ detail }) => detail)
        .join();
    expect(plan("SELECT value FROM step_metrics WHERE run = 1 AND name = 'loss' AND step > 0 ORDER BY step")).toBe(
      'SEARCH step_metrics USING PRIMARY KEY (run=? AND name=? AND step>?)',
    );
    expect(plan("SELECT max(step) FROM step_metrics WHERE run = 1 AND name = 'training_seconds'")).toContain(
      'SEARCH step_metrics USING PRIMARY KEY (run=? AND name=?)',
    );
  });
});

describe('all migrations', () => {
  it('make strict tables', () => {
    expect(tables(databaseAt(migrations.length)).filter(({ strict }) => !strict)).toEqual([]);
  });

  it('are each done wholly or not at all', () => {
    const database = databaseAt(1);
    expect(() =>
      migrate(database, 'losslab.db', [migrations[0]!, 'CREATE TABLE half (a INTEGER) STRICT; nonsense']),
    ).toThrow();
    expect(tables(database).map(({ name }) => name)).not.toContain('half');
    expect(database.pragma('user_version', { simple: true })).toBe(1);
  });

  it('do nothing to a database that has been through them', () => {
    const database = databaseAt(migrations.length);
    migrate(database, 'losslab.db');
    expect(database.pragma('user_version', { simple: true })).toBe(migrations.length);
  });
});

describe('migration 4, diagnostics', () => {
  it('keeps evaluations and events, and ties diagnostics to their evaluation', () => {
    const database = databaseAt(3);
    database.exec(
      insertExperiment.replace(
        'experiments VALUES',
        'experiments (key, id, name, created, dataset_name, dataset_hash, configuration) VALUES',
      ),
    );
    database.exec(insertRun);
    database.exec("INSERT INTO question_lists VALUES ('h', '[]')");
    database.exec("INSERT INTO evaluations VALUES (1, 5, 0, 0.1, 0.2, 'h')");
    database.exec(
      `INSERT INTO events VALUES (1, 1, '2025-01-01', 'notice', NULL, '{"type":"notice"}'), (1, 2, '2025-01-01', 'notice', NULL, '{"type":"notice"}')`,
    );
    migrate(database, 'losslab.db', migrations.slice(0, 4));
    expect(database.prepare('SELECT count(*) FROM events').pluck().get()).toBe(2);
    expect(() => database.exec("INSERT INTO evaluation_diagnostics VALUES (1, 6, '{}')")).toThrow(/FOREIGN KEY/);
    database.exec("INSERT INTO evaluation_diagnostics VALUES (1, 5, '{}')");
    database.exec('DELETE FROM evaluations');
    expect(database.prepare('SELECT count(*) FROM evaluation_diagnostics').pluck().get()).toBe(0);
  });

  it('has one finding of a kind for each run', () => {
    const database = databaseAt(4);
    database.exec(
      insertExperiment.replace(
        'experiments VALUES',
        'experiments (key, id, name, created, dataset_name, dataset_hash, configuration) VALUES',
      ),
    );
    database.exec(insertRun);
    const finding = (seq: number, kind: string): string =>
      `INSERT INTO events VALUES (1, ${seq}, '2025-01-01', 'health', 5, '{"kind":"${kind}"}')`;
    database.exec(finding(1, 'collapse'));
    database.exec(finding(2, 'exploding_gradients'));
    expect(() => database.exec(finding(3, 'collapse'))).toThrow(/UNIQUE/);
  });
});

describe('migration 5, interruptions', () => {
  it('keeps runs, and lets only an interrupted run have been interrupted by something', () => {
    const database = databaseAt(4);
    database.exec(
      insertExperiment.replace(
        'experiments VALUES',
        'experiments (key, id, name, created, dataset_name, dataset_hash, configuration) VALUES',
      ),
    );
    database.exec(insertRun);
    database.exec("UPDATE runs SET state = 'interrupted'");
    migrate(database, 'losslab.db', migrations.slice(0, 5));
    expect(database.prepare('SELECT state, interruption FROM runs').get()).toEqual({
      state: 'interrupted',
      interruption: null,
    });
    database.exec(`UPDATE runs SET interruption = '{"code":"device"}'`);
    expect(() => database.exec("UPDATE runs SET state = 'stopped'")).toThrow(/CHECK/);
    expect(() => database.exec("UPDATE runs SET interruption = 'no JSON'")).toThrow(/CHECK|malformed/);
  });
});

describe('migration 6, evaluated splits', () => {
  const evaluation = (split: string, step: number): string =>
    `INSERT INTO evaluations VALUES (1, '${split}', ${step}, 0, 0.1, 0.2, 'h')`;

  function databaseWithEvaluations(): Database.Database {
    const database = databaseAt(5);
    database.exec(
      insertExperiment.replace(
        'experiments VALUES',
        'experiments (key, id, name, created, dataset_name, dataset_hash, configuration) VALUES',
      ),
    );
    database.exec(insertRun);
    database.exec(`INSERT INTO question_lists VALUES ('h', '["a","b"]')`);
    database.exec("INSERT INTO evaluations VALUES (1, 0, 0, 0.5, 0, 'h'), (1, 5, 1, 0.25, 0.125, 'h')");
    database.exec("INSERT INTO evaluation_metrics VALUES (1, 0, 'mrr@10', NULL), (1, 5, 'mrr@10', 0.75)");
    database.exec("INSERT INTO query_results VALUES (1, 5, 'mrr@10', x'0000803f0000003f')");
    database.exec(`INSERT INTO evaluation_diagnostics VALUES (1, 5, '{"x":1}')`);
    migrate(database, 'losslab.db', migrations.slice(0, 6));
    return database;
  }

  it('keeps every evaluation, as one on test questions', () => {
    const database = databaseWithEvaluations();
    const rows = (table: string): unknown[] => database.prepare(`SELECT * FROM ${table}`).all();
    expect(rows('evaluations')).toEqual([
      { run: 1, split: 'test', step: 0, epoch: 0, seconds: 0.5, training_seconds: 0, questions: 'h' },
      { run: 1, split: 'test', step: 5, epoch: 1, seconds: 0.25, training_seconds: 0.125, questions: 'h' },
    ]);
    expect(rows('evaluation_metrics')).toEqual([
      { run: 1, split: 'test', step: 0, name: 'mrr@10', value: null },
      { run: 1, split: 'test', step: 5, name: 'mrr@10', value: 0.75 },
    ]);
    expect(rows('query_results')).toEqual([
      { run: 1, split: 'test', step: 5, metric: 'mrr@10', values: Buffer.from('0000803f0000003f', 'hex') },
    ]);
    expect(rows('evaluation_diagnostics')).toEqual([{ run: 1, split: 'test', step: 5, data: '{"x":1}' }]);
    expect(database.pragma('foreign_key_check')).toEqual([]);
  });

  it('has one evaluation for each step and split, and no other splits', () => {
    const database = databaseWithEvaluations();
    database.exec(evaluation('validation', 5));
    expect(() => database.exec(evaluation('test', 5))).toThrow(/UNIQUE/);
    expect(() => database.exec(evaluation('train', 5))).toThrow(/CHECK/);
  });

  it('ties measurements to the evaluation on their split', () => {
    const database = databaseWithEvaluations();
    database.exec(evaluation('validation', 5));
    database.exec("INSERT INTO evaluation_metrics VALUES (1, 'validation', 5, 'mrr@10', 0.5)");
    for (const values of [
      "evaluation_metrics VALUES (1, 'validation', 0, 'mrr@10', 0.5)",
      "query_results VALUES (1, 'validation', 0, 'mrr@10', x'00')",
      "evaluation_diagnostics VALUES (1, 'validation', 0, '{}')",
    ])
      expect(() => database.exec(`INSERT INTO ${values}`)).toThrow(/FOREIGN KEY/);
    const count = (table: string): unknown => database.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
    database.exec("DELETE FROM evaluations WHERE split = 'test'");
    expect(['evaluation_metrics', 'query_results', 'evaluation_diagnostics'].map(count)).toEqual([1, 0, 0]);
    database.exec('DELETE FROM experiments');
    expect(['evaluations', 'evaluation_metrics'].map(count)).toEqual([0, 0]);
  });

  it('finds the best values of a metric without reading others', () => {
    const plan = databaseAt(6)
      .prepare(
        "EXPLAIN QUERY PLAN SELECT run, max(value) FROM evaluation_metrics WHERE name = 'mrr@10' AND split = 'test' AND step > 0 GROUP BY run",
      )
      .all() as { detail: string }[];
    expect(plan.map(({ detail }) => detail)).toEqual([
      'SEARCH evaluation_metrics USING COVERING INDEX evaluation_metrics_by_name (name=? AND split=?)',
    ]);
  });
});

describe('migration 7, complete configurations', () => {
  const before = migrations.indexOf(completeConfigurations);

  /** A run and its experiment with this configuration, of the version before, as they are afterwards. */
  function migrated(configuration: object): { run: string; experiment: string } {
    const database = databaseAt(before);
    database.exec(
      insertExperiment.replace(
        'experiments VALUES',
        'experiments (key, id, name, created, dataset_name, dataset_hash, configuration) VALUES',
      ),
    );
    database.exec(insertRun);
    database.prepare('UPDATE experiments SET configuration = ?').run(JSON.stringify(configuration));
    database.prepare('UPDATE runs SET configuration = ?, seed = 7').run(JSON.stringify(configuration));
    migrate(database, 'losslab.db', migrations.slice(0, before + 1));
    const stored = (table: string) => database.prepare(`SELECT configuration FROM ${table}`).pluck().get() as string;
    return { run: stored('runs'), experiment: stored('experiments') };
  }

  it('leaves a complete configuration as it is, to the letter', () => {
    for (const encoder of ['static', 'mini', './weights']) {
      const complete = resolveConfiguration({ encoder, learning_rate: 1e-7, seed: 7, split_seed: 1, max_minutes: 2 });
      expect(migrated(complete).run).toBe(JSON.stringify(complete));
    }
  });

  it('gives older ones what was in force for them', () => {
    const { split_method: _, ...now } = resolveConfiguration({ seed: 7, epochs: 2 });
    const { split_seed: __, training, ...rest } = now;
    const later =
      /^(max_minutes|freeze_.*|layer_decay|warmup_ratio|decay_bias_and_norm|gradient_cache_batch|false_negatives)$/;
    const older = Object.fromEntries(Object.entries(training).filter(([key]) => !later.test(key)));
    const { run, experiment } = migrated({ ...rest, training: older });
    expect(JSON.parse(run)).toEqual(now);
    expect(JSON.parse(experiment)).toMatchObject({ training: now.training });
  });

  it('makes a folder of weights under another kind a pretrained encoder, which is written as it was set up', () => {
    const { encoder, ...rest } = resolveConfiguration({ encoder: 'distilbert', max_length: 64, projection_dim: 32 });
    const { run } = migrated({ ...rest, encoder: { ...encoder, folder: './weights' } });
    const configuration = JSON.parse(run) as ReturnType<typeof resolveConfiguration>;
    expect(configuration.encoder).toMatchObject({ kind: 'pretrained', source: './weights', folder: './weights' });
    expect(toRawConfiguration(configuration)).toMatchObject({
      encoder: './weights',
      max_length: 64,
      projection_dim: 32,
      pooling: 'cls',
    });
    expect(toRawConfiguration(configuration)).not.toHaveProperty('n_layers');
  });
});

describe('migration 8, the method of a split', () => {
  it('stored runs were split by the method of LossLab; one that says otherwise keeps it', () => {
    const database = databaseAt(7);
    database.exec(
      insertExperiment.replace(
        'experiments VALUES',
        'experiments (key, id, name, created, dataset_name, dataset_hash, configuration) VALUES',
      ),
    );
    database.exec(insertRun);
    database.exec(`UPDATE runs SET configuration = '{"split_method":"python"}'`);
    migrate(database, 'losslab.db', migrations.slice(0, 8));
    const stored = (table: string) => database.prepare(`SELECT configuration FROM ${table}`).pluck().get();
    expect([stored('experiments'), stored('runs')]).toEqual([
      '{"split_method":"losslab"}',
      '{"split_method":"python"}',
    ]);
  });
});
