import { expect, test } from 'vitest';
import { inspectionText, questionsText, winsText } from '../../../../src/lab/reports/inspectionTable.ts';
import type { InspectedColumn, Inspection, WinList } from '../../../../src/shared/contract/inspector.ts';

const options = { width: 80, colours: false };
const hostile = `\u001b[31mred\u001b[0m ${'very long '.repeat(60)}\nnext line`;
const column = (key: string, ranks: readonly number[], change: Partial<InspectedColumn> = {}): InspectedColumn => ({
  key,
  name: key,
  kind: 'run',
  seed: 1,
  problem: null,
  places: ranks.map((rank) => ({ rank, similarity: 0.5 })),
  values: { 'mrr@10': 1 / ranks[0]! },
  ...change,
});

const inspection: Inspection = {
  question: { id: '7', title: 'Why?', body: hostile },
  corpus: 'test',
  documents: 1234,
  top: 2,
  answers: [
    { id: 'a', text: hostile, votes: 12, role: 'best', question: { id: '7', title: 'Why?' } },
    { id: 'b', text: 'short', votes: -1, role: 'other', question: { id: '8', title: 'How?' } },
  ],
  columns: [
    column('untrained', [4, 1]),
    column('better', [1, 2]),
    column('lost', [], { problem: { message: 'The encoder is gone.', fix: 'Put it back.' }, places: [], values: null }),
  ],
  milliseconds: 1,
};

test('ranks stand side by side, moves are against the first column, and what is not ranked says why', () => {
  const lines = inspectionText(inspection, 'mrr@10', options).split('\n');
  expect(lines).toContain('The first 2 of 1,234 answers to the test questions in each column');
  expect(lines).toContain('A untrained    1 0.2500');
  expect(lines).toContain('B better       1 1.0000');
  expect(lines).toContain('lost, seed 1 is not ranked: The encoder is gone. Put it back.');
  expect(lines.find((line) => line.startsWith('best'))).toMatch(/^best {4}12 4 ↑1 red very long .*…$/);
  expect(lines.find((line) => line.includes('short'))).toMatch(/^ +-1 1 ↓2 short$/);
});

test('texts neither steer the terminal nor make lines wider than it', () => {
  for (const width of [80, 120]) {
    const text = inspectionText(inspection, 'mrr@10', { width, colours: false });

    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    for (const line of text.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(width);
  }
});

test('more than 26 columns have letters, too', () => {
  const columns = Array.from({ length: 28 }, (_, index) => column(`run ${index}`, [index + 1, 1]));
  const lines = inspectionText({ ...inspection, columns }, 'mrr@10', { width: 300, colours: false }).split('\n');
  expect(lines.find((line) => line.includes('run 25'))).toMatch(/^ ?Z /);
  expect(lines.find((line) => line.includes('run 27'))).toMatch(/^AB /);
});

const list: WinList = {
  metric: 'mrr@10',
  meanA: 0.5,
  meanB: 0.25,
  questions: 10,
  wins: 4,
  ties: 5,
  losses: 1,
  differences: new Float32Array(10),
  largestWins: [],
  largestLosses: [],
};

test('wins have both values and the places of the best answer, where an encoder is there to say', () => {
  const rows = [
    { question: '7', title: 'Why?', a: 1, b: 0.25 },
    { question: '8', title: null, a: 0.5, b: 0.25 },
  ];
  const lines = winsText(
    list,
    rows,
    { nameA: 'One', nameB: 'Two', ranks: new Map([['7', [1, 4] as const]]) },
    options,
  ).split('\n');
  expect(lines).toContain('10 test questions: A is better on 4, equal on 5, worse on 1');
  expect(lines).toContain('7        1.0000 0.2500 1 / 4       Why?');
  expect(lines).toContain('8        0.5000 0.2500 –');
  expect(winsText(list, [], { nameA: 'One', nameB: 'Two', ranks: new Map() }, options)).toContain('No question.');
});

test('questions that were found, or that there are none', () => {
  expect(
    questionsText(
      { dataset: 'tiny', testQuestions: 16, total: 1, questions: [{ id: '7', title: 'Why?', answers: 2 }] },
      options,
    ),
  ).toMatch(/1 of 16 test questions of tiny[^]*7 +2 Why\?$/);
  expect(questionsText({ dataset: 'tiny', testQuestions: 16, total: 0, questions: [] }, options)).toBe(
    '0 of 16 test questions of tiny',
  );
});
