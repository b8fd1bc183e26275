import { textTable } from '../lab/reports/textTable.ts';

/** Options that every command has. */
export interface CommonOptions {
  readonly home?: string;
  readonly json?: boolean;
}

/** Prints a result: JSON for machines, or text for people. */
export function print(options: CommonOptions, value: unknown, text: () => string): void {
  process.stdout.write(options.json ? `${JSON.stringify(value, jsonFigure, 2)}\n` : `${text()}\n`);
}

/** A line for people while a command works; never mixed into JSON. */
export function say(options: CommonOptions, line: string): void {
  if (!options.json) process.stdout.write(`${line}\n`);
}

/** JSON has no NaN and no infinities: they are written as the words, not as null. */
function jsonFigure(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** A table of plain cells; a heading that begins with ">" is aligned to the right. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = headings.map((heading) => ({
    heading: heading.replace(/^>/, ''),
    align: heading.startsWith('>') ? ('right' as const) : ('left' as const),
  }));
  return textTable(
    columns,
    rows.map((row) => row.map((text) => ({ text }))),
  ).join('\n');
}
