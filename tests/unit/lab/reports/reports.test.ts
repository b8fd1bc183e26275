import { beforeAll, describe, expect, test } from 'vitest';
import { compareRuns } from '../../../../src/lab/comparison/comparison.ts';
import { htmlReport } from '../../../../src/lab/reports/htmlReport.ts';
import { latexTable } from '../../../../src/lab/reports/latexTable.ts';
import { perQueryCsv } from '../../../../src/lab/reports/perQueryCsv.ts';
import { judge, type ObservedContestant } from '../../../../src/lab/verdict/judge.ts';
import type { Verdict } from '../../../../src/shared/verdict.ts';
import { createExperiment, temporaryStore, trainedRun } from '../../../helpers/syntheticStore.ts';

const hostile = '<script>alert(1)</script> & "50 %_$"';

function contestant(kind: ObservedContestant['kind'], name: string, ...levels: readonly number[]): ObservedContestant {
  const questions = Array.from({ length: 40 }, (_, i) => `q${i}`);
  return {
    kind,
    name,
    runs: [],
    observations: levels.map((level, seed) => ({
      seed,
      questions,
      values: Float32Array.from(questions, (_, i) => level + 0.001 * (i % 5)),
    })),
  };
}

let verdict: Verdict;
beforeAll(async () => {
  verdict = await judge(
    [
      contestant('recipe', hostile, 0.6, 0.62),
      contestant('recipe', 'B', 0.5, 0.5),
      contestant('untrained', 'untrained', 0.4, 0.4),
      contestant('bm25', 'BM25', 0.3, 0.3),
    ],
    'mrr@10',
    { at: 'last' },
    { warnings: ['A <b>warning</b>'], notes: ['A <b>note</b>'] },
  );
});

describe('the HTML report', () => {
  function report(): string {
    const store = temporaryStore();
    const run = trainedRun(store, createExperiment(store), { raw: { name: hostile }, levels: [0.4, 0.6] });
    return htmlReport({
      title: hostile,
      verdict,
      comparison: compareRuns(store, [run.id]),
      bm25: [],
      chart: Uint8Array.of(1, 2, 3),
      frontier: Uint8Array.of(4, 5, 6),
      environment: { System: hostile },
      attribution: hostile,
      made: '2026-01-01T00:00:00.000Z',
    });
  }

  test('shows texts as text, and asks for nothing from outside', () => {
    const html = report();
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<b>');
    expect(html.match(/(src|href)="(?!data:image\/png;base64,)/g)).toBeNull();
    expect(html).toContain('&#60;script&#62;alert(1)');
  });

  test('holds verdict, pairs, runs, hashes and environment', () => {
    const html = report();
    for (const part of [
      'beats B by 0.110',
      '+0.1100',
      '40 test questions, seeds 0, 1',
      'infonce (temperature 0.1)',
      'Report made',
      '2026-01-01',
    ])
      expect(html).toContain(part);
  });
});

describe('the HTML report of several recipes', () => {
  function report(weights: string): string {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const run = (name: string, seed: number, levels: readonly number[], own: string) =>
      trainedRun(store, experiment, {
        raw: { name, seed, split_seed: 1, ...(name === 'A' ? {} : { loss_type: 'triplet' }) },
        levels,
        hashes: { weights: `${own}${seed}` },
      });
    const runs = [
      run('A', 1, [0.25, 0.5, 0.5], 'w'),
      run('A', 2, [0.25, 0.75, 0.5], 'w'),
      run('B', 1, [0.25, 0.3, 0.4, 0.9], 'w'),
      run('B', 2, [0.25, 0.3, 0.4, 0.7], weights),
    ];
    const bm25 = [{ name: 'BM25', runs: [], metrics: { 'mrr@10': 0.4321 }, missing: null }];
    return htmlReport({
      title: 'Two',
      verdict,
      comparison: compareRuns(
        store,
        runs.map(({ id }) => id),
      ),
      bm25,
      chart: Uint8Array.of(1),
      frontier: Uint8Array.of(2),
      environment: {},
      attribution: null,
      made: '2026-01-01T00:00:00.000Z',
    });
  }

  const rowsOf = (html: string, section: string): string[] =>
    html
      .split(`<h2>${section}</h2>`)[1]!
      .split('</section>')[0]!
      .split('<tr>')
      .slice(2)
      .map((row) =>
        row
          .replace(/<[^>]*>/g, ' ')
          .replace(/ +/g, ' ')
          .trim(),
      );

  test('has recipes as mean ± deviation below the untrained encoder and BM25', () => {
    const rows = rowsOf(report('w'), 'Recipes');
    expect(rows.map((row) => row.split(' ').slice(0, 5).join(' '))).toEqual([
      'untrained 2 0.2500 ± 0.0000',
      'BM25 – 0.4321 – –',
      'B 2 0.8000 ± 0.1414',
      'A 2 0.5000 ± 0.0000',
    ]);
  });

  test('orders them anew at equal compute', () => {
    const [first] = rowsOf(report('w'), 'At equal compute');
    expect(first).toBe('1 B 0.8000 ± 0.1414 A 0.5000 ± 0.0000 A 0.5000 ± 0.0000 A 0.5000 ± 0.0000');
  });

  test('marks hashes that are the same, and those that differ within a seed', () => {
    expect(rowsOf(report('w'), 'What makes them comparable').slice(0, 2)).toEqual([
      'Seed 1: all 2 runs ✓ same ✓ same ✓ same ✓ same ✓ same',
      'Seed 2: all 2 runs ✓ same ✓ same ✓ same ✓ same ✓ same',
    ]);
    expect(rowsOf(report('other'), 'What makes them comparable')[1]).toBe(
      'Seed 2: all 2 runs ✓ same ✓ same ✓ same ✗ differs ✓ same',
    );
  });
});

test('the LaTeX table escapes names, and marks what the tests say', () => {
  const table = latexTable(verdict);
  expect(table).toContain('alert(1)</script> \\& "50 \\%\\_\\$" & \\textbf{0.612} $\\pm$ 0.014$^{\\dagger\\S}$ \\\\');
  expect(table).toContain('B & 0.502 $\\pm$ 0.000$^{\\dagger\\S}$ \\\\');
  expect(table).toContain('untrained & 0.402');
});

test('values per question come with the untrained ones', () => {
  const store = temporaryStore();
  const run = trainedRun(store, createExperiment(store), { raw: { name: 'A' }, levels: [0.25, 0.5, 0.75] });
  const lines = [...perQueryCsv(store, [run], 'mrr@10')].join('').trim().split('\r\n');
  expect(lines).toHaveLength(1 + 2 * 3);
  expect(lines[1]).toBe(`${run.id},A,42,0,q1,0.25`);
  expect(lines[4]).toBe(`${run.id},A,42,40,q1,0.75`);
});
