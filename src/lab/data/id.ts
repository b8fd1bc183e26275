import { LabError } from '../../shared/errors.ts';

/** Whether a text can be an id. Ids are texts: "7", "07" and "7.0" are three. */
export function isId(id: string): boolean {
  return id !== '' && !id.includes('\0');
}

/** Why a text cannot be an id. */
export function idFault(id: string): string {
  return id === '' ? 'empty id' : 'NUL character in an id';
}

/** The id in a cell of JSON: a text, or a number as it is written; empty if there is none. */
export function idFrom(cell: unknown): string {
  return typeof cell === 'string' || typeof cell === 'number' ? String(cell).trim() : '';
}

interface SampleId {
  readonly file: string;
  readonly column: string;
  readonly id: string;
}

/** The error for two files that have no id in common. */
export function nothingJoined(one: SampleId, other: SampleId): LabError {
  const shown = ({ file, column, id }: SampleId): string => `${file} has "${id.slice(0, 60)}" in ${column}`;
  return new LabError(
    'data',
    `${one.file} and ${other.file} have no id in common: ${shown(one)}, ${shown(other)}.`,
    'Check that the files belong together, and that ids are written in the same way in both.',
  );
}
