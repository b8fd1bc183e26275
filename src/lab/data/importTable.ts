import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ColumnMapping, TextForm } from '../../shared/table.ts';
import { answerParts, areLabels } from './columns.ts';
import type { Question } from './dataset.ts';
import { checkUnchanged, type InputFile } from './encoding.ts';
import type { ImportContext } from './importContext.ts';
import { idFault, idFrom, isId } from './id.ts';
import type { Importer } from './importer.ts';
import { shown } from './jsonLines.ts';
import { PostSorter, type UnsortedAnswer } from './postSorter.ts';
import { parseScore, type DecimalMark } from './score.ts';
import type { SkippedRows } from './skippedRows.ts';
import {
  decimalMarkOf,
  dialectOf,
  openTable,
  sampleRows,
  textFormOf,
  type ColumnText,
  type TableRow,
} from './tableReader.ts';
import { readText } from './textForm.ts';
import { usableQuestions } from './usableQuestions.ts';
import type { SourceOf } from '../../shared/sourceRequest.ts';

export const tableImporter: Importer<'table'> = {
  inputs: ({ file, encoding }) => ({ file: { path: file, encoding } }),
  passes: 3,
  space: 3,
  read: ({ file }, source, context) => importTable(file, source, context),
};

/** Of an answer without a score: the answer exists, which counts as one vote. */
const defaultScore = 1;

/**
 * Questions with their ranked answers from a user's own file of question–answer pairs, in the order
 * in which the questions first occur. The rows of one question may be anywhere in the file: they have the same
 * `question_id`, or the same question text. In JSON lines, an answer may be a list of texts, or of
 * objects with a text and a score. Memory does not grow with the file.
 *
 * @throws LabError for a column that does not exist, and if more than half of the rows are unusable
 */
async function* importTable(
  file: InputFile,
  source: SourceOf<'table'>,
  context: ImportContext,
): AsyncGenerator<Question, void> {
  const { format, mapping } = source;
  const dialect = await dialectOf(file, format, source.delimiter);
  const sample = await sampleRows(file, dialect, mapping);
  const texts = textForms(sample, source);
  const mark = mapping.score === undefined ? 'point' : decimalMarkOf(sample, dialect, mapping.score);
  context.table = {
    columns: mapping,
    ...(dialect && { delimiter: dialect.delimiter }),
    ...(dialect?.escape === 'backslash' && { escape: 'backslash' }),
    ...(mark === 'comma' && { decimalComma: true }),
    texts,
    answersWithoutScore: 0,
  };
  let scoreColumn = mapping.score;
  using sorter = new PostSorter(join(context.temporary, 'table.sqlite'), 'in their question');
  const reader = openTable(file, dialect, mapping, context.skipped);
  for await (const row of reader.read(context.reading('rows'))) {
    const question = questionFrom(row, mapping, texts, context.skipped);
    if ('reason' in question) {
      reader.reject(row, question.column, question.reason);
      continue;
    }
    sorter.addQuestion(question); // the first row of a question gives its text
    const parts = partsOf(row, mapping);
    // The reader counts the row itself; each further answer of a list counts as a row.
    for (let extra = 1; extra < parts.length; extra++) reader.tally.count();
    for (const part of parts) {
      if (part.score !== undefined) scoreColumn ??= part.columns.score;
      const answer = answerFrom(part, question.id, mark, texts[mapping.answer]!.form, context.skipped);
      if ('reason' in answer) reader.reject(row, answer.column, answer.reason, answer.found);
      else if (!sorter.addAnswer(answer))
        reader.reject(row, part.columns.id, part.id === undefined ? 'duplicate answer' : 'duplicate id');
      else if (part.score === undefined) context.table.answersWithoutScore++;
    }
  }
  reader.requireMostlyUsable();
  await checkUnchanged(file);
  const labels = scoreColumn !== undefined && areLabels(scoreColumn, sorter.distinctScores(3));
  if (labels) context.table = { ...context.table, labels };
  yield* usableQuestions(sorter, file.size, context, { labels });
}

/** By column. */
type TextForms = Readonly<Record<string, ColumnText>>;

function textForms(sample: readonly TableRow[], { mapping, text }: SourceOf<'table'>): TextForms {
  const columns = [mapping.title, mapping.question, mapping.answer].filter((column) => column !== undefined);
  return Object.fromEntries(columns.map((column) => [column, textFormOf(sample, column, text)]));
}

/** Why a row, or an answer in it, is not used. */
interface Fault {
  readonly column: string;
  readonly reason: string;
  /** What was found there, if it is not the cell of the column. */
  readonly found?: unknown;
}

function questionFrom(
  { cells }: TableRow,
  mapping: ColumnMapping,
  texts: TextForms,
  skipped: SkippedRows,
): Omit<Question, 'answers'> | Fault {
  const title = mapping.title === undefined ? '' : plainText(cells[mapping.title], texts[mapping.title]!.form, skipped);
  const body = plainText(cells[mapping.question], texts[mapping.question]!.form, skipped);
  const id = mapping.question_id === undefined ? contentId(`${title}\0${body}`) : idFrom(cells[mapping.question_id]);
  if (title === '' && body === '') return { column: mapping.question, reason: 'no question text' };
  if (!isId(id)) return { column: mapping.question_id ?? mapping.question, reason: idFault(id) };
  return { id, title, body, score: 0 };
}

/** An answer as it is in a row; undefined parts do not exist. */
interface Part {
  readonly text: unknown;
  readonly id?: unknown;
  readonly score?: unknown;
  readonly accepted?: unknown;
  /** Whether an answer without a score is an error. */
  readonly needsScore: boolean;
  /** The columns of its parts, for messages. */
  readonly columns: { readonly text: string; readonly id: string; readonly score: string; readonly accepted: string };
}

/** The answer of a row, or those of its list. */
function partsOf({ cells }: TableRow, mapping: ColumnMapping): Part[] {
  const { answer, answer_id = answer, score = answer, accepted = answer } = mapping;
  const text = cells[answer];
  if (Array.isArray(text)) return partsOfList(text, answer);
  // An empty cell of a named column is a missing value, which is not made up.
  const cell = (name: string | undefined): unknown => (name === undefined ? undefined : (cells[name] ?? null));
  return [
    {
      text,
      id: cell(mapping.answer_id),
      score: cell(mapping.score),
      accepted: cell(mapping.accepted),
      needsScore: mapping.score !== undefined,
      columns: { text: answer, id: answer_id, score, accepted },
    },
  ];
}

function partsOfList(list: readonly unknown[], column: string): Part[] {
  const parts = list.map((item) =>
    typeof item === 'object' && item !== null
      ? answerParts(item as Record<string, unknown>)
      : { text: item, score: undefined, scoreKey: undefined },
  );
  const needsScore = parts.some(({ score }) => score !== undefined);
  return parts.map((part) => ({
    ...part,
    needsScore,
    columns: { text: column, id: column, score: part.scoreKey ?? column, accepted: column },
  }));
}

function answerFrom(
  { text, id, score, accepted, needsScore, columns }: Part,
  questionId: string,
  mark: DecimalMark,
  form: TextForm,
  skipped: SkippedRows,
): UnsortedAnswer | Fault {
  const body = plainText(text, form, skipped);
  const number = score === undefined && !needsScore ? defaultScore : scoreFrom(score, mark);
  const answerId = id === undefined ? contentId(body) : idFrom(id);
  const yes = accepted === undefined ? undefined : yesOrNo(accepted);
  if (body === '') return { column: columns.text, reason: 'no answer text' };
  if (number === undefined) return { column: columns.score, reason: scoreFault(score, mark), found: score ?? '' };
  if (!isId(answerId)) return { column: columns.id, reason: idFault(answerId) };
  if (yes === null) return { column: columns.accepted, reason: 'accepted is neither yes nor no' };
  return { id: answerId, questionId, score: number, body, accepted: yes };
}

// --- Cells ---------------------------------------------------------------------------------------

function plainText(cell: unknown, form: TextForm, skipped: SkippedRows): string {
  if (typeof cell === 'number') return String(cell);
  if (typeof cell !== 'string') return '';
  return readText(skipped.withoutNul(cell), form);
}

function scoreFrom(cell: unknown, mark: DecimalMark): number | undefined {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : undefined;
  return typeof cell === 'string' ? parseScore(cell, mark) : undefined;
}

function scoreFault(cell: unknown, mark: DecimalMark): string {
  if (cell === null || cell === undefined || cell === '') return 'no score';
  const isUnclear = mark === 'unclear' && typeof cell === 'string' && parseScore(cell, 'comma') !== undefined;
  return isUnclear ? 'score with a comma that may be decimal or not' : 'score is not a number';
}

const yesWords = /^(true|yes|y|1)$/i;
const noWords = /^(false|no|n|0|)$/i;

/** Null if it is neither; an empty cell is a no. */
function yesOrNo(cell: unknown): boolean | null {
  const text = cell === null ? '' : shown(cell).trim();
  if (yesWords.test(text)) return true;
  return noWords.test(text) ? false : null;
}

/** An id for a text that has none: the same text has the same id, in any file. */
function contentId(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 20);
}
