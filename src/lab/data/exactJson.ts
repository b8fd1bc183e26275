import { parseJson } from '../../shared/parseJson.ts';
import type { SkippedRows } from './skippedRows.ts';

const controlCharacters = /[\0-\x1f]/g;
/** A text, or a token that could be a number. */
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|-?(?:\d[\w.+-]*|Infinity\b)|\bNaN\b/gs;
/** A number as JSON has it. */
const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
/** A number that a program may write in another way than it was written, or that JSON does not have. */
const mayChange = /\d{16}|[\d.][eE.]|-0|\d\.|NaN|Infinity/;

/**
 * Parses JSON whose numbers may be ids: a number that JavaScript would write in another way, such as one beyond 2^53 or
 * "1.0", becomes a text with its digits as they are. `NaN` and `Infinity`, which Python's json writes, become null.
 *
 * Control characters that JSON does not allow in texts are left out.
 *
 * @param skipped counts the characters that are left out
 * @throws SyntaxError as `JSON.parse` does
 */
export function parseExactJson(text: string, skipped: SkippedRows): unknown {
  const exactText = mayChange.test(text) ? text.replace(token, exact) : text;
  try {
    return parseJson(exactText);
  } catch (error) {
    const cleaned = exactText.replace(controlCharacters, '');
    if (cleaned.length === exactText.length) throw error;
    const value = parseJson(cleaned);
    skipped.characters += exactText.length - cleaned.length;
    return value;
  }
}

function exact(found: string): string {
  if (found.startsWith('"')) return found;
  if (found === 'NaN' || found.endsWith('Infinity')) return 'null';
  return jsonNumber.test(found) && String(Number(found)) !== found ? `"${found}"` : found;
}
