import { expect, test } from 'vitest';
import { columnsOf, rowsOf } from '../../../../src/renderer/features/compare/columns.ts';
import { filterRows, highestOf, sortRows, tableToCsv } from '../../../../src/renderer/features/compare/tableModel.ts';
import { comparedRun, comparison } from './helpers.ts';

const failure = { code: 'device', message: 'Out of memory.', fix: 'Smaller batch.' } as const;
const found = comparison([
  comparedRun('good', [0.5, 0.7, 0.6]),
  comparedRun('worse', [0.3, 0.35], { loss_type: 'triplet', batch_transform: 'triplet' }),
  comparedRun('broken', [], { loss_type: 'infonce', batch_transform: 'infonce' }, { state: 'failed', failure }),
]);
const rows = rowsOf(found);
const columns = columnsOf(found);
const column = (key: string) => columns.find((each) => each.key === key)!;
const row = (id: string) => rows.find((each) => each.id === id)!;

test('the untrained encoder comes first, then the runs as the lab orders them', () => {
  expect(rows.map(({ id }) => id)).toEqual(['baseline/untrained', 'good', 'worse', 'broken']);
});

test('best, last, and the difference from the untrained encoder', () => {
  expect(column('mrr@10/best').value(row('good'))).toBe(0.7);
  expect(column('mrr@10/last').value(row('good'))).toBe(0.6);
  expect(column('mrr@10/step').value(row('good'))).toBe(20);
  expect(column('mrr@10/best').value(row('baseline/untrained'))).toBe(0.4);
  expect(column('mrr@10/delta').text(row('good'))).toBe('+0.3000');
  expect(column('mrr@10/delta').text(row('worse'))).toBe('−0.0500');
  expect(column('mrr@10/delta').text(row('broken'))).toBe('–');
});

test('a difference is coloured by whether it is for the better; none where nothing can be said', () => {
  expect(['good', 'worse', 'broken', 'baseline/untrained'].map((id) => column('mrr@10/delta').tone!(row(id)))).toEqual(['good', 'bad', null, null]);
});

test('only settings that differ are columns', () => {
  const settings = columns.filter(({ key }) => key.startsWith('setting/')).map(({ key }) => key);
  expect(settings).toContain('setting/loss');
  expect(settings).toContain('setting/strategy');
  expect(settings).not.toContain('setting/seed');
  expect(settings).not.toContain('setting/training.batch_size');
});

test('sorting keeps the baseline on top and what has no value at the end', () => {
  const order = (descending: boolean) => sortRows(rows, columns, { key: 'mrr@10/last', descending }).map(({ id }) => id);
  expect(order(true)).toEqual(['baseline/untrained', 'good', 'worse', 'broken']);
  expect(order(false)).toEqual(['baseline/untrained', 'worse', 'good', 'broken']);
  expect(sortRows(rows, columns, { key: 'name', descending: false }).map(({ id }) => id)).toEqual(['baseline/untrained', 'broken', 'good', 'worse']);
  expect(sortRows(rows, columns, null)).toEqual(rows);
});

test('filtering looks into names, failures and the cells that are shown', () => {
  const ids = (text: string) => filterRows(rows, [column('setting/loss')], text).map(({ id }) => id);
  expect(ids('memory')).toEqual(['baseline/untrained', 'broken']);
  expect(ids('TRIPLET wor')).toEqual(['baseline/untrained', 'worse']);
  expect(ids('')).toHaveLength(4);
});

test('the file holds what the table shows, in its order, with all digits', () => {
  const shown = [column('state'), column('mrr@10/best'), column('mrr@10/delta')];
  expect(tableToCsv(sortRows(rows, columns, { key: 'name', descending: true }), shown)).toBe(
    ['Run,State,MRR@10 best,Δ MRR@10', 'untrained,,0.4,', `worse,finished,0.35,${0.35 - 0.4}`, `good,finished,0.7,${0.7 - 0.4}`, 'broken,failed,,', ''].join('\r\n'),
  );
});

test('the highest figure of a column is known, the untrained one included', () => {
  expect(highestOf(rows, columns).get('mrr@10/best')).toBe(0.7);
  expect(highestOf(rows.filter(({ id }) => id !== 'good'), columns).get('mrr@10/best')).toBe(0.4);
});
