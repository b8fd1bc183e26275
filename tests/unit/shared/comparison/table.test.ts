import { expect, test } from 'vitest';
import { columnsOf } from '../../../../src/shared/comparison/columns.ts';
import { columnsIn } from '../../../../src/shared/comparison/places.ts';
import { rowsOf } from '../../../../src/shared/comparison/rows.ts';
import { filterRows, sortRows, tableToCsv } from '../../../../src/shared/comparison/table.ts';
import { comparedRun, comparison } from './helpers.ts';
import { highestOf } from '../../../../src/shared/comparison/highest.ts';

const failure = { code: 'device', message: 'Out of memory.', fix: 'Smaller batch.' } as const;
const found = comparison([
  comparedRun('good', [0.5, 0.7, 0.6]),
  comparedRun('worse', [0.3, 0.35], { loss_type: 'triplet', batch_transform: 'triplet' }),
  comparedRun(
    'broken',
    [],
    { loss_type: 'infonce', batch_transform: 'infonce', take_top: false },
    { state: 'failed', failure },
  ),
]);
const bm25 = [{ name: 'BM25', runs: ['good', 'worse', 'broken'], metrics: { 'mrr@10': 0.65 }, missing: null }];
const rows = rowsOf(found, bm25, 'run');
const columns = columnsOf(found, 'run');
const column = (key: string) => columns.find((each) => each.key === key)!;
const row = (id: string) => rows.find((each) => each.id === id)!;

const seeds = comparison([
  comparedRun('one', [0.5, 0.6], { loss_type: 'infonce', seed: 1 }),
  comparedRun('two', [0.4, 0.7], { loss_type: 'infonce', seed: 2 }, { state: 'interrupted' }),
  comparedRun('alone', [0.45], { loss_type: 'triplet', batch_transform: 'triplet' }),
]);

test('the untrained encoder and BM25 come first, then the runs as the lab orders them', () => {
  expect(rows.map(({ id }) => id)).toEqual(['untrained/untrained', 'bm25/BM25', 'good', 'worse', 'broken']);
});

test('BM25 has its line before it has been computed, and one that says why where it cannot be', () => {
  const before = rowsOf(found, null, 'run')[1]!;
  expect(before).toMatchObject({ id: 'bm25/BM25', note: 'being computed …' });
  expect(column('mrr@10 last').text(before)).toBe('…');
  const [, missing] = rowsOf(
    found,
    [{ name: 'BM25', runs: ['good'], metrics: null, missing: 'The dataset is gone.' }],
    'run',
  );
  expect(missing).toMatchObject({ id: 'bm25/BM25', note: 'The dataset is gone.' });
  expect(column('mrr@10 last').text(missing!)).toBe('–');
});

test('best, last, and the difference from the untrained encoder', () => {
  expect(column('mrr@10 best').value(row('good'))).toBe(0.7);
  expect(column('mrr@10 last').value(row('good'))).toBe(0.6);
  expect(column('mrr@10 best_step').value(row('good'))).toBe(20);
  expect(column('mrr@10 best').value(row('untrained/untrained'))).toBe(0.4);
  expect(column('mrr@10 last').text(row('bm25/BM25'))).toBe('0.6500');
  expect(column('mrr@10 change').text(row('good'))).toBe('+0.3000');
  expect(column('mrr@10 change').text(row('worse'))).toBe('−0.0500');
  expect(column('mrr@10 change').text(row('broken'))).toBe('–');
});

test('a recipe shows the mean over its seeds ± their standard deviation, and what its runs have come to', () => {
  const [, , infonce, triplet] = rowsOf(seeds, bm25, 'recipe');
  const text = (key: string, of = infonce!) =>
    columnsOf(seeds, 'recipe')
      .find((each) => each.key === key)!
      .text(of);
  expect(text('mrr@10 last')).toBe('0.6500 ± 0.0707');
  expect(text('mrr@10 change')).toBe('+0.2500');
  expect(text('state')).toBe('1 of 2 finished');
  expect(text('seed')).toBe('1, 2');
  expect(text('mrr@10 last', triplet)).toBe('0.4500');
});

test('the file of a table by recipe has the deviations in columns of their own', () => {
  const shown = columnsOf(seeds, 'recipe').filter(({ key }) => key === 'mrr@10 last');
  const [heading, , , infonce] = tableToCsv(rowsOf(seeds, bm25, 'recipe'), shown).split('\r\n');
  expect(heading).toBe('Run,MRR@10 last,"MRR@10 last, standard deviation"');
  expect(infonce).toMatch(/^infonce,0\.6(5|49{9}\d*),0\.0707106/);
});

test('a difference is coloured by whether it is for the better; none where nothing can be said', () => {
  expect(
    ['good', 'worse', 'broken', 'untrained/untrained'].map((id) => column('mrr@10 change').tone!(row(id))),
  ).toEqual(['good', 'bad', null, null]);
});

test('only settings that differ are columns of the screen', () => {
  const settings = columnsIn('screen', found, 'run').map(({ key }) => key);
  expect(settings).toContain('loss');
  expect(settings).toContain('strategy');
  expect(settings).not.toContain('seed');
  expect(settings).not.toContain('batch_size');
});

test('sorting keeps the baselines on top and what has no value at the end', () => {
  const order = (descending: boolean) =>
    sortRows(rows, columns, { key: 'mrr@10 last', descending })
      .map(({ id }) => id)
      .slice(2);
  expect(order(true)).toEqual(['good', 'worse', 'broken']);
  expect(order(false)).toEqual(['worse', 'good', 'broken']);
  expect(sortRows(rows, columns, { key: 'name', descending: false }).map(({ id }) => id)).toEqual([
    'untrained/untrained',
    'bm25/BM25',
    'broken',
    'good',
    'worse',
  ]);
  expect(sortRows(rows, columns, null)).toEqual(rows);
});

test('filtering looks into names, failures, runs of recipes and the cells that are shown', () => {
  const ids = (text: string, among = rows) =>
    filterRows(among, [column('loss')], text)
      .map(({ id }) => id)
      .slice(2);
  expect(ids('memory')).toEqual(['broken']);
  expect(ids('TRIPLET wor')).toEqual(['worse']);
  expect(ids('')).toHaveLength(3);
  expect(ids('two', rowsOf(seeds, bm25, 'recipe'))).toEqual(['recipe/infonce']);
});

test('the file holds what the table shows, in its order, with all digits', () => {
  const shown = [column('state'), column('mrr@10 best'), column('mrr@10 change')];
  expect(tableToCsv(sortRows(rows, columns, { key: 'name', descending: true }), shown)).toBe(
    [
      'Run,State,MRR@10 best,Δ MRR@10',
      'untrained,,0.4,',
      'BM25,,0.65,',
      `worse,finished,0.35,${0.35 - 0.4}`,
      `good,finished,0.7,${0.7 - 0.4}`,
      'broken,failed,,',
      '',
    ].join('\r\n'),
  );
});

test('the highest figure of a column is known, baselines included', () => {
  expect(highestOf(rows, columns).get('mrr@10 best')).toBe(0.7);
  expect(
    highestOf(
      rows.filter(({ id }) => id !== 'good'),
      columns,
    ).get('mrr@10 best'),
  ).toBe(0.65);
});

test('a run stands at its own best, a recipe at the last evaluation of its seeds, whatever shows it', () => {
  const change = (by: 'run' | 'recipe', id: string) =>
    columnsOf(seeds, by)
      .find(({ key }) => key === 'mrr@10 change')!
      .text(rowsOf(seeds, bm25, by).find((each) => each.id === id)!);
  expect(columnsIn('terminal', seeds, 'run').map(({ key }) => key)).toContain('mrr@10 best');
  expect(columnsIn('page', seeds, 'run').map(({ key }) => key)).toContain('mrr@10 best');
  expect(columnsIn('terminal', seeds, 'recipe').map(({ key }) => key)).toContain('mrr@10 last');
  expect(columnsIn('page', seeds, 'recipe').map(({ key }) => key)).toContain('mrr@10 last');
  expect(change('run', 'one')).toBe('+0.2000');
  expect(change('recipe', 'recipe/infonce')).toBe('+0.2500');
});

test('nothing is marked among rows that began from different encoders', () => {
  const apart = { ...found, baselines: [found.baselines[0]!, { ...found.baselines[0]!, name: 'untrained 2' }] };
  expect(highestOf(rowsOf(apart, bm25, 'run'), columns).size).toBe(0);
});

test('every column of every place exists, and no key has two columns', () => {
  const keys = columnsOf(seeds, 'recipe').map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  const wanted = [
    ...['row', 'run', 'name', 'recipe', 'baseline', 'dataset', 'state', 'failure', 'loss', 'strategy', 'seed'],
    ...['device', 'encoder_parameters', 'steps', 'training_seconds', 'peak_memory_bytes'],
  ];
  expect(
    columnsIn('file', seeds, 'run')
      .slice(0, wanted.length)
      .map(({ key }) => key),
  ).toEqual(wanted);
});
