import { stripVTControlCharacters } from 'node:util';
import { shorten, textWidth } from './textWidth.ts';

/** Tables of text for a terminal: aligned, and never wider than it. */

export interface TextColumn {
  readonly heading: string;
  readonly align: 'left' | 'right';
  /** Cut where the table would be too wide; of several the widest first. */
  readonly flexible?: boolean;
}

export interface TextCell {
  readonly text: string;
  /** The best of its column: marked with a star. */
  readonly best?: boolean;
  /** Said by colour, where there is one. */
  readonly tone?: 'good' | 'bad' | 'faint';
}

export interface TextTableOptions {
  /** In columns of the terminal. */
  readonly width?: number;
  readonly colours?: boolean;
}

const gap = ' ';
/** Of a column that is cut. */
const narrowest = 8;
export const defaultWidth = 100;

/** Lines without their ends: headings, a rule, the rows. */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly TextCell[])[],
  options: TextTableOptions = {},
): string[] {
  const widths = fit(columns, rows, options.width ?? defaultWidth);
  const line = (cells: readonly TextCell[]): string =>
    cells
      .map((cell, column) => {
        const text = shorten(content(cell), widths[column]!);
        const space = ' '.repeat(widths[column]! - textWidth(text));
        const painted = options.colours ? paint(text, cell) : text;
        return columns[column]!.align === 'left' ? painted + space : space + painted;
      })
      .join(gap)
      .trimEnd();
  return [line(columns.map(({ heading }) => ({ text: heading }))), '─'.repeat(total(widths)), ...rows.map(line)];
}

function fit(columns: readonly TextColumn[], rows: readonly (readonly TextCell[])[], width: number): number[] {
  const widths = columns.map(({ heading }, column) =>
    Math.max(textWidth(heading), ...rows.map((row) => textWidth(content(row[column]!)))),
  );
  const flexible = columns.flatMap((column, i) => (column.flexible ? [i] : []));
  for (let excess = total(widths) - width; excess > 0; excess--) {
    const widest = flexible.toSorted((a, b) => widths[b]! - widths[a]!)[0];
    if (widest === undefined || widths[widest]! <= narrowest) break;
    widths[widest]!--;
  }
  return widths;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, each) => sum + each, 0) + gap.length * (widths.length - 1);
}

/** Text comes from files, too: nothing in it may steer the terminal. */
function content({ text, best }: TextCell): string {
  return best ? `*${plain(text)}` : plain(text);
}

/** Without control characters, terminal sequences and line ends. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
}

const escapes = { good: '32', bad: '31', faint: '2' } as const;

function paint(text: string, { best, tone }: TextCell): string {
  const codes = [...(best ? ['1'] : []), ...(tone ? [escapes[tone]] : [])];
  return codes.length ? `\u001b[${codes.join(';')}m${text}\u001b[0m` : text;
}

/** Breaks a sentence into lines; all but the first are indented. */
export function wrap(text: string, width = defaultWidth): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1)!;
    if (last && textWidth(last) + 1 + textWidth(word) > width) lines.push(`  ${word}`);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines;
}
