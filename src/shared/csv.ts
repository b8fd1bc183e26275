export type CsvCell = string | number | null;

/**
 * Rows as CSV (RFC 4180): lines end in CR LF, cells with commas, quotes or line breaks are quoted,
 * null is an empty cell. A spreadsheet takes text that begins with = + - @ tab or return for a
 * formula; an apostrophe before it makes it text. Numbers are left alone.
 */
export function toCsv(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(formatCell).join(',')}\r\n`).join('');
}

function formatCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
