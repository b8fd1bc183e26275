import { declare } from './source.ts';

/**
 * The sources that a dataset can be imported from. The request, the command line, the wizard and the manifest follow
 * this table; `src/lab/data/importers.ts` says how each source is read.
 */

/** Places of the files of a BEIR collection (Thakur et al. 2021) in its folder. */
export const beirLayout = { corpus: 'corpus.jsonl', queries: 'queries.jsonl', qrels: 'qrels/{split}.tsv' } as const;

export const sources = {
  csv: declare({
    title: 'Questions.csv + Answers.csv (Kaggle)',
    about: 'The two tables of a Stack Exchange dataset on Kaggle.',
    files: {
      questions: { label: 'Questions.csv', help: 'Columns Id, Score, Title, Body.', endings: ['.csv'] },
      answers: { label: 'Answers.csv', help: 'Columns Id, ParentId, Score, Body.', endings: ['.csv'] },
    },
    reading: 'encoded',
    namedAfter: 'folder',
    commandLine: [
      {
        options: [
          {
            name: 'questions',
            value: '<file>',
            help: 'Questions.csv in the format of the Kaggle datasets',
            gives: 'questions',
          },
          { name: 'answers', value: '<file>', help: 'Answers.csv that belongs to Questions.csv', gives: 'answers' },
        ],
        example: '--questions Questions.csv --answers Answers.csv',
      },
    ],
  }),

  archive: declare({
    title: 'Kaggle archive (.zip)',
    about: 'The .zip file that Kaggle provides, with Questions.csv and Answers.csv.',
    files: { file: { label: 'Archive', help: 'Contains Questions.csv and Answers.csv.', endings: ['.zip'] } },
    reading: 'fixed',
    namedAfter: 'file',
    commandLine: [
      {
        options: [{ name: 'archive', value: '<file>', help: '.zip from Kaggle that contains both', gives: 'file' }],
        example: '--archive archive.zip',
      },
    ],
  }),

  posts: declare({
    title: 'Stack Exchange dump',
    about: 'Posts.xml of any site, from its data dump, of any size. Unpack the .7z file first.',
    files: { file: { label: 'Posts.xml', help: 'Accepted answers are kept.', endings: ['.xml'] } },
    reading: 'fixed',
    namedAfter: 'file',
    commandLine: [
      {
        options: [
          {
            name: 'posts',
            value: '<path>',
            help: 'Posts.xml of a Stack Exchange data dump, or its folder',
            gives: 'file',
          },
        ],
        example: '--posts Posts.xml',
      },
    ],
  }),

  table: declare({
    title: 'Your own file',
    about: 'A table with a question and an answer in each row. Then you choose the roles of its columns.',
    files: {
      file: {
        label: 'Table',
        help: 'CSV, TSV, or JSON with one object per line.',
        endings: ['.csv', '.tsv', '.txt', '.jsonl', '.ndjson', '.json'],
      },
    },
    reading: 'table',
    namedAfter: 'file',
    commandLine: [
      {
        options: [
          {
            name: 'csv',
            value: '<file>',
            help: 'your own CSV file with one row per question and answer',
            gives: 'file',
          },
        ],
        format: 'csv',
        example: '--csv faq.csv --columns question=query,answer=passage,score=votes',
      },
      {
        options: [{ name: 'tsv', value: '<file>', help: 'the same, separated by tabs', gives: 'file' }],
        format: 'tsv',
        example: '--tsv faq.tsv',
      },
      {
        options: [
          {
            name: 'jsonl',
            value: '<file>',
            help: 'the same as JSON lines; the answers to a question may be a list',
            gives: 'file',
          },
        ],
        format: 'jsonl',
        example: '--jsonl faq.jsonl',
      },
    ],
  }),

  beir: declare({
    title: 'BEIR collection',
    about: 'Queries, documents and judgements of relevance, in the layout of retrieval benchmarks.',
    files: {
      corpus: { label: 'corpus.jsonl', help: 'Documents with _id, title, text.', endings: ['.jsonl'] },
      queries: { label: 'queries.jsonl', help: 'Queries with _id, text.', endings: ['.jsonl'] },
      qrels: { label: 'qrels/test.tsv', help: 'Judgements: query-id, corpus-id, score.', endings: ['.tsv', '.txt'] },
    },
    reading: 'fixed',
    namedAfter: 'folder',
    commandLine: [
      {
        options: [
          {
            name: 'beir',
            value: '<folder>',
            help: 'folder of a BEIR collection: corpus.jsonl, queries.jsonl and qrels/',
            gives: beirLayout,
          },
        ],
        choice: { name: 'split', help: 'split of its qrels', default: 'test' },
        example: '--beir scifact --split train',
      },
    ],
  }),

  json: declare({
    title: 'ranked_qa.json',
    about: 'Questions, each with its answers, best first: the format that LossLab itself exports.',
    files: { file: { label: 'ranked_qa.json', help: 'A list of questions with answers.', endings: ['.json'] } },
    reading: 'fixed',
    namedAfter: 'folder',
    commandLine: [
      {
        options: [{ name: 'json', value: '[file]', help: 'import this ranked_qa.json', gives: 'file' }],
        example: '--json ranked_qa.json',
      },
    ],
  }),
};

export type SourceKind = keyof typeof sources;
export const sourceKinds = Object.keys(sources) as SourceKind[];

/** Kinds of datasets. An archive is unpacked and becomes a dataset of the kind that it contains. */
export type DatasetKind = Exclude<SourceKind, 'archive'>;
export const datasetKinds = sourceKinds.filter((kind) => kind !== 'archive');
