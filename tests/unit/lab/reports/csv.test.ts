import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../../../src/lab/comparison/comparison.ts';
import { comparisonToCsv } from '../../../../src/lab/reports/csv.ts';
import { writeReport } from '../../../../src/lab/reports/writeReport.ts';
import { metricNames } from '../../../../src/shared/metrics.ts';
import type { RawConfiguration } from '../../../../src/shared/configuration.ts';
import {
  createExperiment,
  createRun,
  evaluationEvent,
  startedEvent,
  temporaryFolder,
  temporaryStore,
  trainedRun,
} from '../../../helpers/syntheticStore.ts';

function parseRows(csv: string): Record<string, string>[] {
  return parse(csv, { columns: true });
}

describe('comparisonToCsv', () => {
  it('has a row for the untrained encoder and one per run, with every metric', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const runs = [
      trainedRun(store, experiment, {
        raw: { batch_transform: 'multiple_positives', pos_count: 2 },
        levels: [0.5, 0.625, 0.6],
      }),
      trainedRun(store, experiment, { raw: { batch_transform: 'triplet' }, levels: [0.5, 0.55, 0.575] }),
    ];
    const rows = parseRows(
      comparisonToCsv(
        compareRuns(
          store,
          runs.map(({ id }) => id),
        ),
        [],
      ),
    );
    expect(rows[0]).toMatchObject({
      row: 'baseline',
      name: 'untrained',
      loss: '',
      'mrr@10 baseline': '0.5',
      'mrr@10 best': '',
    });
    expect(rows[1]).toMatchObject({
      row: 'run',
      run: runs[0]!.id,
      baseline: 'untrained',
      loss: 'rank_infonce',
      strategy: 'multiple_positives',
      seed: '42',
      device: 'cpu',
      training_seconds: '2',
      'strategy.pos_count': '2',
      'loss.temperature': '0.1',
      'loss.use_ranks': 'true',
      'loss.margin': '',
      'mrr@10 baseline': '0.5',
      'mrr@10 best': '0.625',
      'mrr@10 best_step': '20',
      'mrr@10 last': '0.6',
    });
    expect(rows[2]).toMatchObject({
      loss: 'triplet',
      'strategy.neg_strategy': 'hard_negative',
      'loss.margin': '0.2',
      'loss.temperature': '',
    });
    for (const metric of metricNames) expect(rows[1]).toHaveProperty([`${metric} last`]);
  });

  it('writes figures as they are and leaves what was not measured empty', () => {
    const store = temporaryStore();
    const { id } = store.claim(createRun(store).id);
    const metrics = { 'mrr@10': Number.NaN, 'ndcg@10': -Infinity, 'map@100': -0.25 };
    store.record(id, startedEvent(id), evaluationEvent(id, 20, 0.5, { metrics }));
    const [row] = parseRows(comparisonToCsv(compareRuns(store, [id]), []));
    expect(row).toMatchObject({
      'mrr@10 last': 'NaN',
      'ndcg@10 last': '-Infinity',
      'map@100 last': '-0.25',
      'mrr@10 baseline': '',
      peak_memory_bytes: '',
    });
  });

  it.each(['=1+1', '+1', '-1', '@sum', '\tx', '\rx'])('makes no formula of the name %j', (name) => {
    const [row] = rowsNamed({ name });
    expect(row!.name).toBe(`'${name}`);
  });

  it('quotes as RFC 4180 has it', () => {
    const name = 'a "quoted", name\r\nof two lines';
    const csv = csvNamed({ name });
    expect(csv).toContain('"a ""quoted"", name\r\nof two lines"');
    expect(csv.endsWith('\r\n')).toBe(true);
    expect(parseRows(csv)[0]!.name).toBe(name);
  });
});

function csvNamed(raw: RawConfiguration): string {
  const store = temporaryStore();
  return comparisonToCsv(compareRuns(store, [createRun(store, raw).id]), []);
}

function rowsNamed(raw: RawConfiguration): Record<string, string>[] {
  return parseRows(csvNamed(raw));
}

describe('writeReport', () => {
  it('replaces a file as a whole and leaves nothing else behind', async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, 'comparison.csv');
    writeFileSync(file, 'old');
    await writeReport(file, 'new');
    expect(readFileSync(file, 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['comparison.csv']);
  });

  it('says where it could not write', async () => {
    const file = path.join(temporaryFolder(), 'absent', 'comparison.csv');
    await expect(writeReport(file, 'new')).rejects.toMatchObject({
      name: 'LabError',
      code: 'storage',
      message: expect.stringContaining(file),
    });
  });
});
