import { LabError } from '../../shared/errors.ts';
import { beirLayout } from '../../shared/sources.ts';
import { CsvReader } from './csv.ts';
import { separatedBy } from './csvRecord.ts';
import { checkUnchanged, inspectFile, type InputFile, type InspectOptions } from './encoding.ts';
import { pathsIn } from './folderLayout.ts';
import { idFault, idFrom, isId, nothingJoined } from './id.ts';
import { JsonLinesReader } from './jsonLines.ts';
import { parseScore } from './score.ts';
import { SkippedRows } from './skippedRows.ts';
import { collapseWhiteSpace } from './text.ts';

/** Where the parts of a BEIR collection (Thakur et al. 2021) lie. */
export interface BeirPaths {
  /** JSON lines with `_id`, `title` and `text`. */
  readonly corpus: string;
  /** JSON lines with `_id` and `text`. */
  readonly queries: string;
  /** Tab-separated `query-id`, `corpus-id`, `score`. */
  readonly qrels: string;
}

export type BeirFiles = { readonly [Part in keyof BeirPaths]: InputFile };

/** A query or a document. Its text is not empty, and each run of white space in it is one space. */
export interface BeirText {
  readonly id: string;
  readonly text: string;
}

type Reading = Pick<InspectOptions, 'signal' | 'onBytes'>;

export function beirPaths(folder: string, split: string): BeirPaths {
  return pathsIn(folder, beirLayout, { split });
}

/**
 * The collection in a folder, with the judgements of one split.
 *
 * @throws LabError for a file that does not exist, is not UTF-8, or has mostly unusable rows
 */
export async function readBeir(folder: string, split: string, options: Reading = {}): Promise<BeirCollection> {
  const paths = beirPaths(folder, split);
  const inspect = (path: string): Promise<InputFile> => inspectFile(path, { encoding: 'utf-8', ...options });
  const files = {
    corpus: await inspect(paths.corpus),
    queries: await inspect(paths.queries),
    qrels: await inspect(paths.qrels),
  };
  return BeirCollection.open(files, new SkippedRows(), options);
}

/** Queries, documents, and how relevant each document is to each query. Queries and judgements are in memory, documents are not. */
export class BeirCollection {
  readonly files: BeirFiles;
  /** Queries that have a judgement, in file order. */
  readonly queries: readonly BeirText[];
  /** By query, then document: the grade. 0 or less: not relevant. */
  readonly judgements: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Rows that are not used, in all three files; those of the corpus once `documents` has ended. */
  readonly skipped: SkippedRows;

  private constructor(
    files: BeirFiles,
    queries: readonly BeirText[],
    judgements: ReadonlyMap<string, ReadonlyMap<string, number>>,
    skipped: SkippedRows,
  ) {
    this.files = files;
    this.queries = queries;
    this.judgements = judgements;
    this.skipped = skipped;
  }

  static async open(files: BeirFiles, skipped: SkippedRows, options: Reading): Promise<BeirCollection> {
    const judgements = await readJudgements(files.qrels, skipped, options);
    const queries: BeirText[] = [];
    let firstQuery: string | undefined;
    for await (const query of readTexts(files.queries, skipped, options)) {
      firstQuery ??= query.id;
      if (judgements.has(query.id)) queries.push(query);
    }
    const [firstJudged] = judgements.keys();
    if (queries.length === 0 && firstQuery !== undefined && firstJudged !== undefined)
      throw nothingJoined(
        { file: files.queries.name, column: '_id', id: firstQuery },
        { file: files.qrels.name, column: 'query-id', id: firstJudged },
      );
    const known = new Set(queries.map(({ id }) => id));
    for (const [query, grades] of judgements) {
      if (known.has(query)) continue;
      judgements.delete(query);
      for (const document of grades.keys())
        skipJudgement(files.qrels, skipped, query, document, 'query is not in the collection');
    }
    if (queries.length === 0) {
      throw new LabError(
        'data',
        `No query of ${files.queries.name} has a judgement in ${files.qrels.name}.`,
        'Check that the files belong together.',
      );
    }
    return new BeirCollection(files, queries, judgements, skipped);
  }

  /**
   * Every document in file order, one at a time; only their ids are kept, to find duplicates.
   * Judgements of documents that do not exist are counted at the end.
   *
   * @throws LabError at the end, if no judged document exists
   */
  async *documents(options: Reading = {}): AsyncGenerator<BeirText, void> {
    const missing = new Set([...this.judgements.values()].flatMap((grades) => [...grades.keys()]));
    const judged = missing.size;
    let first: string | undefined;
    for await (const document of readTexts(this.files.corpus, this.skipped, options)) {
      first ??= document.id;
      missing.delete(document.id);
      yield document;
    }
    const [firstMissing] = missing;
    if (first !== undefined && firstMissing !== undefined && missing.size === judged)
      throw nothingJoined(
        { file: this.files.corpus.name, column: '_id', id: first },
        { file: this.files.qrels.name, column: 'corpus-id', id: firstMissing },
      );
    for (const [query, grades] of this.judgements) {
      for (const document of grades.keys()) {
        if (missing.has(document))
          skipJudgement(this.files.qrels, this.skipped, query, document, 'document is not in the collection');
      }
    }
  }
}

function skipJudgement(
  { name }: InputFile,
  skipped: SkippedRows,
  query: string,
  document: string,
  reason: string,
): void {
  skipped.add({ file: name, where: `query ${query}, document ${document}`, reason, found: '' });
}

async function readJudgements(
  file: InputFile,
  skipped: SkippedRows,
  options: Reading,
): Promise<Map<string, Map<string, number>>> {
  const reader = new CsvReader(file, ['query-id', 'corpus-id', 'score'], skipped, separatedBy('\t'));
  const judgements = new Map<string, Map<string, number>>();
  for await (const row of reader.read(options)) {
    const [query, document] = [row.cells['query-id'].trim(), row.cells['corpus-id'].trim()];
    const grade = parseScore(row.cells.score);
    const grades = judgements.get(query) ?? new Map<string, number>();
    if (!isId(query)) reader.reject(row, 'query-id', idFault(query));
    else if (!isId(document)) reader.reject(row, 'corpus-id', idFault(document));
    else if (grade === undefined) reader.reject(row, 'score', 'score is not a number');
    else if (grades.has(document)) reader.reject(row, 'corpus-id', 'duplicate judgement');
    else judgements.set(query, grades.set(document, grade));
  }
  reader.requireMostlyUsable();
  await checkUnchanged(file);
  return judgements;
}

/** Title and text are joined, as the authors of the benchmark encode them. */
async function* readTexts(file: InputFile, skipped: SkippedRows, options: Reading): AsyncGenerator<BeirText, void> {
  const reader = new JsonLinesReader(file, ['_id', 'text'], skipped);
  const seen = new Set<string>();
  for await (const row of reader.read(options)) {
    const { _id, title, text } = row.cells;
    const id = idFrom(_id);
    const parts = [title, text].filter((part) => typeof part === 'string');
    const whole = collapseWhiteSpace(skipped.withoutNul(parts.join(' ')));
    if (!isId(id)) reader.reject(row, '_id', idFault(id));
    else if (whole === '') reader.reject(row, 'text', 'no text');
    else if (seen.has(id)) reader.reject(row, '_id', 'duplicate id');
    else {
      seen.add(id);
      yield { id, text: whole };
    }
  }
  reader.requireMostlyUsable();
  await checkUnchanged(file);
}
