/** Every importer: from the files to its questions; and whole imports, from the file to a dataset that is read again. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Question } from '../../../src/lab/data/dataset.ts';
import { questionSchema, readDataset } from '../../../src/lab/data/datasetFolder.ts';
import { ImportContext } from '../../../src/lab/data/importContext.ts';
import { importDataset } from '../../../src/lab/data/importDataset.ts';
import { inspectInputs } from '../../../src/lab/data/importer.ts';
import { importerOf } from '../../../src/lab/data/importers.ts';
import { verifyDataset } from '../../../src/lab/data/verifyDataset.ts';
import { LabError } from '../../../src/shared/errors.ts';
import { mutateJson, mutateJsonLine } from '../mutators/json.ts';
import { require, type FuzzTarget, type Outcome } from '../target.ts';
import * as seeds from './seedQuestions.ts';
import type { ImportSource } from '../../../src/shared/sourceRequest.ts';

export const csvWords = [
  '"',
  '""',
  '"\n"',
  ',',
  '\r\n',
  '\r',
  '\0',
  '\ufeff',
  'NA',
  'Id,Score',
  '"'.repeat(50),
  ',,,,,,,',
  '\u2028',
];
export const xmlWords = [
  '<row ',
  '/>',
  '</posts>',
  '<!DOCTYPE posts>',
  '<!ENTITY x "y">',
  '&x;',
  '&#0;',
  '&#xD800;',
  '&amp;',
  '<![CDATA[',
  ']]>',
  '<!--',
  '-->',
  '<?xml?>',
  ' Id="1"',
  '\0',
  '"',
  "'",
  '<posts>',
  'encoding="latin-1"',
];
export const jsonWords = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  '\\u0000',
  '\n',
  '\0',
  '\ufeff',
  'null',
  '1e999',
  '"__proto__":{}',
];

export const questionsCsv = importTarget({
  seeds: [seeds.questionsCsv],
  words: csvWords,
  answers: seeds.answerCount,
  source: (input, write) => ({
    kind: 'csv',
    questions: write('Questions.csv', input),
    answers: write('Answers.csv', seeds.answersCsv),
  }),
});

export const answersCsv = importTarget({
  seeds: [seeds.answersCsv, seeds.answersCsvUtf16],
  words: csvWords,
  source: (input, write) => ({
    kind: 'csv',
    questions: write('Questions.csv', seeds.questionsCsv),
    answers: write('Answers.csv', input),
  }),
});

export const rankedJson = importTarget({
  seeds: [seeds.rankedJson],
  words: jsonWords,
  mutators: [mutateJson],
  source: (input, write) => ({ kind: 'json', file: write('ranked_qa.json', input) }),
});

export const postsXml = importTarget({
  seeds: [seeds.postsXml],
  words: xmlWords,
  source: (input, write) => ({ kind: 'posts', file: write('Posts.xml', input) }),
});

export const tableCsv = importTarget({
  seeds: [seeds.tableCsv],
  words: csvWords,
  source: (input, write) => ({
    kind: 'table',
    file: write('pairs.csv', input),
    format: 'csv',
    mapping: seeds.tableMapping,
  }),
});

export const tableTsv = importTarget({
  seeds: [seeds.tableTsv],
  words: ['\t', '\t\t', '"', '\r', '\n', '\0', '\\t'],
  source: (input, write) => ({
    kind: 'table',
    file: write('pairs.tsv', input),
    format: 'tsv',
    mapping: seeds.tableMapping,
  }),
});

export const tableJsonLines = importTarget({
  seeds: [seeds.tableJsonLines],
  words: jsonWords,
  mutators: [mutateJsonLine],
  source: (input, write) => ({
    kind: 'table',
    file: write('pairs.jsonl', input),
    format: 'jsonl',
    mapping: seeds.tableMapping,
  }),
});

export const tableJsonLists = importTarget({
  seeds: [seeds.tableJsonLists],
  words: jsonWords,
  mutators: [mutateJsonLine],
  source: (input, write) => ({
    kind: 'table',
    file: write('lists.jsonl', input),
    format: 'jsonl',
    mapping: seeds.listMapping,
  }),
});

export const beirCorpus = beirTarget('corpus', seeds.beirCorpus);
export const beirQueries = beirTarget('queries', seeds.beirQueries);
export const beirQrels = beirTarget('qrels', seeds.beirQrels);

function beirTarget(mutated: 'corpus' | 'queries' | 'qrels', seed: Buffer): FuzzTarget {
  const lines = mutated !== 'qrels';
  return importTarget({
    seeds: [seed],
    words: lines ? jsonWords : ['\t', '\n', '\r', 'q1', 'd11', '0', '-1', '1.5', 'Q0', ' '],
    ...(lines && { mutators: [mutateJsonLine] }),
    source(input, write) {
      const files = { corpus: seeds.beirCorpus, queries: seeds.beirQueries, qrels: seeds.beirQrels, [mutated]: input };
      return {
        kind: 'beir',
        corpus: write('corpus.jsonl', files.corpus),
        queries: write('queries.jsonl', files.queries),
        qrels: write('test.tsv', files.qrels),
      };
    },
  });
}

interface ImportTarget {
  readonly seeds: readonly Buffer[];
  readonly words: readonly string[];
  readonly mutators?: FuzzTarget['mutators'];
  /** The number of answers, if the answers are not changed. */
  readonly answers?: number;
  readonly source: (input: Uint8Array, write: (name: string, bytes: Uint8Array) => string) => ImportSource;
}

function importTarget({ seeds: inputs, words, mutators, answers, source }: ImportTarget): FuzzTarget {
  return {
    seeds: () => inputs,
    words,
    ...(mutators && { mutators }),
    async parse(input, folder): Promise<Outcome> {
      const context = new ImportContext({ temporary: folder, bytes: 0 });
      const questions = await questionsFrom(source(input, writerInto(folder)), context);
      checkQuestions(questions);
      checkCounts(questions, context, answers);
      return questions.length > 0 ? 'accepted' : 'refused'; // as the import does
    },
  };
}

function writerInto(folder: string): (name: string, bytes: Uint8Array) => string {
  return (name, bytes) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return path;
  };
}

async function questionsFrom(source: ImportSource, context: ImportContext): Promise<Question[]> {
  const importer = importerOf(source);
  const files = await inspectInputs(await importer.inputs(source), () => ({}));
  const questions: Question[] = [];
  for await (const question of importer.read(files, source, context)) questions.push(question);
  return questions;
}

/** Checks that hold for the questions of every dataset. */
function checkQuestions(questions: readonly Question[]): void {
  require(new Set(questions.map(({ id }) => id)).size === questions.length, 'two questions have one id');
  for (const question of questions) {
    const { id, title, body, score, answers } = question;
    const texts = [id, `${title}${body}`, ...answers.flatMap((answer) => [answer.id, answer.body])];
    const scores = answers.map((answer) => answer.score);
    require(answers.length > 0, `question ${id} has no answers`);
    require(texts.every(
      (text) => text.trim() !== '' && !text.includes('\0'),
    ), `question ${id} has an empty text, or one with NUL`);
    require([score, ...scores].every(Number.isFinite), `question ${id} has scores ${scores.join(', ')}`);
    require(scores.every(
      (next, rank) => rank === 0 || next <= scores[rank - 1]!,
    ), `the answers of question ${id} are not ranked: ${scores.join(', ')}`);
    require(new Set(answers.map((answer) => answer.id)).size === answers.length, `question ${id} has one answer twice`);
    const line = JSON.stringify(question);
    require(JSON.stringify(questionSchema.parse(JSON.parse(line))) ===
      line, `question ${id} is another when written and read again`);
  }
}

/** Checks the counts of skipped and excluded rows. */
function checkCounts(
  questions: readonly Question[],
  { skipped, excluded }: ImportContext,
  answers: number | undefined,
): void {
  const byReason = Object.values(skipped.byReason()).reduce((sum, count) => sum + count, 0);
  require(byReason === skipped.total &&
    skipped.examples.length ===
      Math.min(
        skipped.total,
        20,
      ), `${skipped.total} rows are skipped, ${byReason} with a reason, ${skipped.examples.length} shown`);
  const used = questions.reduce((sum, question) => sum + question.answers.length, 0);
  require(answers === undefined ||
    used + excluded.orphanAnswers! ===
      answers, `${used} answers are used and ${excluded.orphanAnswers} are without a question, of ${answers}`);
}

/** The import of a file into a home folder. Takes ten times as long as its importer alone. */
export const wholeImport: FuzzTarget = {
  seeds: () => [seeds.tableJsonLines],
  words: jsonWords,
  mutators: [mutateJsonLine],
  parse(input, folder) {
    const file = writerInto(folder)('pairs.jsonl', input);
    return checkImport(folder, (home) =>
      importDataset({
        home,
        name: 'fuzz',
        source: { kind: 'table', file, format: 'jsonl', mapping: seeds.tableMapping },
      }),
    );
  },
};

/** An import leaves a whole dataset or nothing. The dataset is named "fuzz". */
export async function checkImport(
  folder: string,
  doImport: (home: string) => Promise<{ folder: string }>,
): Promise<Outcome> {
  const home = join(folder, 'home');
  try {
    await checkDataset((await doImport(home)).folder);
  } catch (error) {
    if (error instanceof LabError)
      require(datasetsOf(home).length === 0, `refused, but ${datasetsOf(home).join(', ')} stays: ${error.message}`);
    throw error;
  }
  require(datasetsOf(home).join() === 'fuzz', `beside the dataset there are ${datasetsOf(home).join(', ')}`);
  return 'accepted';
}

function datasetsOf(home: string): string[] {
  return existsSync(join(home, 'datasets')) ? readdirSync(join(home, 'datasets')) : [];
}

async function checkDataset(folder: string): Promise<void> {
  const { manifest, questions } = await readDataset(folder);
  const { problems } = await verifyDataset({ folder, manifest });
  require(problems.length === 0, problems.join(' '));
  require(questions.length > 0 &&
    questions.length ===
      manifest.counts.questions, `${questions.length} questions, but the manifest says ${manifest.counts.questions}`);
  checkQuestions(questions);
}
