import type { InspectedColumn, Inspection, QuestionPage, WinList, WinRow } from '../../shared/contract/inspector.ts';
import type { MetricName } from '../../shared/metrics.ts';
import { formatCount, formatFigure } from '../../shared/format.ts';
import { plain, textTable, wrap, type TextCell, type TextColumn, type TextTableOptions } from './textTable.ts';
import { cutText, textWidth } from './textWidth.ts';

/** What the inspector finds, for a terminal. Texts are of strangers: `plain` takes out what could steer it. */

const roles = { best: 'best', own: 'own', other: '' } as const;

/** Rankings side by side: who the columns are, then a row for each answer with its rank in each of them. */
export function inspectionText(
  { question, corpus, documents, top, answers, columns }: Inspection,
  metric: MetricName,
  options: Required<TextTableOptions>,
): string {
  const shown = columns.filter(({ problem }) => problem === null);
  const headings: TextColumn[] = [
    { heading: '', align: 'left' },
    { heading: 'Votes', align: 'right' },
    ...shown.map((_, index) => ({ heading: letter(index), align: 'right' as const })),
  ];
  const rows = answers.map(({ role, votes }, answer) => [
    { text: roles[role] },
    { text: String(votes) },
    ...shown.map((column, index) => rankCell(column, shown[0]!, index, answer)),
  ]);
  return [
    ...(question
      ? [
          ...wrap(plain(`${question.id}  ${question.title}`), options.width),
          ...wrap(plain(cut(question.body, 2 * options.width)), options.width),
        ]
      : []),
    `The first ${top} of ${formatCount(documents)} answers ${corpus === 'test' ? 'to the test questions' : 'of the dataset'} in each column`,
    '',
    ...columnLines(columns, shown, metric, options),
    '',
    ...withTexts(
      headings,
      rows,
      'Answer',
      answers.map(({ text }) => text),
      options,
    ),
    ...(shown.length > 1 ? ['', '↑ ↓  higher or lower than in column A'] : []),
  ].join('\n');
}

function columnLines(
  columns: readonly InspectedColumn[],
  shown: readonly InspectedColumn[],
  metric: MetricName,
  options: TextTableOptions,
): string[] {
  const asked = shown.some(({ values }) => values !== null);
  const table = textTable(
    [
      { heading: '', align: 'left' },
      { heading: 'Column', align: 'left', flexible: true },
      { heading: 'Seed', align: 'right' },
      ...(asked ? [{ heading: metric, align: 'right' as const }] : []),
    ],
    shown.map(({ name, seed, values }, index) => [
      { text: letter(index) },
      { text: name },
      { text: String(seed ?? '') },
      ...(asked ? [{ text: figure(values?.[metric]) }] : []),
    ]),
    options,
  );
  const left = columns.flatMap(({ name, seed, problem }) =>
    problem
      ? wrap(
          plain(`${name}${seed === null ? '' : `, seed ${seed}`} is not ranked: ${problem.message} ${problem.fix}`),
          options.width,
        )
      : [],
  );
  return [...(shown.length > 0 ? table : []), ...left];
}

function rankCell({ places }: InspectedColumn, first: InspectedColumn, index: number, answer: number): TextCell {
  const { rank } = places[answer]!;
  const moved = index === 0 ? 0 : first.places[answer]!.rank - rank;
  return moved === 0
    ? { text: String(rank) }
    : { text: `${moved > 0 ? '↑' : '↓'}${rank}`, tone: moved > 0 ? 'good' : 'bad' };
}

/** What the sides of a list of wins are called, and where the best answer stands under each: absent where no encoder is there to say. */
export interface WinsWording {
  readonly nameA: string;
  readonly nameB: string;
  readonly ranks: ReadonlyMap<string, readonly [a: number, b: number]>;
}

/** The questions on which one side is ahead by most. */
export function winsText(
  list: WinList,
  rows: readonly WinRow[],
  { nameA, nameB, ranks }: WinsWording,
  options: Required<TextTableOptions>,
): string {
  const { metric, meanA, meanB, questions, wins, ties, losses } = list;
  const cells = rows.map(({ question, a, b }) => [
    { text: question },
    { text: figure(a) },
    { text: figure(b) },
    { text: rankMove(ranks.get(question)) },
  ]);
  return [
    ...wrap(`A: ${plain(nameA)}, ${metric} ${figure(meanA)}`, options.width),
    ...wrap(`B: ${plain(nameB)}, ${metric} ${figure(meanB)}`, options.width),
    `${formatCount(questions)} test questions: A is better on ${wins}, equal on ${ties}, worse on ${losses}`,
    '',
    ...(rows.length === 0
      ? ['No question.']
      : withTexts(
          [
            { heading: 'Question', align: 'left' },
            { heading: 'A', align: 'right' },
            { heading: 'B', align: 'right' },
            { heading: 'Best answer', align: 'left' },
          ],
          cells,
          'Title',
          rows.map(({ title }) => title ?? ''),
          options,
        )),
  ].join('\n');
}

function rankMove(ranks: readonly [number, number] | undefined): string {
  return ranks ? `${ranks[0]} / ${ranks[1]}` : '–';
}

export function questionsText(
  { dataset, testQuestions, total, questions }: QuestionPage,
  options: Required<TextTableOptions>,
): string {
  const rows = questions.map(({ id, answers }) => [{ text: id }, { text: String(answers) }]);
  const table = withTexts(
    [
      { heading: 'Question', align: 'left' },
      { heading: 'Answers', align: 'right' },
    ],
    rows,
    'Title',
    questions.map(({ title }) => title),
    options,
  );
  return [
    `${formatCount(total)} of ${formatCount(testQuestions)} test questions of ${plain(dataset)}`,
    ...(total > 0 ? ['', ...table] : []),
  ].join('\n');
}

/** A table whose last column takes what is left of the width: texts lose their ends. */
function withTexts(
  headings: readonly TextColumn[],
  rows: readonly (readonly TextCell[])[],
  heading: string,
  texts: readonly string[],
  options: Required<TextTableOptions>,
): string[] {
  const [, rule] = textTable(headings, rows, options);
  const room = Math.max(20, options.width - textWidth(rule!) - 1);
  return textTable(
    [...headings, { heading, align: 'left' }],
    rows.map((row, index) => [...row, { text: cut(texts[index]!, room) }]),
    options,
  );
}

/** Texts can be long: what is beyond the eighth line is not looked at. */
function cut(text: string, width: number): string {
  return cutText(plain(text.slice(0, 8 * width)), width);
}

/** A, B, …, Z, AA, AB, … */
function letter(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : `${letter(Math.floor(index / 26) - 1)}${last}`;
}

function figure(value: number | undefined): string {
  return formatFigure(value ?? null);
}
