import type { PreviewRequest, TablePreview } from '../../../../shared/contract/datasets.ts';
import {
  columnRoles,
  type ColumnMapping,
  type ColumnRole,
  type Delimiter,
  type TableFormat,
} from '../../../../shared/table.ts';
import type { Encoding } from '../../../../shared/encodings.ts';

/** People's own table: how it is to be read, and which column is which. */

export type Mapping = { readonly [Role in ColumnRole]?: string };

export interface TableFields {
  readonly format: TableFormat | 'detect';
  readonly encoding: Encoding | 'detect';
  readonly delimiter: Delimiter | 'detect';
  /** What the file holds, read that way; null until the lab has looked. */
  readonly preview: TablePreview | null;
  readonly mapping: Mapping;
}

export const emptyTable: TableFields = {
  format: 'detect',
  encoding: 'detect',
  delimiter: 'detect',
  preview: null,
  mapping: {},
};

export const roleTitles: Readonly<Record<ColumnRole, { readonly title: string; readonly help: string }>> = {
  question: { title: 'Question', help: 'Text of the question.' },
  answer: { title: 'Answer', help: 'Text of the answer; in JSON also a list of answers.' },
  title: { title: 'Title', help: 'LossLab puts it before the text of the question.' },
  score: { title: 'Score', help: 'A number that ranks the answers of a question. Higher is better.' },
  question_id: {
    title: 'Question id',
    help: 'Rows with the same id are answers to one question. Without this column, rows with the same question text are.',
  },
  answer_id: { title: 'Answer id', help: 'Identifies an answer in results.' },
  accepted: { title: 'Accepted', help: 'Yes or no: whether the asker accepted the answer.' },
};

export const requiredRoles: readonly ColumnRole[] = ['question', 'answer'];

export const delimiterTitles: Readonly<Record<Delimiter, string>> = { ',': 'comma', ';': 'semicolon', '\t': 'tab' };

/** How the lab is to look at a file: what is left out, it detects. */
export function previewRequestOf(file: string, { format, encoding, delimiter }: TableFields): PreviewRequest {
  return {
    file,
    ...(format !== 'detect' && { format }),
    ...(encoding !== 'detect' && { encoding }),
    ...(delimiter !== 'detect' && { delimiter }),
  };
}

/** The roles that a new preview leaves: those whose column is still there, else those that were recognised. */
export function mappingFor({ columns, mapping }: TablePreview, before: Mapping): Mapping {
  const kept = Object.entries(before).filter(([, column]) => columns.includes(column));
  return kept.length > 0 ? Object.fromEntries(kept) : mapping;
}

/** A column for a role; none takes it away. */
export function withRole(mapping: Mapping, role: ColumnRole, column: string): Mapping {
  const others = Object.entries(mapping).filter(([name]) => name !== role);
  return Object.fromEntries(column === '' ? others : [...others, [role, column]]);
}

/** The roles of a column, in words; empty where it is not used. */
export function rolesOf(mapping: Mapping, column: string): string {
  return columnRoles
    .filter((role) => mapping[role] === column)
    .map((role) => roleTitles[role].title)
    .join(', ');
}

/** In words; empty where the columns can be read so. */
export function tableProblems({ preview, mapping }: TableFields): string[] {
  if (preview === null) return ['The table has not been read yet.'];
  const missing = requiredRoles
    .filter((role) => mapping[role] === undefined)
    .map((role) => `Choose the column of the ${roleTitles[role].title.toLowerCase()}.`);
  const columns = Object.values(mapping);
  const twice = columns.find((column, index) => columns.indexOf(column) < index);
  return [
    ...missing,
    ...(twice === undefined
      ? []
      : [`The column "${twice}" cannot have two roles (${rolesOf(mapping, twice)}): choose one role.`]),
  ];
}

/** What the lab finds wrong, as long as nobody has changed the columns it recognised. */
export function problemsFound({ preview, mapping }: TableFields): readonly string[] {
  return preview !== null && isSame(preview.mapping, mapping) ? preview.problems : [];
}

function isSame(a: Partial<ColumnMapping>, b: Mapping): boolean {
  return columnRoles.every((role) => a[role] === b[role]);
}
