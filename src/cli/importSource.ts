import { basename, dirname, extname, resolve } from 'node:path';
import { beirPaths } from '../lab/data/beir.ts';
import { parseEncoding } from '../lab/data/encoding.ts';
import { previewTable } from '../lab/data/preview.ts';
import type { ImportRequest } from '../shared/contract/datasets.ts';
import { LabError } from '../shared/errors.ts';
import { columnMapping, columnRoles, tableFormats, type ColumnMapping, type TableFormat } from '../shared/table.ts';

/** What `losslab import` is told of the files to import. */
export interface SourceOptions {
  readonly questions?: string;
  readonly answers?: string;
  readonly json?: string | undefined;
  readonly archive?: string;
  readonly posts?: string;
  readonly csv?: string;
  readonly tsv?: string;
  readonly jsonl?: string;
  readonly columns?: string;
  readonly beir?: string;
  readonly split?: string;
  readonly encoding?: string;
}

/** Options each of which names a source of its own. */
const sourceOptions = ['questions', 'archive', 'json', 'posts', ...tableFormats, 'beir'] as const;

/** Throws a `usage` LabError unless exactly one source is named, and a `data` one for a table that is not understood. */
export async function sourceFrom(options: SourceOptions): Promise<ImportRequest['source']> {
  const named = sourceOptions.filter((option) => options[option] !== undefined);
  const [option] = named;
  if (option === undefined || named.length > 1) throw notOneSource(named);
  const file = options[option]!;
  const encoding = options.encoding === undefined ? undefined : parseEncoding(options.encoding);
  switch (option) {
    case 'questions':
      if (options.answers === undefined)
        throw new LabError('usage', 'An import takes --questions and --answers together.', example);
      return { kind: 'csv', questions: file, answers: options.answers, encoding };
    case 'json':
      return { kind: 'json', file };
    case 'archive':
    case 'posts':
      return { kind: option, file };
    case 'beir':
      return { kind: 'beir', ...beirPaths(file, options.split ?? 'test') };
    default:
      return { kind: 'table', file, format: option, mapping: await mappingOf(file, option, options), encoding };
  }
}

/** The folder's name where the files have usual names, else the file's own. */
export function nameOf(source: ImportRequest['source']): string {
  const path = resolve(source.kind === 'csv' ? source.questions : source.kind === 'beir' ? source.corpus : source.file);
  const own =
    source.kind === 'table' || source.kind === 'archive' || (source.kind === 'posts' && basename(path) !== 'Posts.xml');
  const name = own ? basename(path, source.kind === 'posts' ? '.xml' : extname(path)) : basename(dirname(path));
  return name.replace(/[^\w-]+/g, '-').replace(/^-+|-+$/g, '') || 'dataset';
}

/** `question=…,answer=…`, completed with columns recognised by their names. */
async function mappingOf(
  file: string,
  format: TableFormat,
  { columns, encoding }: SourceOptions,
): Promise<ColumnMapping> {
  const given = columns === undefined ? {} : parseColumns(columns);
  const preview = await previewTable({
    file,
    format,
    ...(encoding === undefined ? {} : { encoding: parseEncoding(encoding) }),
  });
  const taken = new Set(Object.values(given));
  const recognised = Object.fromEntries(
    Object.entries(preview.mapping).filter(([, column]) => column !== undefined && !taken.has(column)),
  );
  const mapping = columnMapping.safeParse({ ...recognised, ...given });
  if (mapping.success) return mapping.data;
  const missing = String(mapping.error.issues[0]!.path[0]);
  throw new LabError(
    'data',
    `No column of ${basename(file)} was recognised as the ${missing}. Columns found: ${preview.columns.slice(0, 20).join(', ')}.`,
    `Name it: --columns ${missing}=<column>`,
  );
}

function parseColumns(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [role = '', column = ''] = part.split(/=(.*)/s);
      if (columnRoles.some((known) => known === role.trim()) && column.trim() !== '')
        return [role.trim(), column.trim()] as const;
      throw new LabError(
        'usage',
        `--columns: "${part}" is not <role>=<column>.`,
        `Roles: ${columnRoles.join(', ')}. For example: --columns question=query,answer=passage,score=votes`,
      );
    }),
  );
}

function notOneSource(named: readonly string[]): LabError {
  const found =
    named.length === 0 ? 'no source is named' : `${named.map((option) => `--${option}`).join(' and ')} are named`;
  return new LabError(
    'usage',
    `An import takes one source: --questions with --answers, --archive, --posts, --csv, --tsv, --jsonl, --beir, or --json with a file; ${found}.`,
    example,
  );
}

const example = 'For example: losslab import --questions Questions.csv --answers Answers.csv';
