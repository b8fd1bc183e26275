import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../../../src/shared/comparison.ts';
import { compareRuns } from '../../../../src/lab/comparison/comparison.ts';
import { comparisonTable } from '../../../../src/lab/reports/comparisonTable.ts';
import { textTable, type TextTableOptions } from '../../../../src/lab/reports/textTable.ts';
import { textWidth } from '../../../../src/lab/reports/textWidth.ts';
import {
  createExperiment,
  createRun,
  sevenPresets,
  temporaryStore,
  trainedRun,
} from '../../../helpers/syntheticStore.ts';

const runTable = (comparison: Comparison, options: TextTableOptions = {}) =>
  comparisonTable(comparison, [], 'run', options);

function sevenRuns(change: (name: string) => string = (name) => name): Comparison {
  const store = temporaryStore();
  const experiment = createExperiment(store);
  const levels = [0.58, 0.6, 0.57, 0.5, 0.52, 0.45, 0.5];
  const runs = sevenPresets.map((raw, index) =>
    trainedRun(store, experiment, {
      raw: { ...raw, name: change(raw.name!) },
      levels: [0.5, levels[index]!],
      end: index === 5 ? 'failed' : 'finished',
    }),
  );
  return compareRuns(
    store,
    runs.map(({ id }) => id),
  );
}

describe('the table by run', () => {
  it('shows the untrained encoder first, then the runs with their change', () => {
    const lines = runTable(sevenRuns()).split('\n');
    expect(lines[0]).toMatch(/^run +name +mrr@10 +Δ +ndcg@10 +map@100 +at step +time +device state$/);
    expect(lines[2]).toMatch(/^ +untrained +0\.5000 /);
    expect(lines[3]).toMatch(/^[2-9a-z]{4} Rank-weighted InfoNCE +\*0\.6000 \+0\.1000 .* 20 +1\.0 s +cpu finished$/);
    expect(lines.find((line) => line.includes('Relaxed'))).toContain('±0.0000');
    expect(lines.find((line) => line.includes('Triplet, in-batch'))).toMatch(/−0\.0500 .* failed$/);
    expect(lines.at(-1)).toMatch(/-triplet failed: The loss is NaN at step 41\.$/);
  });

  it('lines its columns up', () => {
    const lines = runTable(sevenRuns()).split('\n').slice(2, 10);
    expect(new Set(lines.map((line) => line.search(/\d\.\d{4}/))).size).toBe(1);
  });

  it('fits 100 columns, cutting names in their middle', () => {
    const table = runTable(sevenRuns((name) => `${'a very long name '.repeat(4)}${name}`));
    for (const line of table.split('\n')) expect([...line].length).toBeLessThanOrEqual(100);
    expect(table).toMatch(/a very long.*….*InfoNCE /);
  });

  it('is coloured only when asked', () => {
    const comparison = sevenRuns();
    expect(runTable(comparison)).not.toContain('\u001b');
    expect(runTable(comparison, { colours: true })).toContain('\u001b[32m+0.1000\u001b[0m');
    expect(stripVTControlCharacters(runTable(comparison, { colours: true }))).toBe(runTable(comparison));
  });

  it('lets no name steer the terminal', () => {
    const table = runTable(sevenRuns((name) => `\u001b[2J${name}\r\n\u202e`));
    expect(table).not.toMatch(/[\u001b\r\u202e]/);
    expect(table.split('\n').filter((line) => line.includes('InfoNCE'))).toHaveLength(3);
  });

  it('marks no winner among runs that began from different encoders', () => {
    const store = temporaryStore();
    const experiment = createExperiment(store);
    const runs = ['a', 'b'].map((weights) =>
      trainedRun(store, experiment, { raw: { name: weights }, levels: [0.5, 0.6], hashes: { weights } }),
    );
    const table = runTable(
      compareRuns(
        store,
        runs.map(({ id }) => id),
      ),
    );
    expect(table).not.toContain('*');
    expect(table).toContain('Warning: The runs differ in initial weights');
  });

  it('says what to do with a run that was stopped, and that nothing was evaluated', () => {
    const store = temporaryStore();
    const { id } = createRun(store);
    store.setState(id, 'interrupted');
    const table = runTable(compareRuns(store, [id]));
    expect(table).toContain(`${id} was interrupted; "losslab resume ${id}" continues it.`);
    expect(table).toContain('The untrained encoder was not evaluated');
  });
});

describe('textTable', () => {
  it('aligns, and draws a rule', () => {
    const columns = [
      { heading: 'name', align: 'left' },
      { heading: 'n', align: 'right' },
    ] as const;
    expect(
      textTable(columns, [
        [{ text: 'a' }, { text: '10' }],
        [{ text: 'bcdef' }, { text: '9', best: true }],
      ]),
    ).toEqual(['name   n', '────────', 'a     10', 'bcdef *9']);
  });

  it('aligns wide letters, emoji and accents that stand alone', () => {
    const columns = [
      { heading: 'name', align: 'left', flexible: true },
      { heading: 'n', align: 'right' },
    ] as const;
    const names = ['損失関数', 'plain', '👍🏽 thumbs', 'e\u0301te\u0301', '🚀'];
    const lines = textTable(
      columns,
      names.map((text) => [{ text }, { text: '1' }]),
    );
    expect(lines.slice(2)).toEqual([
      '損失関数  1',
      'plain     1',
      '👍🏽 thumbs 1',
      'e\u0301te\u0301       1',
      '🚀        1',
    ]);
  });

  it('cuts wide letters to the width of the terminal, and never within a letter', () => {
    const columns = [
      { heading: 'name', align: 'left', flexible: true },
      { heading: 'n', align: 'right' },
    ] as const;
    for (const width of [10, 11, 12, 13, 14]) {
      const [, rule, row] = textTable(columns, [[{ text: '👍🏽損失関数👍🏽損失関数' }, { text: '1' }]], { width });
      expect([textWidth(rule!), textWidth(row!)]).toEqual([width, width]);
      expect(row).toMatch(/^👍🏽.*….*数 +1$/u);
    }
  });
});
