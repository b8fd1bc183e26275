import { join } from 'node:path';
import { CsvReader, type CsvRow } from './csv.ts';
import type { Question } from './dataset.ts';
import { checkUnchanged, type InputFile } from './encoding.ts';
import type { ImportContext } from './importContext.ts';
import type { ForEachFile, Importer } from './importer.ts';
import { PostSorter } from './postSorter.ts';
import { parseScore } from './score.ts';
import type { SkippedRows } from './skippedRows.ts';
import { idFault, isId, nothingJoined } from './id.ts';
import { cleanHtml, collapseWhiteSpace } from './text.ts';

const questionColumns = ['Id', 'Score', 'Title', 'Body'] as const;
const answerColumns = ['Id', 'ParentId', 'Score', 'Body'] as const;
type QuestionRow = CsvRow<(typeof questionColumns)[number]>;
type AnswerRow = CsvRow<(typeof answerColumns)[number]>;

export const csvImporter: Importer<'csv'> = {
  inputs: ({ questions, answers, encoding }) => ({
    questions: { path: questions, encoding },
    answers: { path: answers, encoding },
  }),
  passes: 2,
  space: 2.5,
  read: (files, _, context) => importCsv(files, context),
};

/**
 * Questions with their ranked answers from a pair of files in Kaggle's layout (Questions.csv,
 * Answers.csv), in the order of the questions file. Answers are read first, into a temporary SQLite
 * file in `context.temporary`; memory does not grow with the files. Skipped rows are counted
 * in `context`.
 *
 * @throws LabError for a missing column, and if more than half of the rows of a file are unusable
 */
async function* importCsv(
  files: ForEachFile<'csv', InputFile>,
  context: ImportContext,
): AsyncGenerator<Question, void> {
  using sorter = new PostSorter(join(context.temporary, 'answers.sqlite'), 'in the source');
  await collectAnswers(files.answers, sorter, context);
  let usable = 0;
  let firstQuestion: string | undefined;
  const reader = new CsvReader(files.questions, questionColumns, context.skipped);
  for await (const row of reader.read(context.reading('questions'))) {
    const question = questionFrom(row, reader, sorter, context.skipped);
    if (!question) continue;
    firstQuestion ??= question.id;
    if (question.answers.length === 0) {
      context.excluded.questionsWithoutAnswers++;
      continue;
    }
    yield question;
    if (++usable === context.limit) return reader.requireMostlyUsable(); // the rest, and so orphans, stay unknown
  }
  reader.requireMostlyUsable();
  await checkUnchanged(files.questions);
  context.excluded.orphanAnswers = sorter.countOrphans();
  const orphan = sorter.firstOrphan();
  if (usable === 0 && firstQuestion !== undefined && orphan)
    throw nothingJoined(
      { file: files.questions.name, column: 'Id', id: firstQuestion },
      { file: files.answers.name, column: 'ParentId', id: orphan },
    );
}

async function collectAnswers(file: InputFile, sorter: PostSorter, context: ImportContext): Promise<void> {
  const reader = new CsvReader(file, answerColumns, context.skipped);
  for await (const row of reader.read(context.reading('answers'))) collectAnswer(row, reader, sorter, context.skipped);
  reader.requireMostlyUsable();
  await checkUnchanged(file);
  sorter.seal();
}

function collectAnswer(
  row: AnswerRow,
  reader: CsvReader<keyof AnswerRow['cells']>,
  sorter: PostSorter,
  skipped: SkippedRows,
): void {
  const { cells } = row;
  const id = cells.Id.trim();
  const questionId = cells.ParentId.trim();
  const score = parseScore(cells.Score);
  const body = cleanHtml(skipped.withoutNul(cells.Body));
  if (!isId(id)) reader.reject(row, 'Id', idFault(id));
  else if (!isId(questionId)) reader.reject(row, 'ParentId', idFault(questionId));
  else if (score === undefined) reader.reject(row, 'Score', 'score is not a number');
  else if (body === '') reader.reject(row, 'Body', 'no text');
  else if (!sorter.addAnswer({ id, questionId, score, body })) reader.reject(row, 'Id', 'duplicate id');
}

function questionFrom(
  row: QuestionRow,
  reader: CsvReader<keyof QuestionRow['cells']>,
  sorter: PostSorter,
  skipped: SkippedRows,
): Question | undefined {
  const { cells } = row;
  const id = cells.Id.trim();
  const score = parseScore(cells.Score);
  // Titles are plain text in this layout: "<" in a title is not a tag.
  const title = collapseWhiteSpace(skipped.withoutNul(cells.Title));
  const body = cleanHtml(skipped.withoutNul(cells.Body));
  if (!isId(id)) reader.reject(row, 'Id', idFault(id));
  else if (score === undefined) reader.reject(row, 'Score', 'score is not a number');
  else if (title === '' && body === '') reader.reject(row, 'Body', 'no text');
  else if (!sorter.noteQuestion(id)) reader.reject(row, 'Id', 'duplicate id');
  else return { id, title, body, score, answers: sorter.rankedAnswers(id) };
  return undefined;
}
