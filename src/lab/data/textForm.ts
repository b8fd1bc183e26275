import { cleanHtml, collapseWhiteSpace } from './text.ts';
import type { TextForm } from '../../shared/table.ts';

/** How a cell looks that was written as HTML: it begins and ends with a tag, as the body of a post does. */
const htmlBody =
  /^\s*<(?:p|div|h[1-6]|ul|ol|table|pre|blockquote|span|article|section|html|body|!doctype html)\b[^<>]*>[^]*<\/\w+>\s*$/i;

/**
 * Whether a column holds HTML or plain text: HTML if most of its texts begin and end with a tag. Markdown is never
 * detected, because nothing is removed from it either.
 */
export function detectTextForm(cells: readonly string[]): TextForm {
  const texts = cells.filter((cell) => cell.trim() !== '');
  const html = texts.filter((cell) => htmlBody.test(cell)).length;
  return html * 2 > texts.length ? 'html' : 'plain';
}

/** The text in a cell, on one line. */
export function readText(cell: string, form: TextForm): string {
  return form === 'html' ? cleanHtml(cell) : collapseWhiteSpace(cell);
}
