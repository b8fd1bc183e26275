import { describe, expect, test } from 'vitest';
import {
  gain,
  shownExperiments,
  tagsInUse,
  type ListView,
} from '../../../../src/renderer/features/home/experimentList.ts';
import type { ExperimentSummary } from '../../../../src/shared/contract/experiments.ts';

function experiment(id: string, changes: Partial<ExperimentSummary> = {}): ExperimentSummary {
  return {
    id,
    name: `Experiment ${id}`,
    created: '2026-05-01T12:00:00.000Z',
    dataset: { name: 'sample', hash: '00' },
    status: 'finished',
    tags: [],
    note: '',
    encoder: 'static',
    device: 'cpu',
    runs: { total: 7, finished: 7, failed: 0 },
    best: null,
    baseline: null,
    foreign: false,
    ...changes,
  };
}

const everything: ListView = { search: '', tag: null, sort: 'created', descending: true };
const ids = (experiments: readonly ExperimentSummary[], view: Partial<ListView>): string =>
  shownExperiments(experiments, { ...everything, ...view })
    .map(({ id }) => id)
    .join('');

describe('what is shown', () => {
  const list = [
    experiment('a', { name: 'Votes matter', tags: ['paper', 'votes'] }),
    experiment('b', { dataset: { name: 'statistics.stackexchange', hash: '11' }, note: 'too few votes' }),
    experiment('c', { name: 'Baseline', tags: ['paper'] }),
  ];

  test('every word is looked for in name, dataset, note and tags, whatever its case', () => {
    expect(ids(list, { search: 'VOTES' })).toBe('ab');
    expect(ids(list, { search: ' votes  stack ' })).toBe('b');
    expect(ids(list, { search: 'paper' })).toBe('ac');
    expect(ids(list, { search: 'nothing like it' })).toBe('');
  });

  test('a tag is taken as a whole', () => {
    expect(ids(list, { tag: 'paper' })).toBe('ac');
    expect(ids(list, { tag: 'pap' })).toBe('');
    expect(ids(list, { tag: 'paper', search: 'baseline' })).toBe('c');
  });

  test('tags are counted, the most used first', () => {
    expect(tagsInUse(list)).toEqual([
      { tag: 'paper', count: 2 },
      { tag: 'votes', count: 1 },
    ]);
  });
});

describe('order', () => {
  const best = (value: number): ExperimentSummary['best'] => ({ run: 'r', name: 'infonce', value });
  const list = [
    experiment('a', {
      name: 'Run 10',
      best: best(0.5),
      baseline: 0.1,
      status: 'finished',
      created: '2026-05-01T12:00:00.000Z',
    }),
    experiment('b', {
      name: 'run 9',
      best: best(0.6),
      baseline: 0.5,
      status: 'running',
      created: '2026-05-03T12:00:00.000Z',
    }),
    experiment('c', { name: 'Another', status: 'failed', created: '2026-05-02T12:00:00.000Z' }),
  ];

  test.each<[Partial<ListView>, string]>([
    [{ sort: 'created', descending: true }, 'bca'],
    [{ sort: 'created', descending: false }, 'acb'],
    [{ sort: 'name', descending: false }, 'cba'],
    [{ sort: 'best', descending: true }, 'bac'],
    [{ sort: 'best', descending: false }, 'abc'],
    [{ sort: 'gain', descending: true }, 'abc'],
    [{ sort: 'status', descending: false }, 'bca'],
  ])('%o gives %s; what has no value comes last', (view, expected) => expect(ids(list, view)).toBe(expected));

  test('the gain is known where both sides are', () => {
    expect(gain(list[0]!)).toBeCloseTo(0.4, 12);
    expect(gain(list[2]!)).toBeNull();
  });
});
