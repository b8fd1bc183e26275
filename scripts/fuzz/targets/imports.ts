/** Every importer: from the files to a dataset that is read again. */
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDataset } from '../../../src/lab/data/datasetFolder.ts';
import { importDataset, type ImportSource } from '../../../src/lab/data/importDataset.ts';
import { verifyDataset } from '../../../src/lab/data/verifyDataset.ts';
import { LabError } from '../../../src/shared/errors.ts';
import { mutateJson, mutateJsonLine } from '../mutators/json.ts';
import { require, type FuzzTarget, type Outcome } from '../target.ts';
import * as seeds from './seedQuestions.ts';

export const csvWords = ['"', '""', '"\n"', ',', '\r\n', '\r', '\0', '\ufeff', 'NA', 'Id,Score', '"'.repeat(50), ',,,,,,,', '\u2028'];
export const xmlWords = ['<row ', '/>', '</posts>', '<!DOCTYPE posts>', '<!ENTITY x "y">', '&x;', '&#0;', '&#xD800;', '&amp;', '<![CDATA[', ']]>', '<!--', '-->', '<?xml?>', ' Id="1"', '\0', '"', "'", '<posts>', 'encoding="latin-1"'];
export const jsonWords = ['{', '}', '[', ']', ',', ':', '"', '\\', '\\u0000', '\n', '\0', '\ufeff', 'null', '1e999', '"__proto__":{}'];

export const questionsCsv = importTarget({
  seeds: [seeds.questionsCsv],
  words: csvWords,
  source: (input, write) => ({ kind: 'csv', questions: write('Questions.csv', input), answers: write('Answers.csv', seeds.answersCsv) }),
});

export const answersCsv = importTarget({
  seeds: [seeds.answersCsv, seeds.answersCsvLatin1],
  words: csvWords,
  source: (input, write) => ({ kind: 'csv', questions: write('Questions.csv', seeds.questionsCsv), answers: write('Answers.csv', input) }),
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
  source: (input, write) => ({ kind: 'table', file: write('pairs.csv', input), format: 'csv', mapping: seeds.tableMapping }),
});

export const tableTsv = importTarget({
  seeds: [seeds.tableTsv],
  words: ['\t', '\t\t', '"', '\r', '\n', '\0', '\\t'],
  source: (input, write) => ({ kind: 'table', file: write('pairs.tsv', input), format: 'tsv', mapping: seeds.tableMapping }),
});

export const tableJsonLines = importTarget({
  seeds: [seeds.tableJsonLines],
  words: jsonWords,
  mutators: [mutateJsonLine],
  source: (input, write) => ({ kind: 'table', file: write('pairs.jsonl', input), format: 'jsonl', mapping: seeds.tableMapping }),
});

export const tableJsonLists = importTarget({
  seeds: [seeds.tableJsonLists],
  words: jsonWords,
  mutators: [mutateJsonLine],
  source: (input, write) => ({ kind: 'table', file: write('lists.jsonl', input), format: 'jsonl', mapping: seeds.listMapping }),
});

export const beirCorpus = beirTarget('corpus', seeds.beirCorpus);
export const beirQueries = beirTarget('queries', seeds.beirQueries);
export const beirQrels = beirTarget('qrels', seeds.beirQrels);

function beirTarget(mutated: 'corpus' | 'queries' | 'qrels', seed: Buffer): FuzzTarget {
  const lines = mutated !== 'qrels';
  return importTarget({
    seeds: [seed],
    words: lines ? jsonWords : ['\t', '\n', '\r', 'q1', 'd11', '0', '-1', '1.5', 'Q0', ' '],
    mutators: lines ? [mutateJsonLine] : undefined,
    source(input, write) {
      const files = { corpus: seeds.beirCorpus, queries: seeds.beirQueries, qrels: seeds.beirQrels, [mutated]: input };
      return { kind: 'beir', corpus: write('corpus.jsonl', files.corpus), queries: write('queries.jsonl', files.queries), qrels: write('test.tsv', files.qrels) };
    },
  });
}

interface ImportTarget {
  readonly seeds: readonly Buffer[];
  readonly words: readonly string[];
  readonly mutators?: FuzzTarget['mutators'];
  readonly source: (input: Uint8Array, write: (name: string, bytes: Uint8Array) => string) => ImportSource;
}

function importTarget({ seeds: inputs, words, mutators, source }: ImportTarget): FuzzTarget {
  return {
    seeds: () => inputs,
    words,
    ...(mutators && { mutators }),
    parse(input, folder) {
      const write = (name: string, bytes: Uint8Array): string => {
        const path = join(folder, name);
        writeFileSync(path, bytes);
        return path;
      };
      return checkImport(folder, (home) => importDataset({ home, name: 'fuzz', source: source(input, write) }));
    },
  };
}

/** An import leaves a whole dataset, or nothing. It is to be called "fuzz". */
export async function checkImport(folder: string, doImport: (home: string) => Promise<{ folder: string }>): Promise<Outcome> {
  const home = join(folder, 'home');
  try {
    await checkDataset((await doImport(home)).folder);
  } catch (error) {
    if (error instanceof LabError) require(datasetsOf(home).length === 0, `refused, but ${datasetsOf(home).join(', ')} stays: ${error.message}`);
    throw error;
  }
  require(datasetsOf(home).join() === 'fuzz', `beside the dataset there are ${datasetsOf(home).join(', ')}`);
  return 'accepted';
}

function datasetsOf(home: string): string[] {
  return existsSync(join(home, 'datasets')) ? readdirSync(join(home, 'datasets')) : [];
}

/** What every dataset is, whatever it was made from. */
async function checkDataset(folder: string): Promise<void> {
  const { manifest, questions } = await readDataset(folder);
  const { problems } = await verifyDataset({ folder, manifest });
  require(problems.length === 0, problems.join(' '));
  require(questions.length > 0 && questions.length === manifest.counts.questions, `${questions.length} questions, but the manifest says ${manifest.counts.questions}`);
  require(new Set(questions.map(({ id }) => id)).size === questions.length, 'two questions have one id');
  for (const { id, title, body, score, answers } of questions) {
    const texts = [id, `${title}${body}`, ...answers.flatMap((answer) => [answer.id, answer.body])];
    const scores = answers.map((answer) => answer.score);
    require(answers.length > 0, `question ${id} has no answers`);
    require(texts.every((text) => text.trim() !== '' && !text.includes('\0')), `question ${id} has an empty text, or one with NUL`);
    require([score, ...scores].every(Number.isFinite), `question ${id} has scores ${scores.join(', ')}`);
    require(scores.every((next, rank) => rank === 0 || next <= scores[rank - 1]!), `the answers of question ${id} are not ranked: ${scores.join(', ')}`);
    require(new Set(answers.map((answer) => answer.id)).size === answers.length, `question ${id} has one answer twice`);
  }
}
