/**
 * What a comma and a point mean in a column of numbers: the decimal mark, with the other one between thousands, or
 * `unclear` if they may be either ("1,234").
 */
export type DecimalMark = 'point' | 'comma' | 'unclear';

const grouped = { point: /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$/, comma: /^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d*)?$/ };
const plain = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * A decimal number written out, such as "12", "-3", ".5" or "9.3e-01"; undefined for anything else ("NA", "", "0x10",
 * "1e999"). Thousands may be grouped ("1,234.5", or "1.234,5" with a decimal comma).
 */
export function parseScore(text: string, mark: DecimalMark = 'point'): number | undefined {
  const trimmed = text.trim();
  const number = plain.test(withPoint(trimmed, mark)) ? Number(withPoint(trimmed, mark)) : NaN;
  return Number.isFinite(number) ? number : undefined;
}

function withPoint(text: string, mark: DecimalMark): string {
  if (mark === 'unclear') return text;
  if (mark === 'point') return grouped.point.test(text) ? text.replaceAll(',', '') : text;
  if (grouped.comma.test(text)) return text.replaceAll('.', '').replace(',', '.');
  return text.includes('.') ? '' : text.replace(',', '.');
}

/** The decimal mark of a column, by its cells. */
export function decimalMark(cells: readonly string[]): DecimalMark {
  const withComma = cells.map((cell) => cell.trim()).filter((cell) => /^[+-]?[\d.]*,[\d.,]*$/.test(cell));
  const reads = (mark: DecimalMark): boolean => withComma.every((cell) => parseScore(cell, mark) !== undefined);
  if (reads('comma')) return reads('point') ? 'unclear' : 'comma';
  return reads('point') ? 'point' : 'unclear';
}
