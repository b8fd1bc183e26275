import { printableWithColours } from '../shared/printable.ts';
import { textTable } from '../lab/reports/textTable.ts';

/** Options of every command. */
export interface CommonOptions {
  readonly home?: string;
  readonly json?: boolean;
}

/** Prints a result as JSON or as text. */
export function print(options: CommonOptions, value: unknown, text: () => string): void {
  process.stdout.write(
    options.json ? `${JSON.stringify(value, jsonFigure, 2)}\n` : `${printableWithColours(text())}\n`,
  );
}

/** Prints a line while a command works; never mixed into JSON. */
export function say(options: CommonOptions, line: string): void {
  if (!options.json) process.stdout.write(`${printableWithColours(line)}\n`);
}

/** JSON has no NaN and infinities: they are written as strings, not as null. */
function jsonFigure(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** A table of plain cells. A heading that begins with ">" is aligned to the right. */
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
